"""The outermost edge of the uploads queue: one poisoned dataset must not hold up the others."""

from collections.abc import Callable, Mapping
from typing import Any


def reconcile_batch(
    reconcile: Callable[[str], Any], datasets: Mapping[str, str | None], failed: Callable[[str], None]
) -> dict[str, list[dict[str, str]]]:
    """Reconcile each dataset once; answer which messages SQS must bring again.

    `datasets` are by message id. `failed` is told of each dataset that raised, inside the `except`."""
    again: set[str] = set()
    for dataset in dict.fromkeys(name for name in datasets.values() if name):
        try:
            reconcile(dataset)
        except Exception:  # noqa: BLE001 - the edge: the message comes again, then goes to the dead letters
            failed(dataset)
            again.add(dataset)
    failures = [message for message, dataset in datasets.items() if dataset in again]
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failures]}
