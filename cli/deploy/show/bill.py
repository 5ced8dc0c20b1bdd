"""The bill as a person reads it: what it comes to, and what each figure assumes."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.deploy.bill import Bill, Tuning


def bill_table(bill: Bill) -> RenderableType:
    """A line for each part, then what is not counted."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(overflow="fold")
    table.add_row("each month, at worst", _usd(bill.usd_a_month), "used or not:", style="bold")
    for line in bill.fixed:
        table.add_row(Text(f"  {line.what}"), Text(_usd(line.usd_a_month)), Text(line.assumes), style="dim")
    if bill.tuning:
        _tuning(table, bill.tuning, bill.region)
    training = bill.training_prices_as_of or "no known day"
    prices = f"Prices: Lambda, SQS, alarms of {bill.fixed_prices_as_of} (us-east-1), training of"
    return Group(
        table,
        Text("By use, and not in it: " + ", ".join(bill.by_use) + ".", style="dim"),
        Text(f"{prices} {training} ({bill.region}); without taxes and free tier.", style="dim"),
    )


def _tuning(table: Table, tuning: Tuning, region: str) -> None:
    hours = tuning.max_runtime_s / 3600
    ceilings = f"{tuning.max_jobs} training jobs × {hours:g} h × {tuning.instance_type}"
    if tuning.usd_uncapped is None:
        how = f"the price of {tuning.instance_type} in {region} is not known"
    else:
        how = f"{ceilings} = {_usd(tuning.usd_uncapped)}"
    if tuning.cap_usd is not None:
        capped = "it is refused above" if tuning.usd_uncapped is None else "refused above the cap of"
        how = f"{how}; {capped} {_usd(tuning.cap_usd)}"
    table.add_row("one tuning, at worst", _usd(tuning.usd), Text(how), style="bold")
    table.add_row(
        "all that may be open", _usd(tuning.usd_at_once), f"{tuning.max_open_jobs} tunings at a time", style="bold"
    )


def _usd(amount: float | None) -> str:
    return "unlimited" if amount is None else f"${amount:,.2f}"
