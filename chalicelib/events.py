"""What an event says, as far as we believe it: a name to look up. Pure.

S3's keys come raw through EventBridge (unlike S3's own notifications, which encode them), so none is decoded.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.layout import dataset_of, is_dataset_name


@dataclass(frozen=True)
class LogStream:
    """Where a log is in CloudWatch Logs."""

    group: str
    name: str


@dataclass(frozen=True)
class BuildEnded:
    """The end of an image build. `failure` is the failing phase with CodeBuild's own words, or empty; `link` leads
    to the log on the console; `log` is None for a build that got no log."""

    id: str
    project: str
    status: str
    failure: str
    link: str
    log: LogStream | None = None

    @property
    def succeeded(self) -> bool:
        return self.status == "SUCCEEDED"


def datasets_by_message(event: Mapping[str, Any]) -> dict[str, str | None]:
    """SQS message id → the dataset that the message speaks of; None for a message that is not ours to act on."""
    return {record["messageId"]: _dataset(record.get("body", "")) for record in event.get("Records", ())}


def ended_tuning_job(event: Mapping[str, Any]) -> str:
    """The name in a tuning job's state change. Everything else there may be late, absent or wrong."""
    return str(event["detail"]["HyperParameterTuningJobName"])


def build_ended(event: Mapping[str, Any]) -> BuildEnded:
    """CodeBuild's build state change."""
    detail = event["detail"]
    more = detail.get("additional-information") or {}
    logs = more.get("logs") or {}
    group, stream = logs.get("group-name"), logs.get("stream-name")
    return BuildEnded(
        id=str(detail["build-id"]),
        project=str(detail["project-name"]),
        status=str(detail["build-status"]),
        failure=_failing_phase(more.get("phases") or ()),
        link=str(logs.get("deep-link") or ""),
        log=LogStream(str(group), str(stream)) if group and stream else None,
    )


def _dataset(body: str) -> str | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    if isinstance(named := said.get("dataset"), str):
        return named if is_dataset_name(named) else None
    detail = said.get("detail")
    key = (detail.get("object") or {}).get("key") if isinstance(detail, dict) else None
    return dataset_of(key) if isinstance(key, str) else None


def _failing_phase(phases: Any) -> str:
    for phase in phases:
        if phase.get("phase-status") not in (None, "SUCCEEDED"):
            words = "; ".join(str(word) for word in phase.get("phase-context") or () if str(word).strip(" :"))
            return f"{phase.get('phase-type', '?')}: {words or phase['phase-status']}"
    return ""
