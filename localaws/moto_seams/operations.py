"""Which of SageMaker's operations moto answers: to the others it would be a 500 with an HTML page."""

from functools import cache

from moto.core.utils import camelcase_to_underscores
from moto.sagemaker.responses import SageMakerResponse


@cache
def answers_sagemaker(operation: str) -> bool:
    """Whether moto has it; names that SageMaker does not have are not among them."""
    return operation[:1].isupper() and callable(vars(SageMakerResponse).get(camelcase_to_underscores(operation)))
