"""CloudFormation's templates.

moto omits resource types that it does not support, and then cannot describe the stack's resources any more. Here, some
are really created; the others exist only as a name and an ARN to refer to, which is logged. moto looks for a
TemplateURL's bucket in the host name, and this machine's address contains none.

Bucket policies exist in name only, too: moto ignores their conditions, so that a policy that denies requests without
TLS would deny everything.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.cloudformation import parsing, responses
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from local_sagemaker.moto_seams.cloudformation.resource import Resource
from local_sagemaker.moto_seams.cloudformation.sagemaker import SAGEMAKER, SageMakerResource
from local_sagemaker.moto_seams.common.patches import Patches

_log = logging.getLogger(__name__)

Properties = dict[str, Any]
Make = Callable[
    [Properties, str, str], str | None
]  # properties, account, region → the physical id, or None for the default


def install(patches: Patches, endpoint_url: str) -> None:
    """Give every resource type that moto does not support, or that is SageMaker's, a model, and accept templates from
    a local bucket."""

    def known_or_ours(original: Callable[[str], Any]) -> Callable[[str], Any]:
        def find(resource_type: str) -> Any:
            is_known = resource_type in parsing.get_model_map() or resource_type.startswith("Custom::")
            is_ours = resource_type.startswith(SAGEMAKER) or not is_known
            return model(resource_type) if is_ours else original(resource_type)

        return find

    def fetched(original: Callable[..., str]) -> Callable[..., str]:
        def fetch(url: str, **kwargs: Any) -> str:
            path = url.removeprefix(endpoint_url)
            return original(url if path == url else f"https://s3.amazonaws.com{path}", **kwargs)

        return fetch

    def without_nothing(original: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def clean(given: Any, resources: Any) -> Any:
            cleaned = original(given, resources)
            return [one for one in cleaned if one is not None] if isinstance(given, list) else cleaned

        return clean

    patches.replace(parsing, "resource_class_from_type", known_or_ours)
    patches.replace(parsing, "clean_json", without_nothing)
    patches.replace(parsing, "parse_and_update_resource", _under_conditions)
    patches.replace(responses, "get_stack_from_s3_url", fetched)


def _under_conditions(original: Callable[..., Any]) -> Callable[..., Any]:
    """Leave out a resource until its condition is true; moto would update it nonetheless. Keep a resource that moto
    cannot update; moto would drop it from the stack."""

    def update(name: str, given: Any, resources: Any, **where: str) -> Any:
        condition, there = given.get("Condition"), resources._parsed_resources.get(name)
        if condition is None or (there is not None and resources.lazy_condition_map[condition]):
            return original(name, given, resources, **where) or there
        if resources.lazy_condition_map[condition]:
            return parsing.parse_and_create_resource(name, given, resources, **where)
        if there is not None and given.get("DeletionPolicy") != "Retain":
            resources._delete_resource(there, given)
        return None

    return update


class NamedResource(Resource):
    """A resource that is created by a function of `_MAKERS`, or exists only as a name and an ARN."""

    def __init__(self, name: str, account: str, region: str) -> None:
        self.physical_resource_id = name
        _, service, kind = self.resource_type.lower().split("::")
        self.arn = f"arn:aws:{service}:{region}:{account}:{kind}/{name}"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> "NamedResource":
        properties = cloudformation_json["Properties"]
        kind = cls.resource_type.split("::")[-1]
        given = properties.get("Name") or properties.get(f"{kind}Name") or resource_name
        made = _make(cls.resource_type, properties, account_id, region_name)
        return cls(made or given, account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: "NamedResource",
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> "NamedResource":
        _make(cls.resource_type, cloudformation_json["Properties"], account_id, region_name)
        return original_resource

    def delete(self, account_id: str, region_name: str) -> None:
        """Do nothing: its settings are deleted with the resource that they belong to."""


def model(resource_type: str) -> type[Resource]:
    base = SageMakerResource if resource_type.startswith(SAGEMAKER) else NamedResource
    return type("Resource", (base,), {"resource_type": resource_type})


def unmade(resource_type: str) -> Resource:
    """A resource that was created earlier; unpickling sets its attributes."""
    kind = model(resource_type)
    return kind.__new__(kind)


def reduced(value: Any) -> tuple[Any, ...] | None:
    """How a home keeps a resource, or the class of one; None for anything else."""
    if isinstance(value, Resource):
        return unmade, (value.resource_type,), vars(value)
    if isinstance(value, type) and issubclass(value, Resource):
        return model, (value.resource_type,)
    return None


def _make(resource_type: str, properties: Properties, account: str, region: str) -> str | None:
    if resource_type in _MAKERS:
        return _MAKERS[resource_type](properties, account, region)
    _log.info("%s exists only in name here", resource_type)
    return None


def _queue_policy(properties: Properties, account: str, region: str) -> None:
    for url in properties["Queues"]:
        policy = json.dumps(properties["PolicyDocument"])
        sqs_backends[account][region].set_queue_attributes(url.rsplit("/", 1)[-1], {"Policy": policy})


def _topic_policy(properties: Properties, account: str, region: str) -> None:
    for arn in properties["Topics"]:
        sns_backends[account][region].get_topic(arn).policy = json.dumps(properties["PolicyDocument"])


def _subscription(properties: Properties, account: str, region: str) -> str:
    backend = sns_backends[account][region]
    arn: str = backend.subscribe(properties["TopicArn"], properties["Endpoint"], properties["Protocol"]).arn
    for name in ("RawMessageDelivery", "FilterPolicy"):
        if name in properties:
            backend.set_subscription_attributes(arn, name, properties[name])
    return arn


def _event_invoke_config(properties: Properties, account: str, region: str) -> None:
    config = {key: value for key, value in properties.items() if key not in ("FunctionName", "Qualifier")}
    if "MaximumRetryAttempts" in config:
        config["MaximumRetryAttempts"] = int(config["MaximumRetryAttempts"])
    lambda_backends[account][region].put_function_event_invoke_config(properties["FunctionName"], config)


_MAKERS: dict[str, Make] = {
    "AWS::SQS::QueuePolicy": _queue_policy,
    "AWS::SNS::TopicPolicy": _topic_policy,
    "AWS::SNS::Subscription": _subscription,
    "AWS::Lambda::EventInvokeConfig": _event_invoke_config,
}
