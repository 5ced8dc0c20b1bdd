"""How many instances the account may train on at a time: none, in many a new one.

Service Quotas names them `ml.m5.large for training job usage`; spot's are others. SageMaker has some two thousand
quotas and no call that finds one by its name, so they are read page by page until all that matter are found.
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.spec.model import TuningSpec
from cli.doctor.finding import Finding
from cli.target.stack import Stack
from cli.target.target import Target

USAGE, SPOT_USAGE = " for training job usage", " for spot training job usage"
CONSOLE = "https://console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas"


def quotas(target: Target, stack: Stack | None) -> Iterator[Finding]:
    """Of the instance type that a tuning spec gets by itself; others that the stack allows are named if they are 0."""
    if target.is_here:
        yield Finding("quotas", None, "the local AWS has those of ./retune up --quota")
        return
    usual = TuningSpec(target="y")
    types = stack.ceilings.instance_types if stack else (usual.instance_type,)
    first = usual.instance_type if usual.instance_type in types else types[0]
    most = stack.ceilings.max_parallel_jobs if stack else usual.max_parallel_jobs
    usage = SPOT_USAGE if stack and stack.parameters.get("Spot") == "true" else USAGE
    found = _find(target.client("service-quotas"), {f"{one}{usage}" for one in types})
    yield _of(first, found.get(f"{first}{usage}"), most)
    none_of = [one for one in types if one != first and _value(found.get(f"{one}{usage}")) == 0]
    if none_of:
        what = f"the account may not train on {', '.join(none_of)}, which the stack allows"
        yield Finding("other quotas", None, what, f"ask for them at {CONSOLE}, if anybody wants them")


def _find(service_quotas: Any, names: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for page in service_quotas.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker"):
        found |= {one["QuotaName"]: one for one in page["Quotas"] if one["QuotaName"] in names}
        if len(found) == len(names):
            break
    return found


def _of(instance_type: str, quota: Any, most: int) -> Finding:
    name = f"quota {instance_type}"
    if quota is None:
        return Finding(name, None, "Service Quotas does not tell it here", f"see {CONSOLE}")
    value = int(quota["Value"])
    ask = (
        "aws service-quotas request-service-quota-increase --service-code sagemaker"
        f" --quota-code {quota['QuotaCode']} --desired-value {most}"
    )
    what = f"{value} instances at a time may train"
    if value == 0:
        return Finding(name, False, f"{what}: tuning jobs wait", "ask for more; AWS takes a day or more", ask)
    if value < most:
        return Finding(name, None, f"{what}; one tuning job may ask for {most}", "ask for more", ask)
    return Finding(name, True, what)


def _value(quota: Any) -> float | None:
    return None if quota is None else float(quota["Value"])
