"""What people and machines are told of datasets, and under which id; how any message is made. Pure.

A message's id comes from its cause and episode, never from words or the moment: the same message sent twice carries the
same id, and a new wording is not news. What others wrote (reasons, file names) is stripped of control characters and
cut: SNS limits subject and size.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import algorithm, layout
from chalicelib.errors import Problem
from chalicelib.messages.wording import (
    champion_sentence,
    cost_sentence,
    count,
    measure_rows,
    model_sentence,
    moment,
    number,
    paragraph,
    printable,
    table,
    usd,
)

LONGEST_SUBJECT = 99
MOST_BODY_BYTES = 24 * 1024
MOST_DATA_BYTES = 40 * 1024
"""The text once and the data twice, JSON's escapes included, stay under SNS's 256 KiB."""
MOST_PROBLEMS = 30


@dataclass(frozen=True)
class Cause:
    """Why a message about a dataset is sent: the decision's code and subject, the listing it is about, and the head's
    episode. Each cause is reported once."""

    code: str
    about: str
    listing: str
    episode: int


@dataclass(frozen=True)
class Message:
    """One notification. `data` is what machines get: `kind`, and what the text says, as JSON."""

    id: str
    subject: str
    body: str
    data: dict[str, Any]


def tuning_ended(record: Mapping[str, Any]) -> Message:
    """A tuning job ended and was recorded: completed, failed or stopped."""
    dataset, best = record["dataset"], record["best"]
    at = dataset, record["tuning_job"]
    parts = [
        _verdict(record),
        _section("On the same rows", dict(measure_rows(best)) if best else {}),
        _section("Best hyperparameters", _short(best["hyperparameters"]) if best else {}),
        _model(best) if best else "",
        f"Record and report, in the bucket of the data\n  {layout.record(*at)}\n  {layout.report(*at)}",
        _failed_training_jobs(record),
        paragraph(f"Cost: {cost_sentence(record['cost'])}"),
        "\n".join(paragraph(f"Warning: {printable(warning)}") for warning in record["warnings"][:MOST_PROBLEMS]),
        f"Fingerprint of the data and the spec\n  {record['data']['fingerprint']}",
    ]
    data = {name: record[name] for name in ("dataset", "tuning_job", "status", "objective", "best", "cost")}
    data |= {"kind": "tuning-ended", "record": layout.record(*at), "promoted": _promoted(record)}
    command = f"./retune best {dataset}" if best else f"./retune explain {dataset}"
    return compose(f"tuning-ended:{record['tuning_job']}", _ended_subject(record), parts, command, data)


def data_refused(dataset: str, problems: Iterable[Problem], cause: Cause) -> Message:
    """The data or the spec cannot be used as they are."""
    problems = tuple(problems)
    found = [printable(str(problem)) for problem in problems]
    shown = [paragraph(text, f"{i}. ") for i, text in enumerate(found[:MOST_PROBLEMS], start=1)]
    more = len(found) - len(shown)
    parts = [
        paragraph(f"The dataset {dataset} was refused: no training job was started, and nothing was paid."),
        "\n".join([*shown, *([f"... and {more} more."] if more else [])]),
        paragraph("Upload the corrected file: Retune then checks everything again."),
    ]
    data = {
        "kind": "data-refused",
        "dataset": dataset,
        "status": "Refused",
        "code": cause.code,
        "problems": found[:MOST_PROBLEMS],
        "problem_codes": [problem.code for problem in problems[:MOST_PROBLEMS]],
    }
    number_of = count(len(found), "problem")
    id_ = _id("data-refused", dataset, cause)
    return compose(id_, subject_line(dataset, f"refused, {number_of}"), parts, f"./retune explain {dataset}", data)


def tuning_blocked(dataset: str, reason: str, since: float, cause: Cause) -> Message:
    """A tuning job that should start cannot, although the data are sound. `since` is in epoch seconds."""
    parts = [
        paragraph(f"The tuning job for {dataset} has been waiting since {moment(since)}."),
        paragraph(printable(reason)),
        paragraph("Retune retries it automatically."),
        paragraph("To raise a quota, open Service Quotas in the AWS console and choose Amazon SageMaker.")
        if cause.code == "quota-used-up"
        else "",
    ]
    data = {
        "kind": "tuning-blocked",
        "dataset": dataset,
        "status": "Waiting",
        "code": cause.code,
        "reason": printable(reason),
    }
    id_ = _id("tuning-blocked", dataset, cause)
    return compose(id_, subject_line(dataset, "the tuning job is waiting"), parts, f"./retune explain {dataset}", data)


def publish_arguments(message: Message) -> dict[str, Any]:
    """SNS Publish's arguments but the topic: people get the text, queues and functions the data as JSON."""
    data = json.dumps(message.data, sort_keys=True)
    if len(data.encode()) > MOST_DATA_BYTES:
        kept = ("id", "kind", "dataset", "status", "code", "tuning_job", "record")
        data = json.dumps({name: message.data[name] for name in kept if name in message.data} | {"cut": True})
    marks = {name: message.data.get(name) for name in ("kind", "dataset", "status")}
    return {
        "Subject": message.subject,
        "Message": json.dumps({"default": message.body, "sqs": data, "lambda": data}),
        "MessageStructure": "json",
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value}
            for name, value in {"id": message.id, **marks}.items()
            if value
        },
    }


def compose(id_: str, subject: str, parts: Iterable[str], command: str, data: dict[str, Any]) -> Message:
    """Paragraphs (empty ones left out), then the command that leads on; cut where it is too long."""
    text = "\n\n".join(part for part in parts if part).encode()
    body = text[:MOST_BODY_BYTES].decode(errors="ignore") + ("\n... cut" if len(text) > MOST_BODY_BYTES else "")
    return Message(id_, subject, f"{body}\n\nNext: {command}\nMessage {id_}\n", {"id": id_, **data})


def subject_line(about: str, what: str) -> str:
    """ASCII, one line, fewer than 100 characters: a long name is cut, never what is said of it."""
    room = LONGEST_SUBJECT - len(f"[retune] : {what}")
    return printable(f"[retune] {printable(about, room)}: {what}".encode("ascii", "replace").decode())


def _id(kind: str, dataset: str, cause: Cause) -> str:
    about = json.dumps([cause.code, cause.about, cause.listing])
    return f"{kind}:{dataset}:{cause.episode}:{hashlib.sha256(about.encode()).hexdigest()[:16]}"


def _ended_subject(record: Mapping[str, Any]) -> str:
    jobs, cost = count(len(record["training_jobs"]), "training job"), usd(record["cost"]["usd"])
    status = record["status"].lower()
    verdict = f"mse {number(record['objective']['value'])}" if record["best"] else f"tuning {status}"
    stopped = f"{status}, " if record["best"] and status != "completed" else ""
    return subject_line(record["dataset"], f"{verdict} ({stopped}{jobs}, {cost})")


def _verdict(record: Mapping[str, Any]) -> str:
    reason = printable(record["reason"])
    if record["best"] is None:
        return paragraph(f"The tuning job for {record['dataset']} {record['status'].lower()}. {reason}")
    value = number(record["objective"]["value"])
    model = f"The best {algorithm.NAME} model for {record['dataset']}"
    found = f"{model} has mse {value}, measured on rows it was not fitted to."
    notes = map(printable, record["best"].get("notes", ()))
    return paragraph(" ".join(filter(None, (found, champion_sentence(record), *notes, reason))))


def _model(best: Mapping[str, Any]) -> str:
    lines = ("Model", paragraph(model_sentence(best), "  "), f"  {best['model_uri']}")
    return "\n".join(line for line in lines if line.strip())


def _failed_training_jobs(record: Mapping[str, Any]) -> str:
    """Each reason once, the commonest first, with one training job to look at."""
    jobs = record["training_jobs"]
    completed = sum(job["status"] == "Completed" for job in jobs)
    lines = [f"Training jobs: {completed} of {len(jobs)} completed."]
    for failure in record["failures"][:5]:
        lines += [paragraph(printable(failure["reason"]), f"  {failure['count']} x ")]
        lines += [f"    for one {failure['example']}"]
    return "\n".join(lines)


def _section(title: str, values: Mapping[str, str]) -> str:
    return f"{title}\n{table(values.items())}" if values else ""


def _short(hyperparameters: Mapping[str, str]) -> dict[str, str]:
    return {printable(name, 30): printable(value, 44) for name, value in sorted(hyperparameters.items())}


def _promoted(record: Mapping[str, Any]) -> bool:
    return bool(record["champion"].get("promoted"))
