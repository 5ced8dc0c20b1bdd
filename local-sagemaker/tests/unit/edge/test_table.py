"""docs/operations.md: it is what the code does, and names tests that exist."""

import re
from pathlib import Path

from local_sagemaker.edge import rest, table
from local_sagemaker.sagemaker.protocol.validation import service_model

UNIT = Path(__file__).parents[1]


def test_the_page_is_current() -> None:
    assert table.PATH.read_text(encoding="utf-8") == table.page(), "run: python -m local_sagemaker.edge --write"


def test_every_operation_has_one_row() -> None:
    models = [service_model(), *rest.services().values()]

    assert sorted(row[0] for row in table.rows()) == sorted(name for model in models for name in model.operation_names)


def test_every_test_that_the_page_names_exists() -> None:
    named = {row[2] for row in table.rows()}

    missing = set()
    for test in named:
        module, name = test.split("::")
        source = (UNIT / f"{module}.py").read_text()
        if not re.search(rf"^def test_{name}\(", source, re.MULTILINE):
            missing.add(test)
    assert missing == set()


def test_what_is_answered_has_a_test_of_its_own() -> None:
    answered = [row for row in table.rows() if not row[1].startswith("refused")]

    assert len(answered) > 40
    assert [row for row in answered if row[2] == table.REFUSED_BY] == []
