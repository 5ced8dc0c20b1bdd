"""The functions that the tests deploy; each runs in its own process, from a zip."""
# ruff: noqa: T201 - what a function prints is its log

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def echo(event, context):
    return event


def tell(event, context):
    return {
        "pid": os.getpid(),
        "cwd": os.getcwd(),  # noqa: PTH109
        "environment": dict(os.environ),
        "left_ms": context.get_remaining_time_in_millis(),
        "arn": context.invoked_function_arn,
    }


def sleep(event, context):
    print("sleeping", flush=True)
    time.sleep(event["seconds"])
    return "woke up"


def sleep_with_child(event, context):
    child = subprocess.Popen(["sleep", "60"])
    print(f"child {child.pid}", flush=True)
    time.sleep(60)


def fail(event, context):
    print("failing", flush=True)
    raise ValueError("no such iris")


def leave(event, context):
    sys.stdout.flush()
    os._exit(3)


def log_records(event, context):
    print(f"batch {json.dumps(event['Records'])}", flush=True)


def fail_on_bad(event, context):
    """Reports the messages whose body is "bad"."""
    bad = [r["messageId"] for r in event["Records"] if r["body"] == "bad"]
    print(f"batch {json.dumps(sorted(r['body'] for r in event['Records']))}", flush=True)
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in bad]}


def _print_whole(line):
    """In one write: several environments share the log, and `print` may write the line end by itself."""
    os.write(1, f"{line}\n".encode())


def slow_batch(event, context):
    _print_whole(f"began {time.time()}")
    time.sleep(0.5)
    _print_whole(f"ended {time.time()}")


def tell_then_sleep(event, context):
    print(f"pid {os.getpid()}", flush=True)
    time.sleep(60)


def write(event, context):
    """Adds to the file at each path; what kept it from that, or None."""
    return {path: _added(path) for path in event} | {"status": Path("/proc/self/status").read_text()}


def _added(path):
    try:
        with open(path, "a") as file:  # noqa: PTH123
            file.write("x")
    except OSError as error:
        return type(error).__name__
