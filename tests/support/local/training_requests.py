"""The smallest requests for training and tuning jobs, without data; the metric is what the image prints as `mse=`."""

from typing import Any


def definition(image: str, role_arn: str, output_uri: str) -> dict[str, Any]:
    """A training job's, or that of a tuning job's training jobs."""
    return {
        "AlgorithmSpecification": {
            "TrainingImage": image,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "mse", "Regex": "mse=([0-9.]+)"}],
        },
        "RoleArn": role_arn,
        "OutputDataConfig": {"S3OutputPath": output_uri},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }


def random_search(jobs: int, parallel: int) -> dict[str, Any]:
    """A tuning job's config, over `x` from 0 to 1."""
    return {
        "Strategy": "Random",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "mse"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": jobs, "MaxParallelTrainingJobs": parallel},
        "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "1"}]},
    }
