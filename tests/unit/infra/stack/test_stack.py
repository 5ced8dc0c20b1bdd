"""The stack as it goes to CloudFormation: the real app, packaged by Chalice and transformed by SAM."""

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.settings import Settings, SettingsError
from cli.deploy.bundle import Packaged
from cli.paths import ROOT

FUNCTIONS = ("OnUpload", "OnTuningEnded", "OnBuildEnded", "Sweep")
SHIPPED = {
    *("app.py", "chalicelib", "chalice", "aws_lambda_powertools", "jinja2", "pydantic"),
    *("annotated_types", "jmespath", "markupsafe", "pydantic_core", "typing_extensions.py", "typing_inspection"),
}
"""The app, Chalice's runtime, the requirements, and in the last line what those require."""


def test_the_zip_holds_the_app_its_requirements_and_nothing_else(packaged: Packaged) -> None:
    with zipfile.ZipFile(packaged.zip_path) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}

    code = {top for top in tops if not re.search(r"\.(dist-info|data)$", top)} - {"__pycache__"}

    assert code == SHIPPED


def test_the_zip_holds_all_of_our_code_each_file_with_its_bytecode(packaged: Packaged) -> None:
    ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / "chalicelib").rglob("*.py")} | {"app.py"}
    tag = sys.implementation.cache_tag

    with zipfile.ZipFile(packaged.zip_path) as archive:
        names = set(archive.namelist())

    assert ours <= names
    assert {str(Path(name).parent / "__pycache__" / f"{Path(name).stem}.{tag}.pyc") for name in ours} <= names
    assert "chalicelib/report/report.html" in names


def test_the_zip_is_light(packaged: Packaged) -> None:
    assert packaged.zip_path.stat().st_size < 12_000_000


def test_every_function_has_every_setting(plain: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as missing:
        Settings.from_environment({})
    wanted = set(re.findall(r"RETUNE_\w+", str(missing.value)))
    wanted |= {
        "RETUNE_INSTANCE_TYPES",
        "RETUNE_MAX_COST_USD",
        "RETUNE_SPOT",
        "RETUNE_KMS_KEY_ARN",
        "RETUNE_SUBNET_IDS",
        "RETUNE_SECURITY_GROUP_IDS",
        "POWERTOOLS_SERVICE_NAME",
        "POWERTOOLS_METRICS_NAMESPACE",
    }

    for name in FUNCTIONS:
        assert wanted <= set(plain["Resources"][name]["Properties"]["Environment"]["Variables"]), name


def test_the_stack_works_in_every_partition(plain: dict[str, Any]) -> None:
    texts = list(strings(plain["Resources"]))

    assert [text for text in texts if "arn:aws" in text] == []
    # A service's principal has the same name in all partitions; no other host may be spelled out.
    assert [text for text in texts if "amazonaws" in text and not re.fullmatch(r"[a-z]+\.amazonaws\.com", text)] == []


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)
