"""SageMaker's model registry: one model package group per dataset, one version per best model."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.faults import code_of, text_of, translated

MEDIA = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}


class Registry:
    """Registers models for manual approval; deploys nothing."""

    def __init__(self, client: Any):
        self._client = client

    def register(self, group: str, *, image: str, model_uri: str, tuning_job: str, facts: Mapping[str, str]) -> str:
        """Register a model and return its version's ARN. The tuning job's name is the ClientToken, so a second call
        returns the existing version. `facts` become the version's metadata.

        Raises: Unavailable: try again later; ClientError: AWS does not allow it."""
        self._make_group(group)
        with translated():
            made = self._client.create_model_package(
                ModelPackageGroupName=group,
                ModelPackageDescription=f"The best model of {tuning_job}",
                InferenceSpecification={"Containers": [{"Image": image, "ModelDataUrl": model_uri}], **MEDIA},
                ModelApprovalStatus="PendingManualApproval",
                CustomerMetadataProperties=dict(facts),
                ClientToken=tuning_job,
            )
        return str(made["ModelPackageArn"])

    def _make_group(self, group: str) -> None:
        """AWS raises ValidationException for a group that exists and for other faults: only the text differs."""
        with translated():
            try:
                self._client.create_model_package_group(
                    ModelPackageGroupName=group, ModelPackageGroupDescription="Best models, by Retune"
                )
            except ClientError as error:
                taken = code_of(error) in ("ValidationException", "ConflictException", "ResourceInUse")
                if not (taken and "already exist" in text_of(error).lower()):
                    raise
