"""Whether the Lambdas work: their errors of the last day, and whether the sweep runs."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.messages.wording import count
from cli.doctor.finding import Finding
from cli.target.parts import Part, functions
from cli.target.stack import Stack
from cli.target.target import Target

DAY = timedelta(days=1)
MISSED = 3
"""So many periods without a sweep are not chance."""


def lambdas(
    target: Target, stack: Stack, parts: tuple[Part, ...], now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Finding]:
    """From CloudWatch's metrics of Lambda, which the local AWS does not keep."""
    if target.is_here:
        yield Finding("Lambdas", None, "the local AWS counts no errors: ./retune logs --function NAME")
        return
    names, cloudwatch = functions(parts), target.client("cloudwatch")
    until = now()
    for name, function in names.items():
        errors = _sum(cloudwatch, function, "Errors", until - DAY, until)
        what = f"{count(int(errors), 'error')} in the last day" if errors else "no errors in the last day"
        yield Finding(name, errors == 0, what, command=f"./retune logs --function {name} --since 1d")
    if "sweep" in names:
        yield _swept(target, stack, names["sweep"], until)


def _swept(target: Target, stack: Stack, function: str, now: datetime) -> Finding:
    """A stack that was made only now has not swept yet, and need not have."""
    patience = timedelta(minutes=MISSED * int(stack.parameters.get("SweepMinutes", "15")))
    found = target.client("cloudformation").describe_stacks(StackName=stack.name)["Stacks"][0]
    name, lately = "sweep's schedule", f"in the last {patience.seconds // 60} minutes"
    if _sum(target.client("cloudwatch"), function, "Invocations", now - patience, now):
        return Finding(name, True, f"ran {lately}")
    if now - found["CreationTime"] < patience:
        return Finding(name, None, "has not run yet: the stack is new")
    return Finding(name, False, f"has not run {lately}", "is its rule enabled?", "./retune deploy")


def _sum(cloudwatch: Any, function: str, metric: str, since: datetime, until: datetime) -> float:
    told = cloudwatch.get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName=metric,
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=since,
        EndTime=until,
        Period=int((until - since).total_seconds()),
        Statistics=["Sum"],
    )
    return float(sum(point["Sum"] for point in told["Datapoints"]))
