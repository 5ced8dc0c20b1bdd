"""Whether what happens is heard: the bucket's events, the dead letters, who is told."""

from collections.abc import Iterator
from typing import Any

from chalicelib.messages.wording import count
from cli.doctor.finding import Finding
from cli.target.parts import Part
from cli.target.stack import Stack
from cli.target.target import Target

WAITING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


def bucket_events(target: Target, stack: Stack) -> Iterator[Finding]:
    """Uploads are noticed only if the bucket sends its events to EventBridge."""
    told = target.client("s3").get_bucket_notification_configuration(Bucket=stack.bucket_name)
    on = "EventBridgeConfiguration" in told
    what = f"{stack.bucket_name} sends its events" if on else f"{stack.bucket_name} does not send its events"
    yield Finding(
        "bucket", on, f"{what} to EventBridge", "until it does only the sweep finds uploads", "./retune deploy"
    )


def dead_letters(target: Target, parts: tuple[Part, ...]) -> Iterator[Finding]:
    """Events that failed for good lie in the queues whose name ends so."""
    sqs = target.client("sqs")
    queues = {part.name: _attributes(sqs, part.id) for part in parts if part.type == "AWS::SQS::Queue"}
    policies = " ".join(queue.get("RedrivePolicy", "") for queue in queues.values())
    for name, queue in queues.items():
        if not name.endswith("Dlq"):
            continue
        waiting = sum(int(queue[kind]) for kind in WAITING)
        what = f"{count(waiting, 'message')} that nobody could handle" if waiting else "empty"
        has_a_source = queue["QueueArn"] in policies
        yield Finding(name, waiting == 0, what, *_redrive(queue["QueueArn"], has_a_source))


def subscriptions(target: Target, stack: Stack) -> Iterator[Finding]:
    """Who gets the notifications; a mail address only after its owner's word."""
    pages = target.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=stack.topic_arn)
    found = [one for page in pages for one in page["Subscriptions"] if one["SubscriptionArn"] != "Deleted"]
    for one in found:
        who = f"{one['Protocol']} {one['Endpoint']}"
        if one["SubscriptionArn"] == "PendingConfirmation":
            fix = f"confirm the mail sent to {one['Endpoint']}"
            yield Finding("subscription", False, f"{who} is not confirmed", fix)
        else:
            yield Finding("subscription", True, who)
    if not found:
        command = "" if target.is_here else "./retune deploy --email you@example.org"
        yield Finding("subscription", None, "nobody is told of what ends", command=command)


def _attributes(sqs: Any, url: str) -> dict[str, str]:
    return dict(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"])


def _redrive(arn: str, has_a_source: bool) -> tuple[str, str]:
    """SQS moves messages back only to a queue that they came from; what EventBridge gave up, the sweep finds."""
    if has_a_source:
        fix = "see why by ./retune logs --function on_upload; when that is mended, move them back"
        return fix, f"aws sqs start-message-move-task --source-arn {arn}"
    return "the sweep does what they asked for; look into them as docs/operations.md says", ""
