"""Which permissions a call to SageMaker needs.

docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html. No source settles whether
CreateModelPackage reads the model and the image with the caller's permissions. Here it does not; only
`_model_package` depends on it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from local_sagemaker.iam.policy import Permission

Request = Mapping[str, Any]
Arn = Callable[[str, str], str]
"""Kind and name → ARN."""


def _tuning_job(request: Request, arn: Arn) -> Iterator[Permission]:
    job = arn("hyper-parameter-tuning-job", request.get("HyperParameterTuningJobName", ""))
    definitions = [*request.get("TrainingJobDefinitions", ()), request.get("TrainingJobDefinition") or {}]
    yield from _creation("CreateHyperParameterTuningJob", job, request, [one for one in definitions if one])


def _processing_job(request: Request, arn: Arn) -> Iterator[Permission]:
    """Its condition keys are those of a training job, which has the same settings in other places."""
    cluster, network = request.get("ProcessingResources", {}).get("ClusterConfig", {}), request.get("NetworkConfig", {})
    definition = {
        **network,
        "ResourceConfig": {**cluster, "InstanceGroups": cluster.get("InstancePreferences", ())},
        "StoppingCondition": request.get("StoppingCondition", {}),
        "OutputDataConfig": request.get("ProcessingOutputConfig", {}),
        **{name: request[name] for name in ("RoleArn",) if name in request},
    }
    job = arn("processing-job", request.get("ProcessingJobName", ""))
    yield from _creation("CreateProcessingJob", job, request, [definition])


def _creation(action: str, job: str, request: Request, definitions: list[Request]) -> Iterator[Permission]:
    """The job itself, its tags, and each role that its definitions pass."""
    yield Permission(f"sagemaker:{action}", job, _context(request, definitions))
    if request.get("Tags"):
        yield Permission("sagemaker:AddTags", job, _tags(request))
    for role in dict.fromkeys(one["RoleArn"] for one in definitions if "RoleArn" in one):
        yield Permission("iam:PassRole", role, {"iam:passedtoservice": ("sagemaker.amazonaws.com",)})


def _context(request: Request, definitions: list[Request]) -> dict[str, tuple[str, ...]]:
    """The condition keys of several definitions, read strictly: every instance type, the longest run, network isolation
    only if all definitions have it."""
    configs = [one.get("ResourceConfig") or one.get("HyperParameterTuningResourceConfig") or {} for one in definitions]
    types = [config["InstanceType"] for config in configs if "InstanceType" in config]
    types += [group["InstanceType"] for config in configs for group in config.get("InstanceGroups", ())]
    runs = [one.get("StoppingCondition", {}).get("MaxRuntimeInSeconds") for one in definitions]
    networks = [one.get("VpcConfig") or {} for one in definitions]
    found = {
        "sagemaker:instancetypes": types,
        "sagemaker:maxruntimeinseconds": [max(run for run in runs if run)] if any(runs) else [],
        "sagemaker:networkisolation": [_all(definitions, "EnableNetworkIsolation")],
        "sagemaker:intercontainertrafficencryption": [_all(definitions, "EnableInterContainerTrafficEncryption")],
        "sagemaker:vpcsubnets": [one for network in networks for one in network.get("Subnets", ())],
        "sagemaker:vpcsecuritygroupids": [one for network in networks for one in network.get("SecurityGroupIds", ())],
        "sagemaker:volumekmskey": [config["VolumeKmsKeyId"] for config in configs if config.get("VolumeKmsKeyId")],
        "sagemaker:outputkmskey": [
            one["OutputDataConfig"]["KmsKeyId"]
            for one in definitions
            if one.get("OutputDataConfig", {}).get("KmsKeyId")
        ],
    }
    return {**{key: tuple(map(str, values)) for key, values in found.items() if values}, **_tags(request)}


def _all(definitions: list[Request], member: str) -> str:
    return str(bool(definitions) and all(one.get(member) for one in definitions)).lower()


def _tags(request: Request) -> dict[str, tuple[str, ...]]:
    tags = {tag["Key"]: tag.get("Value", "") for tag in request.get("Tags") or ()}
    given = {f"aws:requesttag/{key.lower()}": (value,) for key, value in tags.items()}
    return {**given, "aws:tagkeys": tuple(tags)} if tags else {}


def _model_package(request: Request, arn: Arn) -> Iterator[Permission]:
    """AWS's table lists both resource types for a versioned package, neither as required: both must be allowed."""
    group = request.get("ModelPackageGroupName", "").rpartition("/")[2]
    context = {"sagemaker:modelapprovalstatus": (request.get("ModelApprovalStatus", "PendingManualApproval"),)}
    if group:
        yield Permission("sagemaker:CreateModelPackage", arn("model-package-group", group), context)
    name = f"{group}/1" if group else request.get("ModelPackageName", "")
    yield Permission("sagemaker:CreateModelPackage", arn("model-package", name), {**context, **_tags(request)})


def _group(request: Request, arn: Arn) -> Iterator[Permission]:
    group = arn("model-package-group", request.get("ModelPackageGroupName", ""))
    yield Permission("sagemaker:CreateModelPackageGroup", group, _tags(request))
    if request.get("Tags"):
        yield Permission("sagemaker:AddTags", group, _tags(request))


def _on(action: str, kind: str, member: str) -> Callable[[Request, Arn], Iterator[Permission]]:
    return lambda request, arn: iter([Permission(f"sagemaker:{action}", arn(kind, str(request.get(member, ""))))])


def _on_all(action: str) -> Callable[[Request, Arn], Iterator[Permission]]:
    return lambda request, arn: iter([Permission(f"sagemaker:{action}", "*")])


def _on_what_has_tags(action: str) -> Callable[[Request, Arn], Iterator[Permission]]:
    return lambda request, arn: iter(
        [Permission(f"sagemaker:{action}", request.get("ResourceArn", ""), _tags(request))]
    )


_PROCESSING_JOB = ("processing-job", "ProcessingJobName")
_TUNING_JOB = ("hyper-parameter-tuning-job", "HyperParameterTuningJobName")
OPERATIONS: dict[str, Callable[[Request, Arn], Iterator[Permission]]] = {
    "CreateHyperParameterTuningJob": _tuning_job,
    "CreateProcessingJob": _processing_job,
    "CreateModelPackage": _model_package,
    "CreateModelPackageGroup": _group,
    "AddTags": _on_what_has_tags("AddTags"),
    "ListTags": _on_what_has_tags("ListTags"),
    "ListHyperParameterTuningJobs": _on_all("ListHyperParameterTuningJobs"),
    "ListTrainingJobs": _on_all("ListTrainingJobs"),
    "Search": _on_all("Search"),
    "GetSearchSuggestions": _on_all("GetSearchSuggestions"),
    "ListProcessingJobs": _on_all("ListProcessingJobs"),
    "DescribeTrainingJob": _on("DescribeTrainingJob", "training-job", "TrainingJobName"),
    "StopTrainingJob": _on("StopTrainingJob", "training-job", "TrainingJobName"),
    "DescribeModelPackageGroup": _on("DescribeModelPackageGroup", "model-package-group", "ModelPackageGroupName"),
    **{
        name: _on(name, *_PROCESSING_JOB)
        for name in ("DescribeProcessingJob", "StopProcessingJob", "DeleteProcessingJob")
    },
    **{
        name: _on(name, *_TUNING_JOB)
        for name in (
            "DescribeHyperParameterTuningJob",
            "StopHyperParameterTuningJob",
            "ListTrainingJobsForHyperParameterTuningJob",
        )
    },
}
