"""What a user of `sagemaker` 2.257 does, in an environment of its own: reads `{"data": …, "image": …, "role": …}`
from stdin, trains, tunes, transforms and hosts through the public interface of the SDK alone, and writes what it saw as
JSON on the last line of stdout; what the SDK itself prints meanwhile goes to stderr.
"""

import contextlib
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import sagemaker
from sagemaker.deserializers import CSVDeserializer
from sagemaker.estimator import Estimator
from sagemaker.exceptions import UnexpectedStatusException
from sagemaker.inputs import TrainingInput
from sagemaker.serializers import CSVSerializer
from sagemaker.transformer import Transformer
from sagemaker.tuner import (
    CategoricalParameter,
    ContinuousParameter,
    HyperparameterTuner,
    IntegerParameter,
)

METRICS = [{"Name": "mse", "Regex": r"mse: ([0-9\.]+)"}]
BUCKET = "of-sdk-v2"


class Story:
    """One session with the SDK; each step gives what the tests look at."""

    def __init__(self, given: dict[str, str]):
        self.given = given
        self.session = sagemaker.Session(default_bucket=BUCKET)
        self.data_uri = self.session.upload_data(given["data"], key_prefix="iris/train").rpartition("/")[0]
        self.inputs = {"train": TrainingInput(self.data_uri, content_type="text/csv")}
        self.named = f"{int(time.time()):x}"

    def estimator(self, **hyperparameters: Any) -> Estimator:
        return Estimator(
            image_uri=self.given["image"],
            role=self.given["role"],
            instance_count=1,
            instance_type="ml.m5.large",
            output_path=f"s3://{BUCKET}/output",
            sagemaker_session=self.session,
            hyperparameters={"target": "Sepal.Length", **hyperparameters},
            metric_definitions=METRICS,
        )

    def tuner(self, **more: Any) -> HyperparameterTuner:
        ranges = {
            "degree": IntegerParameter(1, 3),
            "thresh": ContinuousParameter(0.001, 0.01, scaling_type="Logarithmic"),
            "prune": CategoricalParameter(["TRUE", "FALSE"]),
        }
        asked = {"objective_type": "Minimize", "max_jobs": 4, "max_parallel_jobs": 2, "random_seed": 1, **more}
        return HyperparameterTuner(self.estimator(), "mse", ranges, metric_definitions=METRICS, **asked)

    def fit(self, tuner: HyperparameterTuner, name: str) -> dict[str, Any]:
        """Tune to the end; what DescribeHyperParameterTuningJob then says."""
        tuner.fit(self.inputs, job_name=f"v2-{name}-{self.named}", wait=True)
        return dict(tuner.describe())

    def trained(self) -> dict[str, Any]:
        estimator = self.estimator(degree=2)
        estimator.fit(self.inputs, job_name=f"v2-train-{self.named}", wait=False)
        name, log = estimator.latest_training_job.name, io.StringIO()
        with contextlib.redirect_stdout(log):
            self.session.logs_for_job(name, wait=True, poll=1)
        attached = Estimator.attach(name, sagemaker_session=self.session)
        return {
            "name": name,
            "model_data": estimator.model_data,
            "log": log.getvalue(),
            "attached_hyperparameters": attached.hyperparameters(),
        }

    def failed(self) -> str:
        estimator = self.estimator(degree="many")
        estimator.fit(self.inputs, job_name=f"v2-failed-{self.named}", wait=False)
        try:
            self.session.logs_for_job(estimator.latest_training_job.name, wait=True, poll=1)
        except UnexpectedStatusException as error:
            return str(error)
        return "no exception"

    def tuned(self) -> tuple[HyperparameterTuner, dict[str, Any]]:
        tuner = self.tuner(tags=[{"Key": "owner", "Value": "sdk"}])
        described = self.fit(tuner, "tune")
        best = tuner.best_estimator()
        attached = HyperparameterTuner.attach(tuner.latest_tuning_job.name, sagemaker_session=self.session)
        frame = tuner.analytics().dataframe()
        return tuner, {
            "described": described,
            "best_training_job": tuner.best_training_job(),
            "best_hyperparameters": best.hyperparameters(),
            "attached_ranges": sorted(
                one["Name"] for kind in attached.hyperparameter_ranges().values() for one in kind
            ),
            "attached_best": attached.best_training_job(),
            "rows": json.loads(frame.to_json(orient="records", date_format="iso")),
            "tags": self.session.sagemaker_client.list_tags(ResourceArn=described["HyperParameterTuningJobArn"])[
                "Tags"
            ],
        }

    def transformed(self, tuner: HyperparameterTuner) -> dict[str, Any]:
        """Predict the flowers by a batch transform of the best model."""
        flowers = Path(self.given["data"]).read_text().splitlines()
        rows = "\n".join(line.partition(",")[2] for line in flowers[:6])
        uri = self.session.upload_string_as_file_body(rows, bucket=BUCKET, key=f"flowers-{self.named}/few.csv")
        transformer = tuner.best_estimator().transformer(
            instance_count=1,
            instance_type="ml.m5.large",
            output_path=f"s3://{BUCKET}/transformed-{self.named}",
            accept="text/csv",
        )
        transformer.transform(
            uri, content_type="text/csv", job_name=f"v2-transform-{self.named}", wait=True, logs=False
        )
        name = transformer.latest_transform_job.name
        attached = Transformer.attach(name, sagemaker_session=self.session)
        found = self.session.read_s3_file(BUCKET, f"transformed-{self.named}/few.csv.out")
        transformer.delete_model()
        return {"predictions": found.split(), "attached_output": attached.output_path}

    def hosted(self, tuner: HyperparameterTuner) -> dict[str, Any]:
        """Deploy the best model, predict one flower, and delete all."""
        predictor = tuner.deploy(
            initial_instance_count=1,
            instance_type="ml.m5.large",
            endpoint_name=f"v2-{self.named}",
            serializer=CSVSerializer(),
            deserializer=CSVDeserializer(),
        )
        header, first = (line.partition(",")[2] for line in Path(self.given["data"]).read_text().splitlines()[:2])
        predicted = predictor.predict(f"{header}\n{first}")
        predictor.delete_model()
        predictor.delete_endpoint(delete_endpoint_config=True)
        waiter = self.session.sagemaker_client.get_waiter("endpoint_deleted")
        waiter.wait(EndpointName=predictor.endpoint_name, WaiterConfig={"Delay": 1})
        left = self.session.sagemaker_client.list_endpoints(NameContains=f"v2-{self.named}")["Endpoints"]
        return {"predicted": predicted, "left": left}


def main() -> None:
    given = json.load(sys.stdin)
    answer, sys.stdout = sys.stdout, sys.stderr
    story = Story(given)
    tuner, tuned = story.tuned()
    told = {
        "trained": story.trained(),
        "failed": story.failed(),
        "tuned": tuned,
        "transformed": story.transformed(tuner),
        "hosted": story.hosted(tuner),
    }
    json.dump(told, answer, default=str)


if __name__ == "__main__":
    main()
