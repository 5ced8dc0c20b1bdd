"""`prices`: the table of what training costs, and its refreshing from AWS's price list.

The table is a file of the source, so that a refresh is seen in the version control and goes out with the next deploy.
"""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import boto3
from rich.table import Table

from chalicelib.results.prices import PRICES
from cli.console import ExitCode, Leave, page, say, write_json
from cli.machine.price_list import ENDPOINT_REGION, Unbelievable, training_prices
from cli.target.target import LOCAL_REGION, NoTarget, Target, resolve

Prices = dict[str, dict[str, Any]]
"""By region: `as_of`, an ISO date, and `usd_per_hour` by instance type."""
SIDE_BY_SIDE = 4
"""Regions whose columns fit into 80 characters."""


def run(regions: list[str], refresh: bool, as_json: bool, local: bool, aws: bool) -> ExitCode:
    """0 when it was shown, or refreshed; what was there stays when a refresh fails."""
    asked = regions or [_usual_region(local, aws)]
    if refresh:
        _refresh(asked, resolve(local, aws))
    known = read()
    if as_json:
        write_json(known if not regions else {region: known[region] for region in regions if region in known})
        return ExitCode.DONE
    if unknown := [region for region in asked if region not in known]:
        fix = f"./retune prices --refresh --region {unknown[0]} --aws"
        raise Leave(ExitCode.NOT_FOUND, f"The table does not know {', '.join(unknown)}. Ask AWS: {fix}")
    for start in range(0, len(asked), SIDE_BY_SIDE):
        page().print(_table(known, asked[start : start + SIDE_BY_SIDE]))
    say(f"US dollars an hour of one instance, on demand. The table knows {', '.join(sorted(known))}.", style="dim")
    return ExitCode.DONE


def read(file: Path = PRICES) -> Prices:
    return dict(json.loads(file.read_text()))


def write(known: Prices, file: Path = PRICES) -> None:
    """All or nothing: a crash on the way leaves what was there."""
    new = file.with_name(f"{file.name}.new")
    with new.open("w") as opened:
        opened.write(json.dumps(known, indent=1, sort_keys=True) + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)


def refreshed(known: Prices, pricing: Any, regions: list[str], today: date) -> Prices:
    """The table with those regions' prices as of today. Raises: Unbelievable: then nothing is to be written."""
    new = {region: {"as_of": today.isoformat(), "usd_per_hour": training_prices(pricing, region)} for region in regions}
    return {**known, **new}


def changes(before: Prices, after: Prices, region: str) -> Iterator[str]:
    """What is dearer, cheaper, new or gone; one line each, but new ones in one."""
    old, new = _prices_of(before, region), _prices_of(after, region)
    for name in sorted(old.keys() & new.keys()):
        if old[name] != new[name]:
            yield f"{name}: ${old[name]:g} → ${new[name]:g}"
    for name in sorted(old.keys() - new.keys()):
        yield f"{name}: ${old[name]:g} → no longer on the list"
    if added := sorted(new.keys() - old.keys()):
        yield f"new: {', '.join(added[:6])}" + (f" and {len(added) - 6} more" if len(added) > 6 else "")


def _refresh(regions: list[str], target: Target) -> None:
    if target.endpoint_url is not None:
        raise NoTarget("The local AWS has no price list: add --aws. It is read with your credentials, and is free.")
    before = read()
    try:
        after = refreshed(before, Target(None, ENDPOINT_REGION).client("pricing"), regions, datetime.now(UTC).date())
    except Unbelievable as error:
        raise Leave(ExitCode.FAILED, f"AWS's price list cannot be used, and the table stays: {error}.") from error
    for region in regions:
        told = list(changes(before, after, region)) or ["no price has changed"]
        say(f"{region}, as of {after[region]['as_of']}:", style="bold")
        for line in told:
            say(f"  {line}")
    write(after)
    say(f"Written to chalicelib/results/{PRICES.name}: ./retune deploy ships it.")


def _table(known: Prices, regions: list[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("instance type", no_wrap=True)
    for region in regions:
        table.add_column(region, justify="right", no_wrap=True)
    for name in sorted({name for region in regions for name in _prices_of(known, region)}, key=_size):
        prices = [_prices_of(known, region).get(name) for region in regions]
        table.add_row(name, *("–" if price is None else f"{price:.4f}" for price in prices))
    table.add_row("as of", *(known[region]["as_of"] for region in regions), style="dim")
    return table


def _prices_of(known: Prices, region: str) -> Mapping[str, float]:
    return dict(known.get(region, {}).get("usd_per_hour", {}))


def _size(instance_type: str) -> tuple[str, float]:
    """By family, then from small to large."""
    _, family, size = instance_type.split(".", 2)
    number = size.removesuffix("xlarge")
    return family, float(number) if number.isdigit() else {"medium": 0.25, "large": 0.5}.get(size, 1.0)


def _usual_region(local: bool, aws: bool) -> str:
    """The target's, if there is one: the table can be read without any AWS."""
    try:
        target = resolve(local, aws)
    except NoTarget:
        return str(boto3.Session().region_name or LOCAL_REGION)
    return str(target.region or boto3.Session().region_name or LOCAL_REGION)
