"""Checks across the members of a request: AWS's own rules, and the rejection of what this service does not support."""

from local_sagemaker.sagemaker.rules.definition import check_training_job
from local_sagemaker.sagemaker.rules.search_space import KINDS, ranges
from local_sagemaker.sagemaker.rules.tuning import check_tuning_job

__all__ = ["KINDS", "check_training_job", "check_tuning_job", "ranges"]
