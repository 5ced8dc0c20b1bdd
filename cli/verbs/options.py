"""The options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON to stdout.")]
Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="FOLDER", file_okay=False, help="Talk to the local AWS with this home."),
]
Local = Annotated[bool, typer.Option("--local", help="Talk to the local AWS that is up.")]
Aws = Annotated[bool, typer.Option("--aws", help="Talk to the real AWS account of your credentials.")]
Dataset = Annotated[str, typer.Argument(metavar="DATASET", help="The folder under datasets/ in the bucket.")]
