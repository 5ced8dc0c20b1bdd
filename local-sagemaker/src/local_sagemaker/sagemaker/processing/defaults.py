"""Defaults that AWS adds to CreateProcessingJob's request before Describe returns it, and the instance it chose."""

from collections.abc import Mapping
from typing import Any

DEFAULT_MAX_RUNTIME_S = 86_400


def filled(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request with its defaults: documented ones, and those that clients were seen to get from AWS."""
    whole = {"StoppingCondition": {"MaxRuntimeInSeconds": DEFAULT_MAX_RUNTIME_S}, **request}
    whole["ProcessingResources"] = {"ClusterConfig": _filled_cluster(request["ProcessingResources"]["ClusterConfig"])}
    if "ProcessingInputs" in request:
        whole["ProcessingInputs"] = [_filled_input(given) for given in request["ProcessingInputs"]]
    if config := request.get("ProcessingOutputConfig"):
        outputs = [{"AppManaged": False, **given} for given in config["Outputs"]]
        whole["ProcessingOutputConfig"] = {**config, "Outputs": outputs}
    return whole


def instance_type(cluster: Mapping[str, Any]) -> str:
    """The instance type that the job runs on."""
    return str(cluster.get("InstanceType") or cluster["SelectedInstanceType"])


def _filled_cluster(cluster: Mapping[str, Any]) -> dict[str, Any]:
    """Here the first of the InstancePreferences always has capacity."""
    if "InstancePreferences" not in cluster:
        return {"InstanceCount": 1, **cluster}
    first = cluster["InstancePreferences"][0]
    chosen = {"SelectedInstanceType": first["InstanceType"], "SelectedInstanceCount": first.get("InstanceCount", 1)}
    return {**cluster, **chosen}


def _filled_input(given: Mapping[str, Any]) -> dict[str, Any]:
    source = {
        "S3InputMode": "File",
        "S3DataDistributionType": "FullyReplicated",
        "S3CompressionType": "None",
        **given["S3Input"],
    }
    return {"AppManaged": False, **given, "S3Input": source}
