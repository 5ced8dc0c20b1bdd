"""AWS's own clients, each in a virtual environment of its own: they are heavy, and shut each other out.

uv makes the environments, from one cache of downloads for all: pip takes ten times the processor's time.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.heavy import pip_settings
from tests.support.heavy.cache import CACHE, only_one

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
    """The environment's name, and what it has: requirements, separated by blanks."""

    name: str
    requirement: str

    def install(self) -> Path:
        """The environment; made once, and anew when it was not finished or another version is wanted.

        Raises: AssertionError with what uv said."""
        folder = CACHE / self.name
        ready = folder / f"{self.requirement} for {sys.version_info.major}.{sys.version_info.minor}"
        with only_one(self.name):
            if not ready.exists():
                _run(UV, "venv", "--quiet", "--clear", "--python", sys.executable, folder)
                _run(UV, "pip", "install", "--quiet", "--python", folder / "bin/python", *self.requirement.split())
                ready.touch()
        return folder


SDK_V2 = Client("sagemaker-v2", "sagemaker==2.257.7 altair==5.5.0")  # altair draws the charts of sagemaker.amtviz
SYNE_TUNE = Client("syne-tune", "syne-tune==0.13.0 sagemaker==2.257.7 s3fs ujson PyYAML")
SDK_V3 = Client("sagemaker-v3", "sagemaker==3.27.0")
MINISTACK = Client("ministack", "ministack==1.5.33")
AWS_CLI = Client("aws-cli", "awscli==1.46.3")
UV = Path(sys.executable).with_name("uv")
PIPS = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "cert": ("SSL_CERT_FILE", " "),
}
"""uv's variable, and what separates its values, for those of pip's settings that say where packages are: it reads none
of pip's."""


def surroundings(home: Path) -> dict[str, str]:
    """Variables for a client: nothing of the developer's own AWS, and the SDK told to keep its telemetry to itself."""
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "sagemaker.yaml"
    settings.write_text(SILENT)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OUR_OWN)}
    return {**inherited, "HOME": str(home), "SAGEMAKER_USER_CONFIG_OVERRIDE": str(settings)}


@cache
def _settings() -> dict[str, str]:
    """This process's environment, in which uv finds packages where pip does."""
    pips = {name: value.split() for name, value in pip_settings.settings().items()}
    asked = {variable: between.join(pips[name]) for name, (variable, between) in PIPS.items() if name in pips}
    # As pip does: of all versions, wherever they are, the newest that fits.
    return {**os.environ, "UV_CACHE_DIR": str(CACHE / "uv"), "UV_INDEX_STRATEGY": "unsafe-best-match", **asked}


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, env=_settings(), capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
