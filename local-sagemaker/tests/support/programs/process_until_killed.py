"""A program that runs a local AWS with a processing job in it, to be killed: `process_until_killed.py HOME`."""

import sys
import time
from pathlib import Path

from local_sagemaker import LocalSageMaker
from support.processing_world import PROLOGUE, cluster, output, outputs
from support.programs.killed_aws import image, queue_events
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
    return image(home, "cleaner", PROLOGUE + BODY)


if __name__ == "__main__":
    here = Path(sys.argv[1])
    with LocalSageMaker(here, images=images(here)) as aws:
        aws.client("s3").create_bucket(Bucket="data")
        detail_type = ["SageMaker Processing Job State Change"]
        queue_events(aws, "states", {"source": ["aws.sagemaker"], "detail-type": detail_type})
        aws.client("sagemaker").create_processing_job(
            ProcessingJobName=JOB,
            AppSpecification={"ImageUri": f"{aws.account}.dkr.ecr.us-east-1.amazonaws.com/cleaner:latest"},
            ProcessingResources=cluster(),
            ProcessingOutputConfig=outputs(output("s3://data/out")),
            RoleArn=ROLE,
        )
        time.sleep(600)
