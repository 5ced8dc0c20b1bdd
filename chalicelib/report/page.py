"""A template of this folder → HTML. Jinja2 is imported when a page is made, so that no other Lambda pays for it."""

from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.messages import wording


def render_page(template: str, **values: Any) -> str:
    """The page; every string in `values` is escaped, and a name that the template does not find is an error."""
    page: str = _environment().get_template(template).render(**values)
    return page


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": wording.number,
        "duration": wording.duration,
        "moment": wording.moment,
        "usd": wording.usd,
        "printable": wording.printable,
    }
    return environment
