"""What AWS checks across the members of a request, and what this service does not do and says so."""

from localaws.sagemaker.rules.definition import check_definition, check_resources
from localaws.sagemaker.rules.search_space import KINDS, ranges
from localaws.sagemaker.rules.strategies import resources
from localaws.sagemaker.rules.tuning import check_tuning_job

__all__ = ["KINDS", "check_definition", "check_resources", "check_tuning_job", "ranges", "resources"]
