"""The container's R functions, asked one by one."""

import json
import subprocess
from collections.abc import Iterable
from typing import Any

from tests.support.container.process import ROOT

SOURCES = """
suppressWarnings(for (file in list.files("{root}/container/R", recursive = TRUE, full.names = TRUE)) source(file))
cases <- jsonlite::fromJSON(file("stdin"), simplifyVector = FALSE)
answer <- function(of) cat(jsonlite::toJSON(lapply(cases, of), auto_unbox = TRUE, digits = NA))
is_refused <- function(code) tryCatch({{ code; FALSE }}, refused = function(problem) TRUE)
"""


def by_r(code: str, cases: Iterable[Any]) -> list[Any]:
    """What this R code answers to each case, with the container's functions there."""
    ran = subprocess.run(
        ["Rscript", "--vanilla", "-e", SOURCES.format(root=ROOT) + code],
        input=json.dumps(list(cases)), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return list(json.loads(ran.stdout))
