"""Requests that the local AWS accepts, with as many members as fit together."""

import json
from typing import Any

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:latest"
S3 = {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/in/", "S3DataDistributionType": "ShardedByS3Key"}
DEFINITION: dict[str, Any] = {
    "AlgorithmSpecification": {
        "TrainingImage": IMAGE,
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "mse", "Regex": "mse=(.*)"}],
    },
    "RoleArn": "arn:aws:iam::123456789012:role/training",
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {"S3DataSource": {**S3, "ModelAccessConfig": {"AcceptEula": True}}},
            "ContentType": "text/csv",
            "CompressionType": "None",
            "RecordWrapperType": "None",
            "InputMode": "FastFile",
            "ShuffleConfig": {"Seed": 1},
        }
    ],
    "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
    "OutputDataConfig": {"KmsKeyId": "alias/k", "S3OutputPath": "s3://bucket/out/", "CompressionType": "NONE"},
    "ResourceConfig": {
        "InstanceType": "ml.m5.large",
        "InstanceCount": 1,
        "VolumeSizeInGB": 5,
        "VolumeKmsKeyId": "alias/k",
        "KeepAlivePeriodInSeconds": 60,
    },
    "StoppingCondition": {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60, "MaxPendingTimeInSeconds": 1800},
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
    "EnableManagedSpotTraining": True,
    "CheckpointConfig": {"S3Uri": "s3://bucket/checkpoints/", "LocalPath": "/opt/ml/checkpoints"},
    "RetryStrategy": {"MaximumRetryAttempts": 1},
    "Environment": {"NAME": "value"},
}
TRAINING_JOB: dict[str, Any] = {
    **DEFINITION,
    "TrainingJobName": "a-training-job",
    "HyperParameters": {"x": "1"},
    "AlgorithmSpecification": {
        **DEFINITION["AlgorithmSpecification"],
        "EnableSageMakerMetricsTimeSeries": True,
        "ContainerEntrypoint": ["python"],
        "ContainerArguments": ["train.py"],
        "TrainingImageConfig": {"TrainingRepositoryAccessMode": "Platform"},
    },
    "Tags": [{"Key": "team", "Value": "a"}],
    "DebugHookConfig": {
        "LocalPath": "/opt/ml/output/tensors",
        "S3OutputPath": "s3://bucket/debug/",
        "HookParameters": {"save_interval": "1"},
        "CollectionConfigurations": [{"CollectionName": "losses", "CollectionParameters": {"save_interval": "1"}}],
    },
    "ExperimentConfig": {
        "ExperimentName": "e", "TrialName": "t", "TrialComponentDisplayName": "d", "RunName": "r",
    },
    "ProfilerConfig": {
        "S3OutputPath": "s3://bucket/profile/",
        "ProfilingIntervalInMilliseconds": 500,
        "ProfilingParameters": {"a": "b"},
        "DisableProfiler": False,
    },
    "RemoteDebugConfig": {"EnableRemoteDebug": False},
    "InfraCheckConfig": {"EnableInfraCheck": True},
    "SessionChainingConfig": {"EnableSessionTagChaining": True},
}  # fmt: skip
PROCESSING_JOB: dict[str, Any] = {
    "ProcessingJobName": "a-processing-job",
    "AppSpecification": {
        "ImageUri": IMAGE, "ContainerEntrypoint": ["python"], "ContainerArguments": ["clean.py"],
    },
    "ProcessingResources": {
        "ClusterConfig": {
            "InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5, "VolumeKmsKeyId": "alias/k",
        },
    },
    "ProcessingInputs": [
        {
            "InputName": "in",
            "AppManaged": False,
            "S3Input": {
                "S3Uri": "s3://bucket/in/",
                "LocalPath": "/opt/ml/processing/in",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
                "S3DataDistributionType": "ShardedByS3Key",
                "S3CompressionType": "None",
            },
        },
    ],
    "ProcessingOutputConfig": {
        "Outputs": [
            {
                "OutputName": "out",
                "AppManaged": False,
                "S3Output": {
                    "S3Uri": "s3://bucket/out/", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "Continuous",
                },
            },
        ],
        "KmsKeyId": "alias/k",
    },
    "NetworkConfig": {
        "EnableInterContainerTrafficEncryption": True,
        "EnableNetworkIsolation": True,
        "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
    },
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "RoleArn": "arn:aws:iam::123456789012:role/processing",
    "Environment": {"NAME": "value"},
    "ExperimentConfig": {
        "ExperimentName": "e", "TrialName": "t", "TrialComponentDisplayName": "d", "RunName": "r",
    },
    "Tags": [{"Key": "team", "Value": "a"}],
}  # fmt: skip
OBJECTIVE = {"Type": "Minimize", "MetricName": "mse"}
RANGES: dict[str, Any] = {
    "IntegerParameterRanges": [{"Name": "i", "MinValue": "1", "MaxValue": "9", "ScalingType": "Logarithmic"}],
    "ContinuousParameterRanges": [
        {"Name": "c", "MinValue": "0", "MaxValue": "0.9", "ScalingType": "ReverseLogarithmic"}
    ],
    "CategoricalParameterRanges": [{"Name": "v", "Values": ["a", "b"]}],
}
TUNING_JOB: dict[str, Any] = {
    "HyperParameterTuningJobName": "a-tuning-job",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": OBJECTIVE,
        "ResourceLimits": {
            "MaxNumberOfTrainingJobs": 10, "MaxParallelTrainingJobs": 2, "MaxRuntimeInSeconds": 3600,
        },
        "ParameterRanges": RANGES,
        "TrainingJobEarlyStoppingType": "Auto",
        "TuningJobCompletionCriteria": {
            "TargetObjectiveMetricValue": 0.5,
            "BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3},
            "ConvergenceDetected": {"CompleteOnConvergence": "Enabled"},
        },
        "RandomSeed": 1,
    },
    "TrainingJobDefinition": {**DEFINITION, "DefinitionName": "d", "StaticHyperParameters": {"s": "1"}},
    "Tags": [{"Key": "team", "Value": "a"}],
}  # fmt: skip


def changed(request: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The request with members replaced by their dotted paths, items by their numbers; None removes one."""
    request = json.loads(json.dumps(request))  # a copy in which nothing is shared
    for path, value in changes.items():
        *steps, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
        inner: Any = request
        for step in steps:
            inner = inner[step]
        if value is None:
            del inner[last]
        else:
            inner[last] = value
    return request


_OWN = {"TuningObjective": OBJECTIVE, "HyperParameterRanges": RANGES, "StaticHyperParameters": {"s": "1"}}
_FLEXIBLE = {
    "InstanceConfigs": [{"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}],
    "AllocationStrategy": "Prioritized",
    "VolumeKmsKeyId": "alias/k",
}
SEVERAL = changed(
    TUNING_JOB,
    {
        "TrainingJobDefinition": None,
        "HyperParameterTuningJobConfig.HyperParameterTuningJobObjective": None,
        "HyperParameterTuningJobConfig.ParameterRanges": None,
        "HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType": "Off",
        "TrainingJobDefinitions": [
            {**DEFINITION, **_OWN, "DefinitionName": "one"},
            {**DEFINITION, **_OWN, "DefinitionName": "two"},
        ],
    },
)
FLEXIBLE = changed(
    TUNING_JOB,
    {
        "TrainingJobDefinition.ResourceConfig": None,
        "TrainingJobDefinition.HyperParameterTuningResourceConfig": _FLEXIBLE,
    },
)
HYPERBAND = changed(
    TUNING_JOB,
    {
        "HyperParameterTuningJobConfig.Strategy": "Hyperband",
        "HyperParameterTuningJobConfig.StrategyConfig": {
            "HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 9}
        },
        "HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType": "Off",
    },
)
TUNING_JOBS = {"one algorithm": TUNING_JOB, "several": SEVERAL, "flexible instances": FLEXIBLE, "Hyperband": HYPERBAND}
