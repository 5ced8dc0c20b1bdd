"""`docs/cost.md` shows the bill that `./retune deploy --plan` prints."""

from typing import Any

from cli.deploy.bill import bill
from cli.deploy.show.bill import bill_table
from cli.deploy.template import resources_of
from cli.paths import ROOT
from tests.support.deploy.printed import printed


def test_the_page_on_costs_shows_the_bill_of_the_stack_as_it_comes(plain: dict[str, Any]) -> None:
    defaults = {name: str(one["Default"]) for name, one in plain["Parameters"].items()}

    shown = printed(bill_table(bill(resources_of(plain, defaults, {}), defaults, "us-east-1")))

    block = (ROOT / "docs" / "cost.md").read_text().partition("```text\n")[2].partition("```")[0]
    assert block == "".join(f"{line.rstrip()}\n" for line in shown.splitlines())
