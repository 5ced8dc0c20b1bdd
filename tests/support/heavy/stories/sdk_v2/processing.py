"""What a user of `sagemaker` 2.257 does with processing jobs, in an environment of its own: reads `{"data": …, "image":
…, "role": …}` from stdin, runs a script on the data, one that fails and one that is stopped, and writes what it saw as
JSON on the last line of stdout; what the SDK itself prints meanwhile goes to stderr.
"""

import contextlib
import io
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sagemaker
from sagemaker.exceptions import UnexpectedStatusException
from sagemaker.processing import ProcessingInput, ProcessingJob, ProcessingOutput, ScriptProcessor
from sagemaker.s3 import S3Downloader

BUCKET = "of-sdk-v2-processing"
COUNTS = """
import os, sys
ml = os.environ.get("ML_ROOT", "/opt/ml")
lines = open(ml + "/processing/in/iris.csv").read().splitlines()
with open(ml + "/processing/out/count.txt", "w") as out:
    out.write(f"{sys.argv[1]} {len(lines) - 1}")
with open(ml + "/output/message", "w") as message:
    message.write("counted")
print("counted", os.environ["UNIT"])
"""
FAILS = "raise SystemExit(7)"
SLEEPS = "import time; time.sleep(600)"


class Story:
    """One session with the SDK; each step gives what the tests look at."""

    def __init__(self, given: dict[str, str]):
        self.given = given
        self.session = sagemaker.Session(default_bucket=BUCKET)
        self.folder = Path(tempfile.mkdtemp())

    def processor(self) -> ScriptProcessor:
        return ScriptProcessor(
            image_uri=self.given["image"],
            command=["python3"],
            role=self.given["role"],
            instance_count=1,
            instance_type="ml.m5.large",
            env={"UNIT": "flowers"},
            tags=[{"Key": "owner", "Value": "sdk"}],
            max_runtime_in_seconds=300,
            sagemaker_session=self.session,
        )

    def script(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def counted(self) -> dict[str, Any]:
        """A script, its input, its output, its log as `wait` prints it, and the job as another session finds it."""
        processor = self.processor()
        log = io.StringIO()
        with contextlib.redirect_stdout(log):
            processor.run(
                code=self.script("count.py", COUNTS),
                inputs=[ProcessingInput(source=self.given["data"], destination="/opt/ml/processing/in")],
                outputs=[ProcessingOutput(output_name="counts", source="/opt/ml/processing/out")],
                arguments=["lines"],
            )
        job = processor.latest_job
        found = ProcessingJob.from_processing_name(self.session, job.job_name)
        uri = found.outputs[0].destination
        described = job.describe()
        return {
            "log": log.getvalue(),
            "output": S3Downloader.read_file(f"{uri}/count.txt", self.session),
            "status": described["ProcessingJobStatus"],
            "message": described["ExitMessage"],
            "tags": self.session.list_tags(described["ProcessingJobArn"]),
        }

    def failed(self) -> str:
        try:
            self.processor().run(code=self.script("fail.py", FAILS), logs=False)
        except UnexpectedStatusException as error:
            return str(error)
        return "it did not fail"

    def stopped(self) -> str:
        processor = self.processor()
        processor.run(code=self.script("sleep.py", SLEEPS), wait=False, logs=False)
        processor.latest_job.stop()
        while (status := processor.latest_job.describe()["ProcessingJobStatus"]) in ("InProgress", "Stopping"):
            time.sleep(0.2)
        return str(status)


def main() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        story = Story(json.load(sys.stdin))
        told = {"counted": story.counted(), "failed": story.failed(), "stopped": story.stopped()}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
