"""What a cold start of each Lambda loads: nothing that its event does not need, and nothing that must be compiled."""

import io
import json
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.lambdas import cold
from tests.support.lambdas.recorded import batch, event
from tests.support.local.deployed import Deployed

HEAVY = {"pydantic", "jinja2", "chalicelib.spec.model", "aws_xray_sdk"}


@dataclass(frozen=True)
class Case:
    """A handler's event; of `HEAVY` what it may import, and of which services it may build a client."""

    handler: str
    event: Any
    heavy: frozenset[str]
    clients: frozenset[str]


CASES = {
    "a message of nobody": Case("on_upload", event("sqs/batch"), frozenset(), frozenset()),
    "a look at a dataset": Case(
        "on_upload",
        batch(json.dumps({"dataset": "weighed"})),
        frozenset({"pydantic", "chalicelib.spec.model"}),
        frozenset({"s3", "dynamodb", "sqs", "ecr"}),
    ),
    "a tuning job that is not there": Case(
        "on_tuning_ended", event("sagemaker/completed"), frozenset(), frozenset({"sagemaker"})
    ),
    "a build's end": Case(
        "on_build_ended", event("codebuild/without-information"), frozenset(), frozenset({"dynamodb", "sns"})
    ),
    "a sweep": Case(
        "sweep", event("events/scheduled"), frozenset({"jinja2"}), frozenset({"s3", "dynamodb", "sqs", "ecr"})
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def starts(local_aws: Deployed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, cold.ColdStart]:
    """Every case's cold start, watched."""
    running, home = local_aws.running, tmp_path_factory.mktemp("cold")
    return {
        name: cold.start(running, cold.find(running, case.handler), case.event, home, watched=True)
        for name, case in CASES.items()
    }


@pytest.mark.parametrize("name", CASES)
def test_a_lambda_imports_nothing_heavy_that_its_event_does_not_need(
    starts: dict[str, cold.ColdStart], name: str
) -> None:
    started = starts[name]

    assert not started.error, started.log
    assert "boto3" in started.modules, "it was watched"
    assert started.modules & HEAVY == CASES[name].heavy


@pytest.mark.parametrize("name", CASES)
def test_a_lambda_builds_no_client_that_its_event_does_not_need(starts: dict[str, cold.ColdStart], name: str) -> None:
    assert starts[name].clients <= CASES[name].clients
    assert bool(starts[name].clients) == bool(CASES[name].clients)


@pytest.mark.parametrize("name", CASES)
def test_every_shipped_module_is_loaded_from_its_bytecode(starts: dict[str, cold.ColdStart], name: str) -> None:
    assert starts[name].compiled == set()


def test_a_module_without_bytecode_is_seen_to_be_compiled(local_aws: Deployed, tmp_path: Path) -> None:
    whole = cold.find(local_aws.running, "on_upload")
    lacking = replace(whole, code=_without(whole.code, "chalicelib/__pycache__/pipeline."), code_sha="lacking")

    started = cold.start(local_aws.running, lacking, event("sqs/batch"), tmp_path, watched=True)

    assert not started.error, started.log
    assert started.compiled == {"chalicelib/pipeline.py"}


def test_the_task_root_stays_as_it_was_shipped(local_aws: Deployed, starts: dict[str, cold.ColdStart]) -> None:
    root = starts["a sweep"].task_root

    with zipfile.ZipFile(io.BytesIO(cold.find(local_aws.running, "sweep").code)) as shipped:
        names = set(shipped.namelist())

    assert {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} == names


def _without(code: bytes, prefix: str) -> bytes:
    rest = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(code)) as whole, zipfile.ZipFile(rest, "w") as made:
        for name in whole.namelist():
            if not name.startswith(prefix):
                made.writestr(name, whole.read(name))
    return rest.getvalue()
