"""The example of the page on processing jobs runs as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

from local_sagemaker import LocalSageMaker

PAGE = Path(__file__).parents[4] / "docs" / "processing.md"
LOCAL = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "local")


def test_the_example_prints_what_its_job_wrote(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)

    with LocalSageMaker(tmp_path / "home", images={"my-tools": tmp_path}) as aws:
        variables = {**os.environ, **LOCAL, "AWS_ENDPOINT_URL": aws.endpoint_url, "AWS_DEFAULT_REGION": aws.region}
        done = subprocess.run(
            [sys.executable, "-c", block], env=variables, capture_output=True, text=True, check=False, timeout=120
        )

    assert (done.stdout, done.stderr) == ("width,length\n3.5,5.1\n\n", "")
