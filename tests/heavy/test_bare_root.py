"""What a newcomer does on a bare Debian: clone, `./retune demo`, `./retune test`. Nothing is installed by hand."""

import json
from pathlib import Path

import pytest
from debian_root import ROOT, bare_root, enter, offers, run

from cli.deploy.pythons import TESTED_ON

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(2700)]
LEFT_OUT = {
    "bookworm": [
        "--ignore=tests/local/test_deploy.py",
        "--ignore=tests/local/test_destroy.py",
        "--ignore=tests/local/test_permissions_used.py",
        "--ignore=tests/local/test_training_images.py",
        "--ignore=tests/pipeline",
        "--ignore=tests/unit/cli/deploy",
        "--ignore=tests/unit/cli/destroy",
    ]
}
"""What takes minutes and asks nothing of the system: of the two it is tried on the one with the other Python than that
of the whole check."""


def clone_into(root: Path) -> None:
    """What is committed, cloned in there into a fresh folder, as from anywhere else."""
    source = root / "srv" / "retune.git"
    run("git", "-c", "safe.directory=*", "clone", "--quiet", "--bare", "--no-hardlinks", str(ROOT), str(source))
    enter(root, "cd /opt && git clone --quiet /srv/retune.git retune", timeout_s=60)


@pytest.mark.parametrize("suite", list(TESTED_ON))
def test_demo_and_test_pass_on_a_bare_debian(suite: str) -> None:
    if suite != "bookworm" and not offers(suite):
        return  # not a skip, which would fail the run: this machine's mirror does not have it

    with bare_root(suite) as root:
        clone_into(root)
        assert not any((root / "usr/bin" / program).exists() for program in ("python3", "Rscript"))

        enter(root, "cd /opt/retune && ./retune demo", timeout_s=600)
        record = json.loads((root / "opt/retune/retune-out/iris/record.json").read_text())
        words = " ".join(["./retune", "test", *LEFT_OUT.get(suite, [])])
        said = enter(root, f"cd /opt/retune && {words}", timeout_s=1800)
        version = enter(
            root, "/opt/retune/.retune/venv/bin/python -c 'import sys; print(*sys.version_info[:2])'", timeout_s=60
        )

    assert tuple(map(int, version.split())) == TESTED_ON[suite]
    assert record["best"]["training_job"]
    assert record["status"] == "Completed"
    assert " passed" in said
    assert " failed" not in said
