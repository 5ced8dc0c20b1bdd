"""local-sagemaker/README.md, typed on a bare Debian where nothing of this repository is: its first block builds and
installs the distribution, the others use it in an empty folder."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.deploy.pythons import TESTED_ON
from tests.support.heavy.cache import ROOT
from tests.support.heavy.debian_root import bare_root, enter, offers, run
from tests.support.heavy.doc_blocks import Block, blocks
from tests.support.heavy.typed_page import said_by, script

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(1800)]
PAGE = ROOT / "local-sagemaker" / "README.md"
INSTALL, *USE = blocks(PAGE)
SAYS = {
    "create_hyper_parameter_tuning_job": r"^waves-00\d-\w+ Completed \{'gamma': .*\}\nmse 0\.0\d+$",
    "local-sagemaker up": r"^  export AWS_ENDPOINT_URL=http://127\.0\.0\.1:\d+$",
    "$IMAGE_URI": r"^http://127\.0\.0\.1:\d+ arn:aws:iam:\S+ \S+/example:latest\n\[\]$",
    "python -m pytest": r"\b2 passed\b",
}
"""What a block that contains the one says: a line that the other matches."""
PREPARE = """
apt-get install -y -q --no-install-recommends python3 python3-venv
python3 -m venv /srv/venv
. /srv/venv/bin/activate
python -V
cd /srv
"""
NEW_FOLDER = """
mv local-sagemaker/dist /srv/archives
rm -r local-sagemaker
mkdir /srv/empty
cd /srv/empty
"""


@dataclass(frozen=True)
class Tried:
    """What the page's blocks said on one Debian, and the files of the wheel that its first block built."""

    said: dict[Block, str]
    files: dict[str, bytes]


@pytest.fixture(scope="module", params=TESTED_ON)
def tried(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried | None]:
    """None where this machine's mirror does not have the release: a skip would fail the run."""
    if request.param != "bookworm" and not offers(request.param):
        yield None
        return
    with bare_root(request.param) as root:
        copy_source(root / "srv" / "local-sagemaker", tmp_path_factory.mktemp("source"))
        words = "\n".join([PREPARE, INSTALL.source, NEW_FOLDER, script(USE)])
        said = enter(root, words, timeout_s=1500)
        (wheel,) = (root / "srv" / "archives").glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    assert "\nPython {}.{}.".format(*TESTED_ON[request.param]) in said
    yield Tried(said_by(USE, said), files)


def copy_source(target: Path, folder: Path) -> None:
    """Copy what is committed, without its history."""
    target.mkdir(parents=True)
    archive = folder / "source.tar"
    run("git", "-C", str(ROOT), "archive", f"--output={archive}", "HEAD:local-sagemaker")
    run("tar", "-C", str(target), "-xf", str(archive))


def test_each_block_says_what_the_page_promises(tried: Tried | None) -> None:
    if tried is None:
        return

    for word, line in SAYS.items():
        (said,) = (text for block, text in tried.said.items() if word in block.source)
        assert re.search(line, said, re.MULTILINE), f"{word}: {said}"


def test_the_wheel_speaks_of_itself_only(tried: Tried | None) -> None:
    if tried is None:
        return

    assert len(tried.files) > 100
    assert [name for name, data in tried.files.items() if b"retune" in data.lower()] == []


def test_what_is_expected_stands_in_the_page_once() -> None:
    assert [word for word in SAYS if sum(word in block.source for block in USE) != 1] == []


def test_no_fence_escapes_the_tests() -> None:
    assert PAGE.read_text(encoding="utf-8").count("\n```") == 2 * len(blocks(PAGE))
