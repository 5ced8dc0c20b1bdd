"""The lock files: made from the requirements of now, complete, and one environment for all tiers."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from cli.machine.locks import TIERS, lock_of, stale
from cli.paths import ROOT

PIN = re.compile(r"[a-z0-9-]+==[0-9][a-z0-9.]*( ; [^;#]+)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "locks", tmp_path / "locks")
    for file in ROOT.glob("requirements*.txt"):
        shutil.copy(file, tmp_path)
    return tmp_path


def pins(tier: str) -> dict[str, list[str]]:
    """The hashes by what they pin: name, version and marker."""
    text = lock_of(ROOT, tier).read_text()
    lines = [line for line in text.replace("\\\n", " ").splitlines() if not line.startswith("#")]
    return {pin.strip(): hashes for pin, *hashes in (re.split(r" (?=--hash)", line) for line in lines)}


def test_the_lock_files_were_made_from_the_requirements_of_now() -> None:
    assert stale(ROOT) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("requirements.txt", ["cli", "demo", "local", "bench", "dev"]),
        ("requirements-local.txt", ["local", "bench", "dev"]),
        ("requirements-dev.txt", ["dev"]),
    ],
)
def test_a_changed_requirement_makes_its_tier_and_the_higher_ones_stale(
    clone: Path, changed: str, expected: list[str]
) -> None:
    with (clone / changed).open("a") as file:
        file.write("another==1.0\n")

    assert stale(clone) == [f"locks/{tier}.txt" for tier in expected]


def test_a_lock_file_that_is_missing_is_stale(clone: Path) -> None:
    (clone / "locks" / "demo.txt").unlink()

    assert stale(clone) == ["locks/demo.txt"]


@pytest.mark.parametrize("tier", TIERS)
def test_a_lock_file_holds_exact_pins_with_hashes_and_nothing_else(tier: str) -> None:
    found = pins(tier)

    assert len(found) > 10
    for pin, hashes in found.items():
        assert PIN.fullmatch(pin), pin
        assert hashes, pin
        assert all(HASH.fullmatch(one.strip()) for one in hashes), pin


@pytest.mark.parametrize("tier", TIERS)
def test_a_lock_file_names_no_host(tier: str) -> None:
    text = lock_of(ROOT, tier).read_text()

    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=", ""), flags=re.MULTILINE)


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(TIERS)))
def test_a_tier_holds_the_pins_of_the_one_below_it_unchanged(lower: str, higher: str) -> None:
    assert pins(lower).items() <= pins(higher).items()
