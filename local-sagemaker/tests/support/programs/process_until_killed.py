"""A program that runs a local AWS with a processing job in it, to be killed: `process_until_killed.py HOME`."""

import json
import sys
import time
from pathlib import Path

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.account import LETS_RULES_IN
from support.processing_world import PROLOGUE, cluster, output, outputs
from support.sagemaker_world import ROLE

JOB = "nightly"
BODY = """
write("../../../runs", f"{os.getpid()}\\n", "a")
write("processing/out/part", "1")
if len(open(ml + "/../../../runs").readlines()) == 1:
    time.sleep(600)
write("processing/out/part", "2")
"""


def images(home: Path) -> dict[str, Path]:
    """The one image: a program that notes each of its runs, and of which only the second comes to an end."""
    program = home / "images" / "cleaner" / "entrypoint"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(PROLOGUE + BODY)
    program.chmod(0o755)
    return {"cleaner": program.parent}


if __name__ == "__main__":
    here = Path(sys.argv[1])
    with LocalSageMaker(here, images=images(here)) as aws:
        of = {name: client(name, aws.endpoint_url, aws.region) for name in ("s3", "sqs", "events", "sagemaker")}
        of["s3"].create_bucket(Bucket="data")
        of["sqs"].create_queue(QueueName="states", Attributes=LETS_RULES_IN)
        pattern = {"source": ["aws.sagemaker"], "detail-type": ["SageMaker Processing Job State Change"]}
        of["events"].put_rule(Name="states", EventPattern=json.dumps(pattern))
        target = {"Id": "1", "Arn": f"arn:aws:sqs:{aws.region}:{aws.account}:states"}
        of["events"].put_targets(Rule="states", Targets=[target])
        of["sagemaker"].create_processing_job(
            ProcessingJobName=JOB,
            AppSpecification={"ImageUri": f"{aws.account}.dkr.ecr.us-east-1.amazonaws.com/cleaner:latest"},
            ProcessingResources=cluster(),
            ProcessingOutputConfig=outputs(output("s3://data/out")),
            RoleArn=ROLE,
        )
        time.sleep(600)
