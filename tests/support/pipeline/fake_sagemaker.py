"""A SageMaker client with memory: names are a lock, tags are kept, jobs end when the test says so."""

from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class FakeSageMaker:
    """Answers the calls that `chalicelib.aws.sagemaker` makes, in boto3's shapes."""

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        self.requests: list[dict[str, Any]] = []
        self.refuse_with: ClientError | None = None
        self.metrics: dict[str, float] = {}
        """In every training job's log."""
        self.model_packages: dict[str, dict[str, Any]] = {}
        self.groups: set[str] = set()

    def end(self, name: str, status: str = "Completed", objectives: tuple[float, ...] = (0.3, 0.1, 0.2)) -> None:
        """Let a tuning job end, its training jobs completed with these objectives."""
        self.jobs[name]["status"] = status
        self.jobs[name]["objectives"] = objectives

    def create_hyper_parameter_tuning_job(self, **request: Any) -> dict[str, Any]:
        if self.refuse_with:
            raise self.refuse_with
        name = request["HyperParameterTuningJobName"]
        if name in self.jobs:
            raise client_error("ResourceInUse", f"{name} already exists")
        self.requests.append(request)
        self.jobs[name] = {"status": "InProgress", "request": request, "objectives": (), "tags": request["Tags"]}
        return {"HyperParameterTuningJobArn": _arn(name)}

    def describe_hyper_parameter_tuning_job(self, HyperParameterTuningJobName: str) -> dict[str, Any]:  # noqa: N803
        job = self._job(HyperParameterTuningJobName)
        return {
            "HyperParameterTuningJobName": HyperParameterTuningJobName,
            "HyperParameterTuningJobArn": _arn(HyperParameterTuningJobName),
            "HyperParameterTuningJobStatus": job["status"],
            "TrainingJobDefinition": job["request"].get("TrainingJobDefinition", {}),
            "CreationTime": EPOCH,
        }

    def stop_hyper_parameter_tuning_job(self, HyperParameterTuningJobName: str) -> None:  # noqa: N803
        job = self._job(HyperParameterTuningJobName)
        if job["status"] != "InProgress":
            raise client_error("ValidationException", f"the tuning job is already in status {job['status']}")
        job["status"] = "Stopping"

    def describe_training_job(self, TrainingJobName: str) -> dict[str, Any]:  # noqa: N803
        uri = f"s3://models/{TrainingJobName}/output/model.tar.gz"
        return {
            "HyperParameters": {"degree": "2", "target": "y", "_tuning_objective_metric": "mse"},
            "ModelArtifacts": {"S3ModelArtifacts": uri},
            "FinalMetricDataList": [
                {"MetricName": name, "Value": value, "Timestamp": EPOCH} for name, value in self.metrics.items()
            ],
        }

    def create_model_package_group(self, ModelPackageGroupName: str, **_: Any) -> None:  # noqa: N803
        if ModelPackageGroupName in self.groups:
            raise client_error("ValidationException", "Model Package Group already exists: arn")
        self.groups.add(ModelPackageGroupName)

    def create_model_package(self, **asked: Any) -> dict[str, str]:
        self.model_packages.setdefault(asked["ClientToken"], asked)
        return {"ModelPackageArn": f"arn:model-package/{asked['ModelPackageGroupName']}/{asked['ClientToken']}"}

    def describe_model_package(self, ModelPackageName: str) -> dict[str, Any]:  # noqa: N803
        return self.model_packages[ModelPackageName.rsplit("/", 1)[1]]

    def get_paginator(self, operation: str) -> "Pages":
        return Pages(getattr(self, f"_{operation}"))

    def _list_model_package_groups(self, **_: Any) -> dict[str, Any]:
        return {"ModelPackageGroupSummaryList": [{"ModelPackageGroupName": name} for name in sorted(self.groups)]}

    def _list_model_packages(self, ModelPackageGroupName: str) -> dict[str, Any]:  # noqa: N803
        asked = self.model_packages.values()
        names = [one["ClientToken"] for one in asked if one["ModelPackageGroupName"] == ModelPackageGroupName]
        arn = f"arn:aws:sagemaker:us-east-1:123456789012:model-package/{ModelPackageGroupName}"
        return {"ModelPackageSummaryList": [{"ModelPackageArn": f"{arn}/{name}"} for name in names]}

    def _list_tags(self, ResourceArn: str) -> dict[str, Any]:  # noqa: N803
        return {"Tags": self._job(ResourceArn.rsplit("/", 1)[1])["tags"]}

    def _list_hyper_parameter_tuning_jobs(self, **_: Any) -> dict[str, Any]:
        names = [name for name, job in self.jobs.items() if job["status"] == "InProgress"]
        return {"HyperParameterTuningJobSummaries": [{"HyperParameterTuningJobName": name} for name in names]}

    def _list_training_jobs_for_hyper_parameter_tuning_job(self, **asked: Any) -> dict[str, Any]:
        name = asked["HyperParameterTuningJobName"]
        return {
            "TrainingJobSummaries": [
                {
                    "TrainingJobName": f"{name}-{number:03d}-00000000",
                    "TrainingJobStatus": "Completed",
                    "TunedHyperParameters": {"degree": str(number)},
                    "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "mse", "Value": value},
                    "TrainingStartTime": EPOCH,
                    "TrainingEndTime": EPOCH,
                }
                for number, value in enumerate(self._job(name)["objectives"], start=1)
            ]
        }

    def _job(self, name: str) -> dict[str, Any]:
        if name not in self.jobs:
            raise client_error("ResourceNotFound", f"Amazon SageMaker can't find a tuning job called {name}.")
        return self.jobs[name]


class Pages:
    """A paginator that has one page."""

    def __init__(self, call: Any):
        self._call = call

    def paginate(self, PaginationConfig: Any = None, **arguments: Any) -> Any:  # noqa: N803
        yield self._call(**arguments)


def client_error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


def _arn(name: str) -> str:
    return f"arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/{name}"
