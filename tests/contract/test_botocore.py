"""botocore's model accepts every request that we make, and the judge itself can be failed."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from support.botocore_validation import faults
from tests.support.contract.requests import SPECS, a_request
from tests.support.contract.spoilt import CAUTIOUS, SPOILT


@pytest.mark.parametrize("case", SPECS)
def test_the_model_accepts_what_a_spec_asks_for(case: str) -> None:
    assert faults(a_request(case)) == []


@pytest.mark.parametrize("spoil", [*SPOILT.values(), *CAUTIOUS.values()], ids=[*SPOILT, *CAUTIOUS])
def test_the_judge_finds_the_fault_in(spoil: Callable[[dict[str, Any]], object]) -> None:
    request = copy.deepcopy(a_request("classic"))
    spoil(request)
    assert faults(request) != []
