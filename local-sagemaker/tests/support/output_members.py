"""Every member of what Describe and List answer in the service model: always there, there in some case, or
never here, and why."""

from dataclasses import dataclass


@dataclass(frozen=True)
class When:
    """There at times."""

    case: str


@dataclass(frozen=True)
class Never:
    """Not here."""

    because: str


ALWAYS = When("always")
_ASKED = When("the request has it")
_ENDED, _STARTED, _FAILED = When("the job has ended"), When("the program was started"), When("the job failed")
_GROUND_TRUTH = Never("there is no Ground Truth and no AutoML here")
_RULES = Never("rules of Debugger and the profiler are refused")
_SERVERLESS = Never("serverless training jobs are refused")
_ROW_OF_A_SEARCH = {
    "TrainingJobDefinitionName": When("the definition has a name"),
    "TrainingJobName": ALWAYS,
    "TrainingJobArn": ALWAYS,
    "TuningJobName": When("it is the overall best training job, which may be a parent's"),
    "CreationTime": ALWAYS,
    "TrainingStartTime": _STARTED,
    "TrainingEndTime": _ENDED,
    "TrainingJobStatus": ALWAYS,
    "TunedHyperParameters": ALWAYS,
    "FailureReason": _FAILED,
    "FinalHyperParameterTuningJobObjectiveMetric": When("the training job has an objective"),
    "ObjectiveStatus": ALWAYS,
}
MEMBERS: dict[str, dict[str, When | Never]] = {
    "DescribeHyperParameterTuningJobResponse": {
        "HyperParameterTuningJobName": ALWAYS,
        "HyperParameterTuningJobArn": ALWAYS,
        "HyperParameterTuningJobConfig": ALWAYS,
        "TrainingJobDefinition": When("there is one algorithm"),
        "TrainingJobDefinitions": When("there are several algorithms"),
        "HyperParameterTuningJobStatus": ALWAYS,
        "CreationTime": ALWAYS,
        "HyperParameterTuningEndTime": _ENDED,
        "LastModifiedTime": ALWAYS,
        "TrainingJobStatusCounters": ALWAYS,
        "ObjectiveStatusCounters": ALWAYS,
        "BestTrainingJob": When("a training job has an objective"),
        "OverallBestTrainingJob": When("the warm start is IdenticalDataAndAlgorithm"),
        "WarmStartConfig": _ASKED,
        "Autotune": Never("Autotune is refused"),
        "FailureReason": _FAILED,
        "TuningJobCompletionDetails": ALWAYS,
        "ConsumedResources": ALWAYS,
    },
    "TrainingJobStatusCounters": dict.fromkeys(
        ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped"), ALWAYS
    ),
    "ObjectiveStatusCounters": dict.fromkeys(("Succeeded", "Pending", "Failed"), ALWAYS),
    "HyperParameterTuningJobCompletionDetails": {
        "NumberOfTrainingJobsObjectiveNotImproving": ALWAYS,
        "ConvergenceDetectedTime": When("the search has converged"),
    },
    "HyperParameterTuningJobConsumedResources": {"RuntimeInSeconds": ALWAYS},
    "HyperParameterTrainingJobSummary": _ROW_OF_A_SEARCH,
    "FinalHyperParameterTuningJobObjectiveMetric": dict.fromkeys(("Type", "MetricName", "Value"), ALWAYS),
    "HyperParameterTuningJobSummary": {
        **dict.fromkeys(
            (
                "HyperParameterTuningJobName", "HyperParameterTuningJobArn", "HyperParameterTuningJobStatus",
                "Strategy", "CreationTime", "LastModifiedTime", "TrainingJobStatusCounters",
                "ObjectiveStatusCounters", "ResourceLimits",
            ),
            ALWAYS,
        ),
        "HyperParameterTuningEndTime": _ENDED,
    },
    "TrainingJobSummary": {
        **dict.fromkeys(
            ("TrainingJobName", "TrainingJobArn", "CreationTime", "LastModifiedTime", "TrainingJobStatus",
             "SecondaryStatus"),
            ALWAYS,
        ),
        "TrainingEndTime": _ENDED,
        "WarmPoolStatus": Never("instances are not kept: the machine is always warm"),
        "TrainingPlanArn": Never("training plans are refused"),
    },
    "DescribeTrainingJobResponse": {
        **dict.fromkeys(
            (
                "TrainingJobName", "TrainingJobArn", "TrainingJobStatus", "SecondaryStatus", "AlgorithmSpecification",
                "RoleArn", "OutputDataConfig", "ResourceConfig", "StoppingCondition", "CreationTime",
                "LastModifiedTime", "SecondaryStatusTransitions", "EnableNetworkIsolation",
                "EnableInterContainerTrafficEncryption", "EnableManagedSpotTraining", "ProfilingStatus",
            ),
            ALWAYS,
        ),
        **dict.fromkeys(
            (
                "InputDataConfig", "VpcConfig", "CheckpointConfig", "DebugHookConfig", "ExperimentConfig",
                "ProfilerConfig", "Environment", "RetryStrategy", "RemoteDebugConfig", "InfraCheckConfig",
            ),
            _ASKED,
        ),
        "HyperParameters": When("there are any"),
        "TuningJobArn": When("a tuning job launched it"),
        "ModelArtifacts": When("the program left a model"),
        "FailureReason": _FAILED,
        "TrainingStartTime": _STARTED,
        "TrainingEndTime": _ENDED,
        "FinalMetricDataList": When("the log has metrics"),
        "TrainingTimeInSeconds": When("the program has ended"),
        "BillableTimeInSeconds": When("the program has ended"),
        "LabelingJobArn": _GROUND_TRUTH,
        "AutoMLJobArn": _GROUND_TRUTH,
        "WarmPoolStatus": Never("instances are not kept: the machine is always warm"),
        "DebugRuleConfigurations": _RULES,
        "DebugRuleEvaluationStatuses": _RULES,
        "ProfilerRuleConfigurations": _RULES,
        "ProfilerRuleEvaluationStatuses": _RULES,
        "TensorBoardOutputConfig": Never("it is refused"),
        "BillableTokenCount": _SERVERLESS,
        "ServerlessJobConfig": _SERVERLESS,
        "ProgressInfo": _SERVERLESS,
        "OutputModelPackageArn": _SERVERLESS,
        "ModelPackageConfig": Never("it is refused"),
        "MlflowConfig": Never("it is refused"),
        "MlflowDetails": Never("MLflow's config is refused"),
    },
    "SecondaryStatusTransition": {
        "Status": ALWAYS,
        "StartTime": ALWAYS,
        "EndTime": When("another came after it"),
        "StatusMessage": ALWAYS,
    },
    "MetricData": dict.fromkeys(("MetricName", "Value", "Timestamp"), ALWAYS),
}  # fmt: skip
"""By the shape's name. What is told back as it was asked for is not walked."""
