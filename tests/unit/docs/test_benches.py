"""The programs of `bench/`: each is on a page, and starts with what `locks/bench.txt` installs."""

import os
import subprocess
import sys

from cli.paths import ROOT

PROGRAMS = sorted(
    str(path.relative_to(ROOT).with_suffix("")).replace("/", ".").removesuffix(".__main__")
    for path in (ROOT / "bench").rglob("*.py")
    if 'if __name__ == "__main__":' in path.read_text()
)
PAGES = (ROOT / "bench" / "README.md", ROOT / "docs" / "performance.md")
IMPORTS = """
import importlib, pathlib, sys
sys.modules["pytest"] = None
for name in sys.argv[1:]:
    is_folder = pathlib.Path(*name.split(".")).is_dir()
    importlib.import_module(f"{name}.__main__" if is_folder else name)
"""


def test_every_bench_is_on_a_page() -> None:
    text = "".join(page.read_text() for page in PAGES)

    assert len(PROGRAMS) > 5
    assert [name for name in PROGRAMS if f"-m {name}`" not in text and f"-m {name} " not in text] == []


def test_every_bench_starts_without_the_tools_of_tests() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "local-sagemaker" / "src")}

    loaded = subprocess.run(
        [sys.executable, "-c", IMPORTS, *PROGRAMS],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert loaded.returncode == 0, loaded.stderr
