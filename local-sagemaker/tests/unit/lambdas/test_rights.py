"""What a function's process may do on this machine."""

import os
import re
import tempfile
from pathlib import Path

import pytest

from support.account import Account


def test_a_function_can_write_to_tmp_and_not_over_its_own_code(account: Account, tmp_path: Path) -> None:
    scratch = Path(tempfile.gettempdir()) / f"{tmp_path.name}-{os.getpid()}"

    told, error = account.invoke(account.function("write"), [str(scratch), "handlers.py"])

    assert error is None
    assert (told[str(scratch)], told["handlers.py"]) == (None, "PermissionError")
    scratch.unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="a person's own processes keep that person's rights")
def test_roots_functions_give_up_every_right_but_to_read(account: Account) -> None:
    told, _ = account.invoke(account.function("write"), ["new.py"])

    assert told["new.py"] == "PermissionError"
    may_read_all = 1 << 2  # CAP_DAC_READ_SEARCH, capabilities(7)
    held = int(re.findall(r"CapEff:\s(\w+)", told["status"])[0], 16)
    assert held in (0, may_read_all)
