"""Tells which SageMaker operations moto implements: to all others it would answer with 500 and an HTML page."""

from functools import cache

from moto.core.utils import camelcase_to_underscores
from moto.sagemaker.responses import SageMakerResponse


@cache
def answers_sagemaker(operation: str) -> bool:
    """Whether moto implements this operation of SageMaker; False for unknown names."""
    return operation[:1].isupper() and callable(vars(SageMakerResponse).get(camelcase_to_underscores(operation)))
