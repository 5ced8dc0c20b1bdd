"""Render this folder's templates. Jinja2 is imported on first use, so that other Lambdas do not pay for it."""

from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.messages import wording


def render_page(template: str, **values: Any) -> str:
    """Render a page. Every string in `values` is escaped, and an undefined name in the template is an error."""
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
        "code": _code,
    }
    return environment


def _code(text: str) -> Any:
    """Escape the text, and mark what is between backticks as code."""
    from markupsafe import Markup, escape

    parts = [escape(part) for part in text.split("`")]
    return Markup("").join(Markup("<code>{}</code>").format(part) if i % 2 else part for i, part in enumerate(parts))
