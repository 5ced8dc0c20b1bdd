"""Events as AWS documents them."""

from typing import Any


def build_ended(status: str, name: str = "first") -> dict[str, Any]:
    """docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html"""
    build = f"arn:aws:codebuild:us-east-1:123456789012:build/retune-image:{name}-{status}"
    logs = {"group-name": "/retune/retune/build", "stream-name": name}
    detail: dict[str, Any] = {"build-status": status, "project-name": "retune-image", "build-id": build}
    detail["additional-information"] = {"logs": logs}
    return event("aws.codebuild", "CodeBuild Build State Change", detail)


def event(source: str, kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    """docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html"""
    return {
        "version": "0",
        "id": "844e2571-85d4-695f-b930-0153b71dcb42",
        "detail-type": kind,
        "source": source,
        "account": "123456789012",
        "time": "2026-10-06T12:26:13Z",
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    }
