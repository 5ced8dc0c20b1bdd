"""Events on their way to another emulator."""

from typing import Any


class Pending:
    """Rows in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}
        self._number = 0

    def add(self, _: str, payload: bytes) -> str:
        self._number += 1
        self.rows[f"{self._number}"] = payload
        return f"{self._number}"

    def remove(self, name: str) -> None:
        del self.rows[name]

    def all(self) -> list[tuple[str, str, bytes]]:
        return [(name, "", payload) for name, payload in self.rows.items()]


def event(name: str) -> dict[str, Any]:
    return {
        "time": "2026-01-02T03:04:05Z",
        "source": "aws.sagemaker",
        "resources": [f"arn:{name}"],
        "detail-type": "SageMaker Training Job State Change",
        "detail": {"TrainingJobName": name},
    }
