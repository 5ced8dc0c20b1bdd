"""The `sagemaker` SDK's own tuner, asked for the same job, sends the same request but for a short list of members."""

import json
import subprocess
from typing import Any

import pytest

from chalicelib.algorithm import METRICS, OBJECTIVE
from chalicelib.spec.parse import parse_spec
from chalicelib.tuning_request import static_hyperparameters
from support.botocore_validation import faults
from tests.support.contract.requests import CEILINGS, FOLDER, NAME, SPECS, a_request
from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import SDK_V3, surroundings

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(1200)]

DIFFERENCES = {
    "TrainingJobDefinition.EnableNetworkIsolation": "the SDK's tuner cannot ask for it; our stack demands it",
    "TrainingJobDefinition.EnableInterContainerTrafficEncryption": "the same",
    "TrainingJobDefinition.OutputDataConfig.CompressionType": "the SDK spells out AWS's default, GZIP",
}
"""Every member in which the two requests may differ, with the reason."""


# None with the default search: the SDK writes its least `thresh` as 1e-05, and AWS documents no exponents.
CASES = ["classic", "random", "grid", "reverse logarithmic", "static", "completion", "all"]


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the SDK sends for the spec of each name: all in one process, which takes seconds to import the SDK."""
    script = ROOT / "tests/support/heavy/sdk_request.py"
    done = subprocess.run(
        [SDK_V3.install() / "bin" / "python", script],
        input=json.dumps({case: described(case) for case in CASES}),
        env=surroundings(tmp_path_factory.mktemp("sdk")),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout))


def described(case: str) -> dict[str, Any]:
    """The job of that spec in plain words."""
    ours = a_request(case)
    definition = ours["TrainingJobDefinition"]
    spec = parse_spec(json.dumps({"target": "Sepal.Length", **SPECS[case]}).encode(), CEILINGS)
    return {
        "name": NAME,
        "spec": spec.model_dump(mode="json"),
        "jobs": spec.max_jobs,
        "static": static_hyperparameters(spec),
        "objective": OBJECTIVE,
        "metrics": [{"Name": name, "Regex": regex} for name, regex in METRICS.items()],
        "max_wait_s": 2 * spec.max_runtime_s,
        "channels": {name: f"{FOLDER}/data/{name}/" for name in ("train", "validation")},
        "output_uri": f"{FOLDER}/output/",
        "image": definition["AlgorithmSpecification"]["TrainingImage"],
        "role_arn": definition["RoleArn"],
        "tags": {tag["Key"]: tag["Value"] for tag in ours["Tags"]},
    }


def differences(one: Any, other: Any, path: str = "") -> set[str]:
    """The paths of the members in which two requests differ; a member that is only in one is named itself."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = one.keys() | other.keys()
        found = (
            differences(one[name], other[name], f"{path}.{name}")
            if name in one and name in other
            else {f"{path}.{name}"}
            for name in names
        )
        return {inner.lstrip(".") for those in found for inner in those}
    return set() if one == other else {path}


@pytest.mark.parametrize("case", CASES)
def test_the_sdk_sends_the_same_request(case: str, requests: dict[str, Any]) -> None:
    theirs = requests[case]["request"]

    assert requests[case]["other_calls"] == []
    assert faults(theirs) == []
    assert differences(a_request(case), theirs) == set(DIFFERENCES)


def test_the_comparison_names_what_differs() -> None:
    one, other = {"a": {"b": 1, "c": [1]}, "d": 1}, {"a": {"b": 2, "c": [1]}, "e": 1}
    assert differences(one, other) == {"a.b", "d", "e"}
