"""On the PYTHONPATH of a Lambda's process: has Python itself (PEP 578) note in the log what it loads, line by line."""

import os
import sys


def _note(event, arguments):
    if event in ("import", "open"):
        os.write(1, f"WATCH {event} {arguments[0]}\n".encode())
    if event == "compile":
        os.write(1, f"WATCH compile {os.fsdecode(arguments[1] or '')}\n".encode())


sys.addaudithook(_note)
