"""The steps of the classic notebook for a container of one's own with `sagemaker` 3.27, naming nothing but the bucket:
reads `{"data": …, "image": …, "role": …, "bucket": …}` from stdin and writes what it saw as JSON on the last line of
stdout; what the SDK itself prints meanwhile goes to stderr.
"""

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from sagemaker.core.helper.iam_role_resolver import RoleValidationError
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.parameter import ContinuousParameter
from sagemaker.core.resources import EndpointConfig, TrainingJob
from sagemaker.serve.model_builder import ModelBuilder
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData
from sagemaker.train.tuner import HyperparameterTuner

sys.path.insert(0, str(Path(__file__).parents[1]))
from minutes import wait_for_a_free_minute

METRICS = [{"Name": "mse", "Regex": r"mse: ([0-9\.]+)"}]


class Notebook:
    """One session with the SDK; each step gives what the tests look at."""

    def __init__(self, given: dict[str, str]):
        self.given = given
        self.session = Session(default_bucket=given["bucket"])
        self.uri = self.session.upload_data(given["data"], key_prefix="notebook-v3/train").rpartition("/")[0]
        header, *flowers = (line.partition(",")[2] for line in Path(given["data"]).read_text().splitlines())
        self.few = "\n".join([header, *flowers[:3]])

    def refused(self) -> str | None:
        """What the SDK says against the role, which it checks for each trainer."""
        try:
            self.trainer()
        except RoleValidationError as error:
            return str(error)
        return None

    def trainer(self) -> ModelTrainer:
        return ModelTrainer(
            training_image=self.given["image"],
            role=self.given["role"],
            sagemaker_session=self.session,
            compute=Compute(instance_type="ml.m5.large", instance_count=1),
            hyperparameters={"target": "Sepal.Length"},
        )

    def trained(self) -> dict[str, Any]:
        trainer = self.trainer()
        trainer.train([InputData(channel_name="train", data_source=self.uri, content_type="text/csv")], logs=False)
        job = trainer._latest_training_job
        job.refresh()
        return {"name": job.training_job_name, "status": job.training_job_status}

    def tuned(self) -> dict[str, Any]:
        ranges = {"thresh": ContinuousParameter(0.001, 0.01)}
        tuner = HyperparameterTuner(
            self.trainer(), "mse", ranges, METRICS, objective_type="Minimize", max_jobs=2, max_parallel_jobs=2
        )
        wait_for_a_free_minute()
        tuner.tune({"train": self.uri}, wait=False)
        tuner.latest_tuning_job.wait(poll=1)
        return {
            "name": tuner.latest_tuning_job.hyper_parameter_tuning_job_name,
            "best": tuner.best_training_job(),
        }

    def best(self, training_job: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Build the best model, ask an endpoint with it, transform with it, and delete all."""
        artifact = TrainingJob.get(training_job).model_artifacts.s3_model_artifacts
        builder = ModelBuilder(
            image_uri=self.given["image"],
            s3_model_data_url=artifact,
            role_arn=self.given["role"],
            instance_type="ml.m5.large",
            sagemaker_session=self.session,
        )
        model = builder.build()
        endpoint = builder.deploy(initial_instance_count=1, instance_type="ml.m5.large", wait=False)
        endpoint.wait_for_status("InService", poll=1)  # the SDK's own wait looks every 30 s
        answer = endpoint.invoke(body=self.few, content_type="text/csv", accept="text/csv").body.read().decode()
        hosted = {"name": endpoint.endpoint_name, "predictions": [float(row) for row in answer.split()]}
        config = EndpointConfig.get(endpoint.endpoint_config_name or endpoint.endpoint_name)
        transformed = self.transformed(builder)
        for made in (endpoint, config, model):
            made.delete()
        return hosted, transformed

    def transformed(self, builder: ModelBuilder) -> dict[str, Any]:
        uri = self.session.upload_string_as_file_body(
            self.few, bucket=self.session.default_bucket(), key="notebook-v3/few/few.csv"
        )
        transformer = builder.transformer(1, "ml.m5.large", accept="text/csv")
        transformer.transform(uri, content_type="text/csv", wait=False, logs=False)
        transformer.latest_transform_job.wait(poll=1)
        bucket, _, prefix = transformer.output_path.removeprefix("s3://").partition("/")
        found = self.session.read_s3_file(bucket, f"{prefix}/few.csv.out")
        return {
            "name": transformer.latest_transform_job.transform_job_name,
            "predictions": [float(row) for row in found.split()],
        }


def main() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        notebook = Notebook(json.load(sys.stdin))
        refused = notebook.refused()
        if refused:
            os.environ["SAGEMAKER_VALIDATE_ROLE"] = "false"  # as the guide says
        trained, tuned = notebook.trained(), notebook.tuned()
        best, transformed = notebook.best(tuned["best"])
        told = {"refused": refused, "trained": trained, "tuned": tuned, "best": best, "transformed": transformed}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
