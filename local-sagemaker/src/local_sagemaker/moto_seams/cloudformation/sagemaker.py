"""SageMaker's CloudFormation resources.

moto creates them in its own SageMaker, where no endpoint runs. Here they are created by calls to the API of this local
AWS, as CloudFormation does; the other types fail the stack by name. A stack that waits for an endpoint lets other
requests through, and is answered before that if it takes long. The price: a stop during the wait leaves the stack in
progress.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import wraps
from threading import Thread, get_ident
from typing import Any

from botocore.exceptions import ClientError, WaiterError
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import Stack
from moto.cloudformation.parsing import ResourceMap

from local_sagemaker.moto_seams.cloudformation.resource import Resource
from local_sagemaker.moto_seams.common.patches import Patches

SAGEMAKER = "AWS::SageMaker::"
_POLL = {"Delay": 0.2, "MaxAttempts": 6000}
_LONGEST_NAME = 63
_ANSWERS_WITHIN_S = 2.0
_log = logging.getLogger(__name__)

Properties = dict[str, Any]
Difference = dict[str, list[str]]


@dataclass(frozen=True)
class Kind:
    """How a type is called in the API. `order` is that of creation: later kinds refer to earlier ones."""

    order: int
    name: str
    arn: str

    def method(self, verb: str) -> str:
        words = "".join(
            f"_{letter.lower()}" if letter.isupper() else letter for letter in self.name.removesuffix("Name")
        )
        return f"{verb}{words}"


KINDS = {
    f"{SAGEMAKER}Model": Kind(0, "ModelName", "ModelArn"),
    f"{SAGEMAKER}EndpointConfig": Kind(1, "EndpointConfigName", "EndpointConfigArn"),
    f"{SAGEMAKER}Endpoint": Kind(2, "EndpointName", "EndpointArn"),
    f"{SAGEMAKER}ModelPackageGroup": Kind(0, "ModelPackageGroupName", "ModelPackageGroupArn"),
}
_OF_UPDATES = ("RetainAllVariantProperties", "ExcludeRetainedVariantProperties", "RetainDeploymentConfig")
"""Properties of an endpoint that only UpdateEndpoint takes."""


class Failed(Exception):
    """A resource's creation, update or deletion failed; the message is the stack event's reason."""


@dataclass(frozen=True)
class Api:
    """SageMaker's client, the block in which other requests are served, and the block of a change."""

    client: Any
    meanwhile: Callable[[], AbstractContextManager[None]]
    changing: Callable[[], AbstractContextManager[None]]

    def call(self, method: str, **request: Any) -> dict[str, Any]:
        """Raises: Failed."""
        with self.meanwhile():
            try:
                answer: dict[str, Any] = getattr(self.client, method)(**request)
            except ClientError as error:
                raise Failed(f'Resource handler returned message: "{error}"') from error
        return answer

    def wait(self, waiter: str, endpoint: str) -> None:
        """Raises: Failed: the endpoint is in another final state."""
        with self.meanwhile():
            try:
                self.client.get_waiter(waiter).wait(EndpointName=endpoint, WaiterConfig=_POLL)
            except WaiterError as error:
                reason = error.last_response.get("FailureReason", str(error))
                raise Failed(f'Resource handler returned message: "{reason}"') from error


class SageMakerResource(Resource):
    """A resource that was created by the API. Ref gives its ARN, Fn::GetAtt its name and whatever Describe shows."""

    api: Api  # of the local AWS that runs; there is only one in a process
    replaced: "SageMakerResource | None" = None  # what this one replaces, until the stack's update has ended

    def __init__(self, name: str, arn: str, properties: Properties) -> None:
        self.name, self.properties = name, properties
        self.arn = self.physical_resource_id = arn

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> "SageMakerResource":
        return cls._create(resource_name, dict(cloudformation_json["Properties"]))

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: "SageMakerResource",
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> "SageMakerResource":
        """Replace it, unless the type's reference says "no interruption" of what changed."""
        before, after = original_resource.properties, dict(cloudformation_json["Properties"])
        kind = cls._kind()
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        replacing = {kind.name} if kind.name == "EndpointName" else {name for name in after | before if name != "Tags"}
        if changed & replacing:
            return cls._replacing(original_resource, new_resource_name, after)
        if changed - {"Tags"}:
            original_resource._update_endpoint(after)
        if "Tags" in changed:
            original_resource._retag(after.get("Tags", []))
        original_resource.properties = after
        return original_resource

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete it. What was deleted by others counts as deleted."""
        kind = self._kind()
        if kind.name == "EndpointName":
            with suppress(Failed):  # one that has failed, or is gone, is in no state of transition either
                self.api.wait("endpoint_in_service", self.name)
        try:
            self.api.call(kind.method("delete"), **{kind.name: self.name})
        except Failed as error:
            if not _is_missing(error):
                raise
            return
        if kind.name == "EndpointName":
            self.api.wait("endpoint_deleted", self.name)

    def clean_up(self, described: Mapping[str, Any]) -> None:
        """Delete what this one has replaced, unless the template retains it."""
        old, self.replaced = self.replaced, None
        if old and described.get("UpdateReplacePolicy") != "Retain":
            with suppress(Failed):  # AWS reports it, and the update has succeeded nonetheless
                old.delete("", "")

    def get_cfn_attribute(self, attribute_name: str) -> str:
        kind = self._kind()
        if attribute_name == kind.name:
            return self.name
        return str(self.api.call(kind.method("describe"), **{kind.name: self.name}).get(attribute_name, self.arn))

    @classmethod
    def _kind(cls) -> Kind:
        """Raises: Failed: the local AWS has no such resource."""
        if cls.resource_type not in KINDS:
            raise Failed(f"Resource type {cls.resource_type} is not supported by the local AWS. Nothing was created.")
        return KINDS[cls.resource_type]

    @classmethod
    def _create(cls, generated_name: str, properties: Properties) -> "SageMakerResource":
        kind = cls._kind()
        name = properties.get(kind.name) or generated_name[-_LONGEST_NAME:].lstrip("-")
        given = {key: value for key, value in properties.items() if key not in _OF_UPDATES} | {kind.name: name}
        made = cls(name, cls.api.call(kind.method("create"), **cls._typed("create", given))[kind.arn], properties)
        if kind.name == "EndpointName":
            made._wait_or_delete()
        return made

    def _wait_or_delete(self) -> None:
        try:
            self.api.wait("endpoint_in_service", self.name)
        except Failed:
            self.delete("", "")
            raise

    @classmethod
    def _replacing(cls, old: "SageMakerResource", new_name: str, properties: Properties) -> "SageMakerResource":
        """A new resource; or, in a rollback, the one that `old` has replaced."""
        if old.replaced and old.replaced.properties == properties:
            old.delete("", "")
            return old.replaced
        if properties.get(cls._kind().name) == old.name:
            text = "CloudFormation cannot update a stack when a custom-named resource requires replacing."
            raise Failed(f"{text} Rename {old.name} and update the stack again.")
        new = cls._create(new_name, properties)
        new.replaced = old
        return new

    def _update_endpoint(self, properties: Properties) -> None:
        names = ("EndpointConfigName", "DeploymentConfig", *_OF_UPDATES)
        given = {name: properties[name] for name in names if name in properties}
        self.api.call("update_endpoint", **self._typed("update", {"EndpointName": self.name, **given}))
        self.api.wait("endpoint_in_service", self.name)
        shown = self.api.call("describe_endpoint", EndpointName=self.name)
        if shown["EndpointConfigName"] != properties["EndpointConfigName"]:
            raise Failed(f'Resource handler returned message: "{shown.get("FailureReason", "The update failed.")}"')

    def _retag(self, tags: list[dict[str, str]]) -> None:
        gone = {tag["Key"] for tag in self.properties.get("Tags", [])} - {tag["Key"] for tag in tags}
        if gone:
            self.api.call("delete_tags", ResourceArn=self.arn, TagKeys=sorted(gone))
        if tags:
            self.api.call("add_tags", ResourceArn=self.arn, Tags=tags)

    @classmethod
    def _typed(cls, verb: str, request: Properties) -> Properties:
        model = cls.api.client.meta.service_model
        operation = cls.api.client.meta.method_to_api_mapping[cls._kind().method(verb)]
        return dict(typed(model.operation_model(operation).input_shape, request))


def typed(shape: Any, value: Any) -> Any:
    """The value with the types of the service model: in templates, numbers and booleans may be strings."""
    if isinstance(value, Mapping) and shape.type_name == "structure":
        return {
            name: typed(shape.members[name], item) if name in shape.members else item for name, item in value.items()
        }
    if isinstance(value, list) and shape.type_name == "list":
        return [typed(shape.member, item) for item in value]
    if isinstance(value, str) and shape.type_name in ("integer", "long", "float", "double", "boolean"):
        try:
            return json.loads(value.lower())
        except ValueError:
            return value  # the API refuses it by its name
    is_scalar = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_scalar and shape.type_name == "string" else value


def install(patches: Patches, api: Api) -> None:
    """Create SageMaker's resources through `api`."""
    SageMakerResource.api = api
    at_work: dict[int, int] = {}  # resource map → the thread that creates, updates or deletes it
    patches.replace(Stack, "update", _with_cleanup)
    for method in ("create_resources", "update", "delete"):
        patches.replace(Stack, method, lambda original: _marked(original, at_work))
    patches.replace(Stack, "create_resources", lambda original: _in_time(original, api, "CREATE_IN_PROGRESS"))
    patches.replace(Stack, "update", lambda original: _in_time(original, api, "UPDATE_IN_PROGRESS"))
    patches.replace(Stack, "outputs", lambda original: _none_meanwhile(original, at_work))
    patches.replace(ResourceMap, "__iter__", lambda original: _without_unmade(original, at_work))
    patches.replace(ResourceMap, "__getitem__", lambda original: _made_by_others(original, at_work))
    patches.replace(ResourceMap, "build_resource_diff", _with_dependents)


def _in_time(original: Callable[..., None], api: Api, status: str) -> Callable[..., None]:
    """Work on a stack with an endpoint in a thread of its own, and return when it has ended or takes long."""

    @wraps(original)
    def answer(stack: Stack, *args: Any, **kwargs: Any) -> None:
        if f"{SAGEMAKER}Endpoint" not in str(args or stack.template):
            return original(stack, *args, **kwargs)
        stack.status, refusals = status, []

        def work() -> None:
            try:
                with api.changing():
                    original(stack, *args, **kwargs)
            except ValidationError as error:
                refusals.append(error)
            except Exception:  # noqa: BLE001 - the thread's outermost edge: the local AWS has stopped meanwhile
                _log.warning("the stack %s was left in progress", stack.name, exc_info=True)

        thread = Thread(target=work, name=f"stack {stack.name}", daemon=True)
        with api.meanwhile():
            thread.start()
            thread.join(_ANSWERS_WITHIN_S)
        if refusals:
            raise refusals[0]
        return None

    return answer


def _with_cleanup(original: Callable[..., None]) -> Callable[..., None]:
    """Delete replaced resources once an update has ended, as AWS does: until then a rollback needs them."""

    @wraps(original)
    def update(stack: Stack, *args: Any, **kwargs: Any) -> None:
        try:
            original(stack, *args, **kwargs)
        finally:
            described = stack.resource_map._resource_json_map
            for name, resource in list(stack.resource_map._parsed_resources.items()):
                if isinstance(resource, SageMakerResource):
                    resource.clean_up(described.get(name, {}))

    return update


def _marked(original: Callable[..., None], at_work: dict[int, int]) -> Callable[..., None]:
    @wraps(original)
    def work(stack: Stack, *args: Any, **kwargs: Any) -> None:
        place = id(stack.resource_map)
        at_work[place] = get_ident()
        try:
            original(stack, *args, **kwargs)
        finally:
            at_work.pop(place, None)

    return work


def _is_others(resources: ResourceMap, at_work: dict[int, int]) -> bool:
    return at_work.get(id(resources), get_ident()) != get_ident()


def _without_unmade(original: Callable[..., Iterator[str]], at_work: dict[int, int]) -> Callable[..., Iterator[str]]:
    """While another thread works on the stack, show what is there; moto would create the rest at the first look."""

    def names(resources: ResourceMap) -> Iterator[str]:
        if not _is_others(resources, at_work):
            return original(resources)
        return iter([name for name in original(resources) if name in resources._parsed_resources])

    return names


def _none_meanwhile(original: property, at_work: dict[int, int]) -> property:
    """Show no outputs while another thread works on the stack: they may refer to what is not there yet."""
    shown: Any = original.fget
    return property(lambda stack: None if _is_others(stack.resource_map, at_work) else shown(stack))


def _made_by_others(original: Callable[..., Any], at_work: dict[int, int]) -> Callable[..., Any]:
    def get(resources: ResourceMap, name: str) -> Any:
        is_unmade = name in resources._resource_json_map and name not in resources._parsed_resources
        return None if is_unmade and _is_others(resources, at_work) else original(resources, name)

    return get


def _with_dependents(original: Callable[..., Difference]) -> Callable[..., Difference]:
    """Update SageMaker's resources that refer to an updated one too: a replaced model or config has another name."""

    @wraps(original)
    def diff(resources: ResourceMap, template: dict[str, Any], parameters: dict[str, Any] | None = None) -> Difference:
        found = original(resources, template, parameters)
        described, modified = template["Resources"], found["Modify"]
        ours = sorted(
            (name for name in described if described[name]["Type"] in KINDS and name in resources._resource_json_map),
            key=lambda name: KINDS[described[name]["Type"]].order,
        )
        for name in ours:
            if name not in modified and not set(_referred(described[name])).isdisjoint([*modified, *found["Add"]]):
                modified.append(name)
        found["Modify"] = [name for name in modified if name not in ours] + [name for name in ours if name in modified]
        return found

    return diff


def _referred(node: Any) -> Iterator[str]:
    """Every word that could name a resource in `Ref`, `Fn::GetAtt` and `Fn::Sub`."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "Ref":
                yield value
            elif key == "Fn::GetAtt":
                yield value[0] if isinstance(value, list) else value.partition(".")[0]
            elif key == "Fn::Sub":
                text = value if isinstance(value, str) else value[0]
                yield from (part.partition("}")[0].partition(".")[0] for part in text.split("${")[1:])
            yield from _referred(value)
    elif isinstance(node, list):
        for value in node:
            yield from _referred(value)


def _is_missing(error: Failed) -> bool:
    return any(words in str(error) for words in ("Could not find", "does not exist"))
