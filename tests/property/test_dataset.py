"""Whatever a dataset is called, its tuning jobs have names that SageMaker takes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dataset import tuning_job_name

SAGEMAKERS_PATTERN = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}")
PREFIXES = st.from_regex(r"[a-z][a-z0-9]{0,7}", fullmatch=True)
DATASETS = st.from_regex(re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII), fullmatch=True)
HEX = "0123abcd" * 8


@given(PREFIXES, DATASETS, st.text("0123456789abcdef", min_size=64, max_size=64), st.integers(1, 99))
def test_every_tuning_jobs_name_is_one_that_sagemaker_takes(
    prefix: str, dataset: str, digits: str, attempt: int
) -> None:
    name = tuning_job_name(prefix, dataset, digits, attempt)
    assert len(name) <= 32
    assert SAGEMAKERS_PATTERN.fullmatch(name)
    assert re.fullmatch(rf"{prefix}-[a-z0-9]+(-[a-z0-9]+)*-{digits[:8]}-a{attempt}", name)


@given(PREFIXES, DATASETS, st.integers(1, 99))
def test_the_slug_does_not_depend_on_the_attempt(prefix: str, dataset: str, attempt: int) -> None:
    first = tuning_job_name(prefix, dataset, HEX, 1)
    assert tuning_job_name(prefix, dataset, HEX, attempt) == first.removesuffix("1") + str(attempt)


@given(PREFIXES, st.text(max_size=80), st.integers(1, 99))
def test_even_a_name_of_no_legal_character_gets_a_legal_slug(prefix: str, dataset: str, attempt: int) -> None:
    assert SAGEMAKERS_PATTERN.fullmatch(tuning_job_name(prefix, dataset, HEX, attempt))
