"""The programs of `bench/`: the overview lists them, and they need nothing that `locks/bench.txt` does not install."""

import os
import re
import subprocess
import sys

from cli.paths import ROOT

PROGRAMS = sorted(
    str(path.relative_to(ROOT).with_suffix("")).replace("/", ".").removesuffix(".__main__")
    for path in (ROOT / "bench").rglob("*.py")
    if 'if __name__ == "__main__":' in path.read_text()
)
OVERVIEW = ROOT / "bench" / "README.md"
IMPORTS = """
import importlib, pathlib, sys
sys.modules["pytest"] = None
for name in sys.argv[1:]:
    is_folder = pathlib.Path(*name.split(".")).is_dir()
    importlib.import_module(f"{name}.__main__" if is_folder else name)
"""


def test_the_overview_lists_exactly_the_benches_that_exist() -> None:
    listed = re.findall(r"^\| `(bench\.\w+)` \|", OVERVIEW.read_text(), flags=re.MULTILINE)

    assert len(PROGRAMS) > 5
    assert sorted(listed) == PROGRAMS


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
