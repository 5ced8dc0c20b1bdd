"""CloudFormation: stacks, their templates, and the resources that moto does not create."""

from local_sagemaker.moto_seams.cloudformation import sagemaker, stacks, templates
from local_sagemaker.moto_seams.common.patches import Patches


def install(patches: Patches, endpoint_url: str, api: sagemaker.Api) -> None:
    """Make CloudFormation behave as AWS's; it creates SageMaker's resources through `api`."""
    stacks.install(patches)
    templates.install(patches, endpoint_url)
    sagemaker.install(patches, api)
