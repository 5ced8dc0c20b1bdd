"""Writes docs/operations.md: what becomes of each operation of SageMaker's API, generated from botocore's models.

The test of an operation that is built is the one that docs/conformance.md names for it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from local_sagemaker.edge import operations, rest
from local_sagemaker.sagemaker.api.service import SageMaker
from local_sagemaker.sagemaker.container.images import Images
from local_sagemaker.sagemaker.jobs.platform import Platform
from local_sagemaker.sagemaker.protocol.validation import service_model
from local_sagemaker.values import ACCOUNT

DOCS = Path(__file__).parents[3] / "docs"
PATH = DOCS / "operations.md"
REFUSED_BY = "edge/test_all_operations::an_operation_that_is_refused_names_itself_and_does_nothing"
_REGISTRY = "moto_seams/test_sagemaker"
_OF_CONFORMANCE = re.compile(r"^\| (\w+) \| (?:yes|no: [^|]+) \| `([\w/]+::\w+)` \|$", re.MULTILINE)
_HEAD = """\
# The operations of SageMaker's API

What the local SageMaker answers, operation by operation. `python -m local_sagemaker.edge --write` generates this page
from botocore's service models; a test calls all of them and checks that the page is current.

- **built**: answered by this SageMaker. [conformance.md](conformance.md) has its rules.
- **moto's, on purpose**: the model registry, which moto stores and returns as it was given, with the corrections of
  `moto_seams/sagemaker.py`. Tags of model packages and groups are moto's too. Members that moto would lose are
  refused by name.
- **refused**: HTTP 400, `UnknownOperationException`, with the operation's name. Nothing is done.
"""


def page() -> str:
    """The whole page."""
    built, tests = built_operations(), dict(_OF_CONFORMANCE.findall((DOCS / "conformance.md").read_text("utf-8")))
    names = sorted(service_model().operation_names)
    counts = [sum(name in built for name in names), len(operations.MOTOS)]
    counted = f"{counts[0]} are built, {counts[1]} are moto's, {len(names) - sum(counts)} are refused."
    lines = [_HEAD, "## sagemaker", "", f"Of {len(names)} operations {counted}", "", *_HEADER]
    lines += [_row(name, _answer(name, built), _test(name, tests)) for name in names]
    for service, model in sorted(rest.services().items()):
        lines += ["", f"## {service}", "", *_HEADER]
        lines += [_rest_row(service, name, tests) for name in sorted(model.operation_names)]
    return "\n".join(lines) + "\n"


_HEADER = ("| Operation | Answer | Shown by |", "|---|---|---|")


def built_operations() -> frozenset[str]:
    """The operations that the service implements."""
    with TemporaryDirectory() as home:
        service = SageMaker(Platform(None, Path(home), Images({}), "us-east-1", ACCOUNT, lambda _: None))
        service.stop()
        return service.operations


def rows() -> Iterator[tuple[str, str, str]]:
    """Each row of the page: operation, answer, test."""
    for line in page().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "Operation":
            yield cells[0], cells[1], cells[2].strip("`")


def _answer(name: str, built: frozenset[str]) -> str:
    if name in built:
        return "built"
    return "moto's, on purpose" if name in operations.MOTOS else f"refused: {operations.why(name)}"


def _test(name: str, tests: dict[str, str]) -> str:
    if name in operations.MOTOS:
        return f"{_REGISTRY}::{operations.MOTOS[name].removeprefix('test_')}"
    return tests.get(name, REFUSED_BY)


def _rest_row(service: str, name: str, tests: dict[str, str]) -> str:
    if service != rest.RUNTIME:
        return _row(name, f"refused: {operations.why(name)}", REFUSED_BY)
    return _row(name, "built" if name == "InvokeEndpoint" else f"refused: {operations.why(name)}", tests[name])


def _row(name: str, answer: str, test: str) -> str:
    return f"| {name} | {answer} | `{test}` |"
