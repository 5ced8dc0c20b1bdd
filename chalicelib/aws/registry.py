"""SageMaker's model registry: one model package group for each dataset, one version for each best model."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.faults import code_of, text_of, translated

MEDIA = {"SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}


class Registry:
    """Registers models for people to approve; nothing is deployed by it."""

    def __init__(self, client: Any):
        self._client = client

    def register(self, group: str, *, image: str, model_uri: str, tuning_job: str, facts: Mapping[str, str]) -> str:
        """The ARN of the model's version in its group. The tuning job's name is the ClientToken, so that
        registering a second time gives the version that there is. `facts` are shown beside it.

        Raises: Unavailable: again later; ClientError: AWS does not allow it."""
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
        """AWS answers ValidationException for a group that exists, and for other faults too: the text decides."""
        with translated():
            try:
                self._client.create_model_package_group(
                    ModelPackageGroupName=group, ModelPackageGroupDescription="Best models, by Retune"
                )
            except ClientError as error:
                taken = code_of(error) in ("ValidationException", "ConflictException", "ResourceInUse")
                if not (taken and "already exist" in text_of(error).lower()):
                    raise
