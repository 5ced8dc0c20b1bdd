"""Which permissions a call needs, by its service.

docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html has
the actions, the kinds of resource and the condition keys. A call that is not in these tables is denied: otherwise it
would be allowed here and perhaps not on AWS.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from local_sagemaker import json_protocol
from local_sagemaker.iam import sagemaker as sagemaker_asks
from local_sagemaker.iam.policy import Permission
from local_sagemaker.iam.s3 import UnknownOperation, of_s3
from local_sagemaker.iam.sessions import Signature

_TABLE = {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "DescribeTable"}
_QUEUE = {
    **{name: name for name in ("SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility")},
    **{f"{name}Batch": name for name in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")},
    **{name: name for name in ("GetQueueAttributes", "GetQueueUrl", "PurgeQueue")},
}
_TOPIC = {"Publish": "Publish", "PublishBatch": "Publish"}
_REPOSITORY = {"DescribeImages", "ListImages", "BatchGetImage", "BatchCheckLayerAvailability"}


@dataclass(frozen=True)
class Call:
    """A request as its service reads it; a request to S3 stays unparsed."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


def call_of(service: str, environ: Mapping[str, Any], body: bytes) -> Call:
    """Parse a request to the service. Raises: json_protocol.MalformedRequest."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        found = json_protocol.parsed(body)
        return Call(service, target.rpartition(".")[2], found if isinstance(found, dict) else {})
    form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
    return Call(service, form.get("Action", ""), form)


def of_call(call: Call, signed: Signature, account: str) -> Iterator[Permission]:
    """Each permission that the call needs, in the order in which AWS checks them. Raises: UnknownOperation."""
    given, where = call.parameters, f"{signed.region}:{account}"

    def arn(kind: str, name: str) -> str:
        return name if name.startswith("arn:") else f"arn:aws:sagemaker:{where}:{kind}/{name.lower()}"

    match call.service, call.operation:
        case "sagemaker", operation if operation in sagemaker_asks.OPERATIONS:
            yield from sagemaker_asks.OPERATIONS[operation](given, arn)
        case "dynamodb", operation if operation in _TABLE:
            yield Permission(f"dynamodb:{operation}", _table(given, where))
        case "sqs", operation if operation in _QUEUE:
            name = given.get("QueueName") or str(given.get("QueueUrl", "")).rpartition("/")[2]
            yield Permission(f"sqs:{_QUEUE[operation]}", f"arn:aws:sqs:{where}:{name}")
        case "sns", operation if operation in _TOPIC:
            yield Permission(f"sns:{_TOPIC[operation]}", str(given.get("TopicArn", "*")))
        case "ecr", "DescribeRepositories":
            for name in given.get("repositoryNames") or ("*",):
                yield Permission("ecr:DescribeRepositories", f"arn:aws:ecr:{where}:repository/{name}")
        case "ecr", operation if operation in _REPOSITORY:
            yield Permission(f"ecr:{operation}", f"arn:aws:ecr:{where}:repository/{given.get('repositoryName', '')}")
        case "logs", "GetLogEvents":
            stream = f"log-group:{given.get('logGroupName', '')}:log-stream:{given.get('logStreamName', '')}"
            yield Permission("logs:GetLogEvents", f"arn:aws:logs:{where}:{stream}")
        case "ecr", "GetAuthorizationToken":
            yield Permission("ecr:GetAuthorizationToken", "*")
        case service, operation:
            raise UnknownOperation(f"{service}:{operation}")


def of_request(environ: Mapping[str, Any], body: bytes, signed: Signature, account: str) -> list[Permission]:
    """The same for a WSGI request. Raises: UnknownOperation; json_protocol.MalformedRequest."""
    if signed.service == "s3":
        return list(of_s3(environ))
    return list(of_call(call_of(signed.service, environ, body), signed, account))


def _table(given: Mapping[str, Any], where: str) -> str:
    name = str(given.get("TableName", ""))
    table = name if name.startswith("arn:") else f"arn:aws:dynamodb:{where}:table/{name}"
    return f"{table}/index/{given['IndexName']}" if given.get("IndexName") else table
