"""Every policy of a template, by where it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

RESOURCE_POLICIES = ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")


@dataclass(frozen=True)
class Statement:
    """One statement; under a condition of the template it counts as if it was met. `policy` is role, trust or
    resource."""

    resource: str
    policy: str
    body: Mapping[str, Any]

    @property
    def where(self) -> str:
        return f"{self.resource}: {self.body.get('Sid') or self.policy}"

    @property
    def actions(self) -> list[str]:
        return as_list(self.body.get("Action"))

    @property
    def resources(self) -> list[Any]:
        return as_list(self.body.get("Resource"))

    def condition_keys(self, *operators: str) -> dict[str, Any]:
        """The keys under these operators, or under any, with what is wanted of them."""
        found = {**self.body.get("Condition", {})}
        chosen = [_met(keys) for operator, keys in found.items() if not operators or operator in operators]
        return {key: wanted for keys in chosen for key, wanted in keys.items()}


def statements(template: Mapping[str, Any], *policies: str) -> Iterator[Statement]:
    """Each statement of these kinds of policy, or of all."""
    for name, kind, document in documents(template):
        for body in document["Statement"]:
            if not policies or kind in policies:
                yield Statement(name, kind, _met(body))


def documents(template: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(resource's name, kind of policy, document), as in the template."""
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::IAM::Role":
            yield name, "trust", properties["AssumeRolePolicyDocument"]
            for policy in properties.get("Policies", ()):
                yield name, "role", policy["PolicyDocument"]
        elif resource["Type"] in RESOURCE_POLICIES:
            yield name, "resource", properties["PolicyDocument"]


def as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _met(value: Any) -> Any:
    return value["Fn::If"][1] if isinstance(value, dict) and "Fn::If" in value else value
