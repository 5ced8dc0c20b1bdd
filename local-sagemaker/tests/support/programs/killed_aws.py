"""What the local AWSs that are killed have in common: one image, and a queue that outlives them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import LETS_RULES_IN, eventually
from support.programs.program import ENVIRONMENT, program


def image(home: Path, repository: str, source: str) -> dict[str, Path]:
    """The one image, whose program this is."""
    entrypoint = home / "images" / repository / "entrypoint"
    entrypoint.parent.mkdir(parents=True, exist_ok=True)
    entrypoint.write_text(source)
    entrypoint.chmod(0o755)
    return {repository: entrypoint.parent}


def queue_events(aws: LocalSageMaker, name: str, pattern: dict[str, Any]) -> None:
    """Make a queue of that name that receives the events that match."""
    sqs, events = (client(service, aws.endpoint_url, aws.region) for service in ("sqs", "events"))
    sqs.create_queue(QueueName=name, Attributes=LETS_RULES_IN)
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    target = {"Id": "1", "Arn": f"arn:aws:sqs:{aws.region}:{aws.account}:{name}"}
    events.put_targets(Rule=name, Targets=[target])


def queued_details(aws: LocalSageMaker, name: str) -> list[dict[str, Any]]:
    """The details of the events in the queue, at most ten."""
    sqs = client("sqs", aws.endpoint_url, aws.region)
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
    return [json.loads(message["Body"])["detail"] for message in found]


def kill_once(is_time: Callable[[], bool], name: str, home: Path) -> None:
    """Run the program of that name, and kill it as soon as it is time."""
    process = subprocess.Popen(program(name, home), env=ENVIRONMENT)
    eventually(is_time)
    process.kill()
    process.wait()
