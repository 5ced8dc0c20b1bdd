"""The local AWS judges a request as botocore's model and AWS's rules do: it takes ours and refuses what is spoilt."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from local_sagemaker.sagemaker.protocol.errors import ServiceError
from local_sagemaker.sagemaker.protocol.validation import validate
from local_sagemaker.sagemaker.rules import check_tuning_job
from support.botocore_validation import OPERATION
from tests.support.contract.requests import SPECS, a_request
from tests.support.contract.spoilt import SPOILT


def judge(request: dict[str, Any]) -> None:
    validate(OPERATION, request)
    check_tuning_job(request, {})


@pytest.mark.parametrize("case", SPECS)
def test_the_local_aws_accepts_what_a_spec_asks_for(case: str) -> None:
    judge(a_request(case))


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_the_local_aws_refuses(spoil: Callable[[dict[str, Any]], object]) -> None:
    request = copy.deepcopy(a_request("classic"))
    spoil(request)
    with pytest.raises(ServiceError):
        judge(request)
