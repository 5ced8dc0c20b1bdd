"""The operations on models."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local_sagemaker.sagemaker.hosting.models.model_rules import check_artifact, the_container
from local_sagemaker.sagemaker.hosting.resources import events, views
from local_sagemaker.sagemaker.hosting.resources.records import IS_ISOLATED, Model
from local_sagemaker.sagemaker.hosting.resources.store import HostingStore
from local_sagemaker.sagemaker.hosting.serving import artifact
from local_sagemaker.sagemaker.jobs import tags
from local_sagemaker.sagemaker.jobs.listing import Listing
from local_sagemaker.sagemaker.protocol.errors import invalid

Answer = dict[str, Any]
LISTING = Listing("Model", "Models", order="Descending")


@dataclass
class Models:
    """`package_of` returns a model package of the registry, as DescribeModelPackage does, or None."""

    store: HostingStore
    s3: Any
    emit: Callable[[dict[str, Any]], None]
    package_of: Callable[[str], Mapping[str, Any] | None]

    @property
    def answers(self) -> dict[str, Callable[[dict[str, Any]], Answer]]:
        """The operations by name."""
        return {
            "CreateModel": self._create,
            "DescribeModel": self._describe,
            "ListModels": self._list,
            "DeleteModel": self._delete,
        }

    def _create(self, request: dict[str, Any]) -> Answer:
        container = self._resolved(the_container(request))
        container[IS_ISOLATED] = request.get(IS_ISOLATED, False)
        uri = artifact.uri_of(container)
        if uri:
            check_artifact(uri)
            if not artifact.exists(self.s3, uri):
                raise invalid(f"Could not find model data at {uri}.")
        name = request["ModelName"]
        arn = self.store.models.arn(name)
        model = Model(name, arn, request, container, tags.given(request), time.time())
        self.store.models.add(model)
        self.emit(events.model_event(model))
        return {"ModelArn": arn}

    def _describe(self, request: dict[str, Any]) -> Answer:
        return views.model(self.store.models.get(request["ModelName"]))

    def _list(self, request: dict[str, Any]) -> Answer:
        return LISTING.answer(map(views.model_row, self.store.models.all()), request)

    def _delete(self, request: dict[str, Any]) -> Answer:
        """Delete the model. Endpoints that were deployed from it keep serving."""
        self.emit(events.model_event(self.store.models.remove(request["ModelName"])))
        return {}

    def _resolved(self, container: dict[str, Any]) -> dict[str, Any]:
        """The container with the image and the artifact of its model package, if it names one.

        That only an approved package can be deployed is documented for ModelApprovalStatus; the message is ours."""
        if "ModelPackageName" not in container:
            return dict(container)
        name = container["ModelPackageName"]
        package = self.package_of(name)
        if package is None:
            raise invalid(f"Could not find model package {name}.")
        if package.get("ModelApprovalStatus", "Approved") != "Approved":
            raise invalid(
                f"The model package {name} is {package['ModelApprovalStatus']}: only approved ones can be hosted."
            )
        several = package["InferenceSpecification"]["Containers"]
        if len(several) > 1:
            raise invalid("The local AWS hosts model packages of only one container.")
        environment = {**several[0].get("Environment", {}), **container.get("Environment", {})}
        return {**container, **several[0], **({"Environment": environment} if environment else {})}
