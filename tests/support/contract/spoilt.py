"""Ways to spoil a good request, each breaking one rule of AWS."""

from collections.abc import Callable
from typing import Any

CONFIG, DEFINITION = "HyperParameterTuningJobConfig", "TrainingJobDefinition"
SPOILT: dict[str, Callable[[dict[str, Any]], object]] = {
    "a name too long": lambda r: r.update(HyperParameterTuningJobName="a" * 33),
    "a name with an underscore": lambda r: r.update(HyperParameterTuningJobName="a_b"),
    "an unknown member": lambda r: r.update(Surprise=1),
    "a missing member": lambda r: r[CONFIG].pop("ResourceLimits"),
    "a number for a string": lambda r: r[DEFINITION]["StaticHyperParameters"].update(folds=5),
    "an unknown strategy": lambda r: r[CONFIG].update(Strategy="Bogus"),
    "an unknown instance type": lambda r: r[DEFINITION]["ResourceConfig"].update(InstanceType="ml.x1.huge"),
    "a role that is none": lambda r: r[DEFINITION].update(RoleArn="arn:aws:iam::1:user/somebody"),
    "a newline in a hyperparameter": lambda r: r[DEFINITION]["StaticHyperParameters"].update(target="a\nb"),
    "a regex too long": lambda r: r[DEFINITION]["AlgorithmSpecification"]["MetricDefinitions"][0].update(
        Regex="m" * 501
    ),
    "an illegal tag": lambda r: r["Tags"].append({"Key": "a", "Value": "a*b"}),
    "51 tags": lambda r: r["Tags"].extend({"Key": str(n), "Value": ""} for n in range(50)),
    "a negative seed": lambda r: r[CONFIG].update(RandomSeed=-1),
    "a range upside down": lambda r: _range(r, "Integer").update(MinValue="4"),
    "a range of one value": lambda r: _range(r, "Integer").update(MinValue="3"),
    "a logarithm of nothing": lambda r: _range(r, "Continuous").update(MinValue="0", ScalingType="Logarithmic"),
    "a reversed integer scale": lambda r: _range(r, "Integer").update(ScalingType="ReverseLogarithmic"),
    "a name both tuned and static": lambda r: r[DEFINITION]["StaticHyperParameters"].update(degree="2"),
    "nothing tuned": lambda r: r[CONFIG].update(ParameterRanges={}),
    "a grid of numbers": lambda r: r[CONFIG].update(Strategy="Grid"),
    "751 training jobs": lambda r: r[CONFIG]["ResourceLimits"].update(MaxNumberOfTrainingJobs=751),
    "more at once than altogether": lambda r: r[CONFIG]["ResourceLimits"].update(MaxParallelTrainingJobs=10),
    "more training jobs than combinations": lambda r: r[CONFIG]["ParameterRanges"].pop("ContinuousParameterRanges"),
    "spot without a longest wait": lambda r: r[DEFINITION].update(EnableManagedSpotTraining=True),
}

CAUTIOUS: dict[str, Callable[[dict[str, Any]], object]] = {
    "an exponent": lambda r: _range(r, "Continuous").update(MinValue="1e-05"),
    "one category": lambda r: _range(r, "Categorical").update(Values=["TRUE"]),
}
"""What AWS may take, nobody says; we never send it."""


def _range(request: dict[str, Any], kind: str) -> dict[str, Any]:
    return request[CONFIG]["ParameterRanges"][f"{kind}ParameterRanges"][0]
