"""The SAM transform. It runs here and not in CloudFormation, so that the local AWS and AWS get the same template.

The price: a release of the transform reaches a stack only with a release of Retune.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import boto3
from samtranslator.metrics.metrics import DummyMetricsPublisher, Metrics
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def transform(template: Mapping[str, Any], bucket: str, key: str, region: str) -> dict[str, Any]:
    """Turn the SAM template into plain CloudFormation, with the functions' code at `s3://bucket/key`."""
    sam = deepcopy(dict(template))
    for resource in sam["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    metrics = Metrics("retune", DummyMetricsPublisher())
    translator = Translator(None, Parser(), boto_session=boto3.Session(region_name=region), metrics=metrics)
    plain: dict[str, Any] = translator.translate(sam, parameter_values={}, get_managed_policy_map=dict)
    metrics.publish()  # to a dummy; unpublished metrics would print a warning
    return plain
