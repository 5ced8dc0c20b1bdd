"""What every start of a local AWS waits for: moto, while it is imported."""

import subprocess
import sys

from cli.paths import ROOT

SCRIPT = """
from botocore import loaders, session

read, made = [], session.create_loader
load = loaders.JSONFileLoader.load_file
loaders.JSONFileLoader.load_file = lambda self, path: (read.append(path), load(self, path))[1]
from local_sagemaker import LocalSageMaker

print(sum("/ec2/" in path and path.endswith("/service-2") for path in read))
print(session.create_loader is made)
"""


def test_what_botocore_knows_of_ec2_is_read_once_and_botocore_is_as_it_was() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["1", "True"]
