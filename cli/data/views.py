"""What is known of a dataset as one JSON value: read live from the ledger and S3, or from what was kept when
a local AWS stopped. The read verbs show nothing but this."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from chalicelib import layout
from chalicelib.state import JobItem, JobStatus, Phase
from cli.paths import KEPT
from cli.target.stack import Stack

View = dict[str, Any]
DECIDED = ("kind", "reason", "since", "wake_at", "code")


def dataset_view(stack: Stack, dataset: str) -> View | None:
    """All that is known of the dataset now; None when neither the ledger nor the bucket has heard of it."""
    head, listing = stack.ledger.head(dataset), stack.bucket.listing(dataset)
    if not listing.versions and head.listing is None and head.phase is Phase.IDLE:
        return None
    jobs = sorted(stack.ledger.jobs(dataset), key=lambda job: job.at)
    champion = stack.ledger.champion(dataset)
    decided = {name: getattr(head.decided, name) for name in DECIDED} if head.decided else None
    return {
        "dataset": dataset,
        "state": state_of(str(head.phase), decided, jobs),
        "phase": str(head.phase),
        "tuning_job": head.tuning_job,
        "decided": decided,
        "attempts": [asdict(job) for job in jobs],
        "champion": champion,
        "best": _record(stack, dataset, champion["tuning_job"]) if champion else None,
        "record": _record(stack, dataset, jobs[-1].tuning_job) if jobs else None,
        "files": [asdict(version) for version in listing.versions],
        "ignored": list(listing.ignored),
        "is_up_to_date": head.listing == listing.digest,
        "kept_at": None,
    }


def state_of(phase: str, decided: View | None, jobs: list[JobItem]) -> str:
    """One word for a person: running, waiting, refused, completed, failed or idle."""
    if phase in (Phase.COPYING, Phase.CREATING, Phase.STARTED):
        return "running"
    kind = (decided or {}).get("kind", "").lower()
    if kind.startswith("refuse"):
        return "refused"
    if kind.startswith("wait") or decided is None:
        return "waiting"
    if not jobs:
        return "idle"
    return "completed" if jobs[-1].status is JobStatus.COMPLETED else "failed"


def keep(stack: Stack, datasets: tuple[str, ...] | None = None) -> list[str]:
    """Write each dataset's view to `.retune/kept/`; the names kept."""
    KEPT.mkdir(parents=True, exist_ok=True)
    names = datasets if datasets is not None else tuple(known.dataset for known in stack.ledger.known())
    now = datetime.now(UTC).isoformat(timespec="seconds")
    kept = []
    for name in names:
        if view := dataset_view(stack, name):
            new = KEPT / f"{name}.new"
            new.write_text(json.dumps({**view, "kept_at": now}, indent=2, ensure_ascii=False))
            new.replace(KEPT / f"{name}.json")
            kept.append(name)
    return kept


def kept_view(dataset: str) -> View | None:
    """What was kept of the dataset, or None."""
    try:
        return dict(json.loads((KEPT / f"{dataset}.json").read_text()))
    except FileNotFoundError:
        return None


def kept_datasets() -> list[str]:
    """The names of all datasets of which something was kept."""
    return sorted(path.stem for path in KEPT.glob("*.json"))


def _record(stack: Stack, dataset: str, tuning_job: str) -> View | None:
    return stack.bucket.get_json(layout.record(dataset, tuning_job))
