"""Defaults that AWS adds to a request before Describe returns it: observed in published responses of
DescribeTrainingJob and DescribeHyperParameterTuningJob, or documented as the member's default."""

from collections.abc import Mapping
from typing import Any

from local_sagemaker.sagemaker.jobs.definitions import resource_config

DEFAULT_MAX_RUNTIME_S = 86_400
_SWITCHES = ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption", "EnableManagedSpotTraining")


def filled_training_job(request: Mapping[str, Any]) -> dict[str, Any]:
    """CreateTrainingJob's request with its defaults. ProfilingStatus is Disabled, since nothing is profiled."""
    filled = filled_definition(request)
    filled["AlgorithmSpecification"] = {"EnableSageMakerMetricsTimeSeries": False, **request["AlgorithmSpecification"]}
    filled["OutputDataConfig"] = {"CompressionType": "GZIP", **filled["OutputDataConfig"]}
    return {**filled, "ProfilingStatus": "Disabled"}


def filled_definition(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A training job definition with its defaults.

    A HyperParameterTuningResourceConfig is also returned as ResourceConfig. AWS documents neither this nor the
    opposite, but the SageMaker SDK, which is tested against AWS, sends the former and reads the latter
    (`HyperparameterTuner.attach`).
    """
    filled: dict[str, Any] = {**dict.fromkeys(_SWITCHES, False), **definition}
    filled["OutputDataConfig"] = {"KmsKeyId": "", **definition["OutputDataConfig"]}
    condition = definition.get("StoppingCondition", {})
    filled["StoppingCondition"] = {"MaxRuntimeInSeconds": DEFAULT_MAX_RUNTIME_S, **condition}
    if resources := definition.get("HyperParameterTuningResourceConfig"):
        filled.setdefault("ResourceConfig", resource_config(resources))
    if "InputDataConfig" in definition:
        filled["InputDataConfig"] = [_filled_channel(channel) for channel in definition["InputDataConfig"]]
    return filled


def filled_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """A tuning job's config with its defaults."""
    return {"TrainingJobEarlyStoppingType": "Off", **config}


def _filled_channel(channel: Mapping[str, Any]) -> dict[str, Any]:
    source = channel["DataSource"]
    data = {"S3DataSource": {"S3DataDistributionType": "FullyReplicated", **source["S3DataSource"]}}
    return {"CompressionType": "None", "RecordWrapperType": "None", **channel, "DataSource": data}
