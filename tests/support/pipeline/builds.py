"""The end of an image build as CodeBuild tells it, and its log as CodeBuild writes it.

docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html
"""

import time
from typing import Any

NEWER, OLDER = "20260201T000000Z-bbbbbbb", "20251201T000000Z-0000000"
"""Tags, beside the one that the world has from the beginning."""
GROUP = "/retune/retune/build"
STREAM = "8745a7a9-c340-456a-9166-edf953571bEX"
SAID = "smoke test of 1234.dkr.ecr/retune-mars:T: the objective of iris is 0.5, not about 0.10"
LOG = f"""[Container] 2026/07/14 09:58:01.000001 Entering phase BUILD
[Container] 2026/07/14 09:58:01.000002 Running command docker build container
Step 1/9 : FROM debian
[Container] 2026/07/14 09:59:01.000003 Running command infra/image/smoke-test
\x1b[31m{SAID}\x1b[0m

[Container] 2026/07/14 09:59:11.966681 Command did not exit successfully infra/image/smoke-test exit status 1
[Container] 2026/07/14 09:59:11.971493 Phase complete: BUILD State: FAILED
[Container] 2026/07/14 09:59:11.971510 Phase context status code: COMMAND_EXECUTION_ERROR Message: Reason: exit status 1
[Container] 2026/07/14 09:59:12.009183 Entering phase POST_BUILD
a line of a later phase
[Container] 2026/07/14 09:59:12.012420 Phase complete: POST_BUILD State: FAILED
"""


def build_event(status: str = "SUCCEEDED", number: int = 1, log: str | None = STREAM) -> dict[str, Any]:
    """Of build `number`; `log` None: CodeBuild could not even write one."""
    words = [] if status == "SUCCEEDED" else ["COMMAND_EXECUTION_ERROR: Reason: exit status 1"]
    return {
        "version": "0",
        "detail-type": "CodeBuild Build State Change",
        "source": "aws.codebuild",
        "resources": [f"arn:aws:codebuild:us-east-1:123456789012:build/retune-image:{number}"],
        "detail": {
            "build-status": status,
            "project-name": "retune-image",
            "build-id": f"arn:aws:codebuild:us-east-1:123456789012:build/retune-image:{number}",
            "additional-information": {
                "build-start-time": "Sep 1, 2017 4:12:29 PM",
                "logs": {"group-name": GROUP if log else None, "stream-name": log, "deep-link": "https://log"},
                "phases": [
                    {"phase-type": "PRE_BUILD", "phase-status": "SUCCEEDED", "phase-context": []},
                    {"phase-type": "BUILD", "phase-status": status, "phase-context": words},
                    {"phase-type": "COMPLETED"},
                ],
            },
            "current-phase": "COMPLETED",
            "version": "1",
        },
    }


def write_log(logs: Any, text: str = LOG, name: str = STREAM) -> None:
    """An event for each line, as CodeBuild does it."""
    if GROUP not in [found["logGroupName"] for found in logs.describe_log_groups()["logGroups"]]:
        logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName=name)
    now_ms = int(time.time() * 1000)
    events = [{"timestamp": now_ms, "message": f"{line}\n"} for line in text.splitlines()]
    logs.put_log_events(logGroupName=GROUP, logStreamName=name, logEvents=events)
