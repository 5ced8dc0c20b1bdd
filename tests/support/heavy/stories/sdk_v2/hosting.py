"""What a user of `sagemaker` 2.257 does with batch transforms and serverless endpoints: reads `{"image": …, "role": …}`
from stdin, trains a model that adds x to the sum of each line, transforms with it in several ways, hosts it, and writes
what it saw as JSON on the last line of stdout; what the SDK itself prints meanwhile goes to stderr.
"""

import contextlib
import io
import json
import sys
from typing import Any

import sagemaker
from sagemaker.deserializers import CSVDeserializer
from sagemaker.estimator import Estimator
from sagemaker.exceptions import UnexpectedStatusException
from sagemaker.model import Model
from sagemaker.predictor import Predictor
from sagemaker.serializers import CSVSerializer
from sagemaker.serverless import ServerlessInferenceConfig
from sagemaker.transformer import Transformer

BUCKET = "of-sdk-v2-hosting"
X = 10


class Story:
    """One session with the SDK; each step gives what the tests look at."""

    def __init__(self, given: dict[str, str]):
        self.given = given
        self.session = sagemaker.Session(default_bucket=BUCKET)
        self.estimator = Estimator(
            image_uri=given["image"],
            role=given["role"],
            instance_count=1,
            instance_type="ml.m5.large",
            sagemaker_session=self.session,
            hyperparameters={"x": X},
        )
        self.estimator.fit(wait=False)
        self.session.wait_for_job(self.estimator.latest_training_job.name, poll=0.5)

    def upload(self, name: str, text: str) -> str:
        return str(self.session.upload_string_as_file_body(text, bucket=BUCKET, key=name))

    def model(self) -> Model:
        return Model(
            image_uri=self.given["image"],
            model_data=self.estimator.model_data,
            role=self.given["role"],
            predictor_cls=Predictor,
            sagemaker_session=self.session,
        )

    def transform(self, transformer: Transformer, uri: str, **how: Any) -> dict[str, str]:
        """Transform to the end; what each object of the output says, by its name."""
        transformer.transform(uri, content_type="text/csv", wait=False, **how)
        self.session.wait_for_transform_job(transformer.latest_transform_job.name, poll=0.5)
        bucket, _, prefix = transformer.output_path.removeprefix("s3://").partition("/")
        keys = self.session.list_s3_files(bucket, prefix)
        return {key.rpartition("/")[2]: self.session.read_s3_file(bucket, key) for key in keys}

    def of_estimator(self) -> dict[str, Any]:
        """Line by line, with the estimator's own transformer and an environment; every object of a prefix."""
        uri = self.upload("few/a.csv", "1,2\n3,4\n").rpartition("/")[0]
        self.upload("few/b.csv", "5,6\n")
        transformer = self.estimator.transformer(
            1, "ml.m5.large", strategy="SingleRecord", assemble_with="Line", env={"UNIT": "cm"}, accept="text/csv"
        )
        found = self.transform(transformer, uri, split_type="Line")
        return {
            "found": found,
            "environment": self.session.describe_transform_job(transformer.latest_transform_job.name)["Environment"],
        }

    def of_model(self) -> dict[str, str]:
        """Without its first column, an identifier, and joined with it."""
        model = self.model()
        transformer = model.transformer(
            1, "ml.m5.large", strategy="MultiRecord", assemble_with="Line", accept="text/csv"
        )
        return self.transform(
            transformer,
            self.upload("joined/c.csv", "7,1,2\n8,3,4\n"),
            split_type="Line",
            input_filter="$[1:]",
            join_source="Input",
            output_filter="$[0,-1]",
        )

    def of_manifest(self) -> dict[str, Any]:
        """And the transform job as another session finds it."""
        self.upload("listed/yes.csv", "1\n")
        self.upload("listed/no.csv", "2\n")
        uri = self.upload("manifest.json", json.dumps([{"prefix": f"s3://{BUCKET}/listed/"}, "yes.csv"]))
        transformer = self.estimator.transformer(1, "ml.m5.large", accept="text/csv")
        found = self.transform(transformer, uri, data_type="ManifestFile")
        attached = Transformer.attach(transformer.latest_transform_job.name, sagemaker_session=self.session)
        return {
            "found": found,
            "is_same_output": attached.output_path == transformer.output_path,
            "is_same_model": attached.model_name == transformer.model_name,
        }

    def logged(self) -> str:
        """What the SDK shows of the container's log."""
        transformer = self.estimator.transformer(1, "ml.m5.large", env={"UNIT": "mm"})
        transformer.transform(self.upload("logged/d.csv", "1\n2\n"), content_type="text/csv", wait=False)
        log = io.StringIO()
        with contextlib.redirect_stdout(log):
            self.session.logs_for_transform_job(transformer.latest_transform_job.name, wait=True, poll=1)
        return log.getvalue()

    def failed(self) -> str:
        transformer = self.estimator.transformer(1, "ml.m5.large")
        try:
            self.transform(transformer, self.upload("failed/e.csv", "many\n"))
        except UnexpectedStatusException as error:
            return str(error)
        return "no exception"

    def serverless(self) -> dict[str, Any]:
        """Deploy without instances, predict, look at the config, and delete all."""
        predictor = self.model().deploy(
            serverless_inference_config=ServerlessInferenceConfig(memory_size_in_mb=1024, max_concurrency=2),
            serializer=CSVSerializer(),
            deserializer=CSVDeserializer(),
            wait=False,
        )
        name, client = predictor.endpoint_name, self.session.sagemaker_client
        self.session.wait_for_endpoint(name, poll=0.5)
        config = client.describe_endpoint_config(EndpointConfigName=predictor._get_endpoint_config_name())
        answer = predictor.predict([[1, 2], [3, 4]])
        predictor.delete_model()
        predictor.delete_endpoint()
        client.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig={"Delay": 1})
        return {"predicted": answer, "config": config["ProductionVariants"][0]["ServerlessConfig"]}


def main() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        story = Story(json.load(sys.stdin))
        steps = ("of_estimator", "of_model", "of_manifest", "logged", "failed", "serverless")
        told = {step: getattr(story, step)() for step in steps}
    sys.stdout.write(json.dumps(told, default=str))


if __name__ == "__main__":
    main()
