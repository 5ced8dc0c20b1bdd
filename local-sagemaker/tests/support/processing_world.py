"""A SageMaker whose images process: programs that the tests write, with their inputs and outputs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.account import eventually, unique
from support.sagemaker_world import ROLE, TERMINAL, World

BELOW = "/opt/ml/processing"
PROLOGUE = f"""#!{sys.executable} -IS
import json, os, signal, sys, time
ml = os.environ["ML_ROOT"]
def say(text):
    print(text, flush=True)
def read(path):
    return open(ml + "/" + path).read()
def write(path, text, mode="w"):
    open(ml + "/" + path, mode).write(text)
"""
COPIES = "write('processing/out/b.csv', read('processing/in/a.csv').upper())"
SLEEPS = "say('awake'); time.sleep(60)"
STUBBORN = f"[signal.signal(n, lambda *_: None) for n in (signal.SIGINT, signal.SIGTERM)]; {SLEEPS}"
"""Programs after the prologue."""


class ProcessingWorld(World):
    """Without `s3` no program can have inputs or outputs."""

    def processing_image(self, body: str) -> str:
        return self.image(body, PROLOGUE)

    def request(self, body: str = "", **changes: Any) -> dict[str, Any]:
        """CreateProcessingJob's; `None` leaves a member out."""
        whole = {
            "ProcessingJobName": unique("processing"),
            "AppSpecification": {"ImageUri": self.processing_image(body)},
            "ProcessingResources": cluster(),
            "RoleArn": ROLE,
            **changes,
        }
        return {name: value for name, value in whole.items() if value is not None}

    def process(self, body: str = "", **changes: Any) -> str:
        """Starts a processing job; its name."""
        request = self.request(body, **changes)
        self.call("CreateProcessingJob", **request)
        return str(request["ProcessingJobName"])

    def processed(self, body: str = "", **changes: Any) -> Any:
        """DescribeProcessingJob's answer once the job has ended."""
        return self.process_ended(self.process(body, **changes))

    def processing(self, name: str) -> Any:
        return self.call("DescribeProcessingJob", ProcessingJobName=name)

    def process_ended(self, name: str) -> Any:
        def look() -> Any:
            described = self.processing(name)
            return described if described["ProcessingJobStatus"] in TERMINAL else None

        return eventually(look)

    def uri(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def stored(self, prefix: str) -> dict[str, str]:
        """The bucket's objects below the prefix, by what follows it in their keys."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        keys = [found["Key"] for found in listed]
        bodies = [self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode() for key in keys]
        return {key.removeprefix(prefix): body for key, body in zip(keys, bodies, strict=True)}

    def said(self, name: str) -> str:
        """The job's output so far."""
        log = self.home / "processing-jobs" / name / "log.txt"
        return log.read_text() if log.exists() else ""

    def is_awake(self, name: str) -> bool:
        """Waits until the job's program has said a word."""
        return bool(eventually(lambda: self.said(name)))


@contextmanager
def a_processing_world(s3: Any, path: Path, **settings: Any) -> Iterator[ProcessingWorld]:
    """A world whose jobs have all ended afterwards; a job told to stop has half a second to end."""
    world = ProcessingWorld(s3, path, **{"grace_s": 0.5, **settings})
    try:
        yield world
    finally:
        world.sagemaker.stop()


def cluster(**changes: Any) -> dict[str, Any]:
    """ProcessingResources; `None` leaves a member of its ClusterConfig out."""
    whole = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5, **changes}
    return {"ClusterConfig": {name: value for name, value in whole.items() if value is not None}}


def input_(uri: str, path: str = f"{BELOW}/in", name: str = "in", **s3: Any) -> dict[str, Any]:
    return {"InputName": name, "S3Input": {"S3Uri": uri, "LocalPath": path, "S3DataType": "S3Prefix", **s3}}


def output(uri: str, path: str = f"{BELOW}/out", name: str = "out", mode: str = "EndOfJob") -> dict[str, Any]:
    return {"OutputName": name, "S3Output": {"S3Uri": uri, "LocalPath": path, "S3UploadMode": mode}}


def outputs(*given: dict[str, Any], **more: Any) -> dict[str, Any]:
    """ProcessingOutputConfig."""
    return {"Outputs": list(given), **more}
