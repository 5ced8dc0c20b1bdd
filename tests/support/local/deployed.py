"""Retune deployed in a local AWS of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a unit test must not wait for the local AWS to be imported
    from cli.local.stack import Running
    from cli.target.stack import Stack
    from local_sagemaker import Published


@dataclass(frozen=True)
class Deployed:
    """Retune deployed in a local AWS of this process; `heard` is every notification so far."""

    running: "Running"
    heard: list["Published"] = field(default_factory=list)

    @property
    def stack(self) -> "Stack":
        return self.running.stack

    def client(self, service: str) -> Any:
        return self.stack.target.client(service)

    def heard_of(self, dataset: str) -> list["Published"]:
        """The notifications that speak of this dataset."""
        return [said for said in self.heard if dataset in f"{said.subject} {said.message}"]


@contextmanager
def deployed(home: Path) -> Iterator[Deployed]:
    """Retune in a local AWS, with a settle time of a second. One at a time in one process."""
    from cli.local.stack import running_stack

    heard: list[Published] = []
    with running_stack(home, parameters={"SettleSeconds": "1"}, on_published=heard.append) as running:
        yield Deployed(running, heard)
