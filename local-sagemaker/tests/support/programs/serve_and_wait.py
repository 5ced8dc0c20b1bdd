"""A program that hosts one endpoint, tells its name, and waits, to be killed: `serve_and_wait.py HOME IMAGES`."""

import sys
import time
from contextlib import suppress
from pathlib import Path

from local_sagemaker import LocalSageMaker
from local_sagemaker.clients import client
from support.hosting_world import VARIANT
from support.sagemaker_world import ROLE

with LocalSageMaker(Path(sys.argv[1]), images={"image": Path(sys.argv[2])}) as aws:
    sagemaker = client("sagemaker", aws.endpoint_url, aws.region)
    sagemaker.create_model(ModelName="m", PrimaryContainer={"Image": "a/image:1"}, ExecutionRoleArn=ROLE)
    variants = [{"VariantName": "v", "ModelName": "m", **VARIANT}]
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=variants)
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    while sagemaker.describe_endpoint(EndpointName="e")["EndpointStatus"] == "Creating":
        time.sleep(0.05)
    sys.stdout.write(f"{aws.endpoint_url}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        time.sleep(120)
