"""AWS's own clients, each in a virtual environment of its own: they are heavy, and shut each other out."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("RETUNE_HEAVY_CACHE", ROOT / ".retune" / "heavy"))
OUR_OWN = ("AWS_", "RETUNE_", "PYTHON", "SAGEMAKER_")
SILENT = """
SchemaVersion: '1.0'
SageMaker:
  PythonSDK:
    Modules:
      TelemetryOptOut: true
"""
"""The SDK's settings by which it sends nothing to anybody."""


@dataclass(frozen=True)
class Client:
    """What `pip install` is told, separated by blanks, and the environment's name."""

    name: str
    requirement: str

    def install(self) -> Path:
        """The environment; made once, and anew when it was not finished or another version is wanted."""
        folder = CACHE / self.name
        ready = folder / f"{self.requirement} for {sys.version_info.major}.{sys.version_info.minor}"
        if not ready.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
            pip: list[str | Path] = [
                folder / "bin" / "python",
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ]
            subprocess.run([*pip, *self.requirement.split()], check=True, capture_output=True, timeout=900)
            ready.touch()
        return folder


SDK_V2 = Client("sagemaker-v2", "sagemaker==2.257.7")
SDK_V3 = Client("sagemaker-v3", "sagemaker==3.27.0")
AWS_CLI = Client("aws-cli", "awscli==1.46.3")


def surroundings(home: Path) -> dict[str, str]:
    """Variables for a client: nothing of the developer's own AWS, and the SDK told to keep its telemetry to itself."""
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "sagemaker.yaml"
    settings.write_text(SILENT)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OUR_OWN)}
    return {**inherited, "HOME": str(home), "SAGEMAKER_USER_CONFIG_OVERRIDE": str(settings)}
