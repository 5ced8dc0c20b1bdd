"""A program that runs a local AWS with one busy function in it, to be killed: `run_and_wait.py HOME`."""

import sys
import time
from pathlib import Path

from local_sagemaker import LocalSageMaker
from support.account import Account

with LocalSageMaker(Path(sys.argv[1])) as aws:
    account = Account(aws, [])
    account.function("tell_then_sleep", Timeout=60, FunctionName="sleeper")
    account.lambda_.invoke(FunctionName="sleeper", InvocationType="Event", Payload=b"{}")
    time.sleep(60)
