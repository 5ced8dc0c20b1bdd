"""A program that hosts one endpoint, tells its name, and waits, to be killed: `serve_and_wait.py HOME IMAGES`."""

import sys
import time
from contextlib import suppress
from pathlib import Path

from localaws import LocalAws
from localaws.clients import client
from tests.unit.localaws.hosting_world import VARIANT
from tests.unit.localaws.sagemaker_world import ROLE

with LocalAws(Path(sys.argv[1]), images={"image": Path(sys.argv[2])}) as aws:
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
