"""Whether a tuning job has failed, in AWS's words, and what this machine can add to them.

AWS documents neither. Users quote the first text (issue 2437 of aws/amazon-sagemaker-examples for "after 5 attempts",
newer reports for its second sentence). For the second text there is no source to point to: that it follows the same
rule, five training jobs or all if there are fewer, is an assumption of `failure`.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from local_sagemaker.sagemaker.jobs.metrics import Scraper
from local_sagemaker.sagemaker.jobs.statuses import FAILED

ATTEMPTS = 5
SHOWN_LINES = 5
_NO_SUCCESS = (
    "No training job succeeded after {} attempts. For additional details, please take a look at the training job "
    "failures by listing training jobs for the hyperparameter tuning job."
)
_NO_OBJECTIVE = (
    "No objective metrics found after running {} training jobs. Please ensure that the custom algorithm is emitting "
    "the objective metric as defined by the regular expression provided."
)


@dataclass(frozen=True)
class TrainingEnd:
    """How a training job ended by itself; one that was told to stop before it gave an objective does not count."""

    status: str
    has_objective: bool


def failure(ended: Sequence[TrainingEnd]) -> str:
    """The FailureReason of a tuning job that ends now; empty if it has not failed. `ended` is in order of the ends."""
    first = ended[:ATTEMPTS]
    if not first or any(one.has_objective for one in first):
        return ""
    text = _NO_SUCCESS if all(one.status == FAILED for one in first) else _NO_OBJECTIVE
    return text.format(len(first))


def has_failed(ended: Sequence[TrainingEnd]) -> bool:
    """Whether the tuning job ends now, although it could start more training jobs."""
    return len(ended) >= ATTEMPTS and failure(ended) != ""


def missing_objective(name: str, regex: str, training_job: str, log: Iterable[str]) -> str:
    """Explain why a training job's log gave no objective: what its regular expression found, and the log's end."""
    scraper = Scraper([{"Name": name, "Regex": regex}])
    last: deque[str] = deque(maxlen=SHOWN_LINES)
    matching = ""
    for line in log:
        last.append(line.rstrip("\n"))
        matching = last[-1] if scraper.matches(name, last[-1]) else matching
    found = (
        f"found no finite number in its first group; the last line that it matched is: {matching}"
        if matching
        else "matched no line"
    )
    shown = "\n".join(f"  {line}" for line in last) or "  (it is empty)"
    return f"The regular expression of `{name}`, {regex}, {found}\nThe log of {training_job} ends with:\n{shown}"
