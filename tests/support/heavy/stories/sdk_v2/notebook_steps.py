"""The steps of the classic notebook for a container of one's own with `sagemaker` 2.257, naming nothing but the bucket:
reads `{"data": …, "image": …, "role": …, "bucket": …}` from stdin and writes what it saw as JSON on the last line of
stdout; what the SDK itself prints meanwhile goes to stderr.
"""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import sagemaker
from sagemaker.deserializers import CSVDeserializer
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.serializers import CSVSerializer
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner

sys.path.insert(0, str(Path(__file__).parents[1]))
from minutes import wait_for_a_free_minute

METRICS = [{"Name": "mse", "Regex": r"mse: ([0-9\.]+)"}]
HOSTED: dict[str, Any] = {
    "initial_instance_count": 1,
    "instance_type": "ml.m5.large",
    "serializer": CSVSerializer(),
    "deserializer": CSVDeserializer(),
    "wait": False,  # the SDK looks every 30 s
}


class Notebook:
    """One session with the SDK; each step gives what the tests look at."""

    def __init__(self, given: dict[str, str]):
        self.session = sagemaker.Session(default_bucket=given["bucket"])
        uri = self.session.upload_data(given["data"], key_prefix="notebook-v2/train")
        self.inputs = {"train": TrainingInput(uri, content_type="text/csv")}
        header, *flowers = (line.partition(",")[2] for line in Path(given["data"]).read_text().splitlines())
        self.few = "\n".join([header, *flowers[:3]])
        self.estimator = Estimator(
            image_uri=given["image"],
            role=given["role"],
            instance_count=1,
            instance_type="ml.m5.large",
            sagemaker_session=self.session,
            hyperparameters={"target": "Sepal.Length"},
            metric_definitions=METRICS,
        )

    def trained(self) -> dict[str, Any]:
        self.estimator.fit(self.inputs, wait=False)
        self.session.wait_for_job(self.estimator.latest_training_job.name, poll=1)
        return {"name": self.estimator.latest_training_job.name, "model_data": self.estimator.model_data}

    def tuned(self) -> tuple[HyperparameterTuner, dict[str, Any]]:
        ranges = {"thresh": ContinuousParameter(0.001, 0.01)}
        tuner = HyperparameterTuner(
            self.estimator, "mse", ranges, METRICS, objective_type="Minimize", max_jobs=2, max_parallel_jobs=2
        )
        wait_for_a_free_minute()
        tuner.fit(self.inputs, wait=False)
        self.session.wait_for_tuning_job(tuner.latest_tuning_job.name, poll=1)
        return tuner, {"name": tuner.latest_tuning_job.name, "best": tuner.best_training_job()}

    def predicted(self, deployed: Any) -> dict[str, Any]:
        """Ask the endpoint, and delete it and its model."""
        self.session.wait_for_endpoint(deployed.endpoint_name, poll=1)
        answer = deployed.predict(self.few)
        deployed.delete_model()
        deployed.delete_endpoint()
        return {"name": deployed.endpoint_name, "predictions": [float(row[0]) for row in answer]}

    def transformed(self, tuner: HyperparameterTuner) -> dict[str, Any]:
        uri = self.session.upload_string_as_file_body(
            self.few, bucket=self.session.default_bucket(), key="notebook-v2/few/few.csv"
        )
        transformer = tuner.best_estimator().transformer(1, "ml.m5.large", accept="text/csv")
        transformer.transform(uri, content_type="text/csv", wait=False)
        self.session.wait_for_transform_job(transformer.latest_transform_job.name, poll=1)
        bucket, _, prefix = transformer.output_path.removeprefix("s3://").partition("/")
        found = self.session.read_s3_file(bucket, f"{prefix}/few.csv.out")
        transformer.delete_model()
        return {"name": transformer.latest_transform_job.name, "predictions": [float(row) for row in found.split()]}


def main() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        notebook = Notebook(json.load(sys.stdin))
        trained = notebook.trained()
        hosted = notebook.predicted(notebook.estimator.deploy(**HOSTED))
        tuner, tuned = notebook.tuned()
        best = notebook.predicted(tuner.deploy(**HOSTED))
        transformed = notebook.transformed(tuner)
        told = {"trained": trained, "hosted": hosted, "tuned": tuned, "best": best, "transformed": transformed}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
