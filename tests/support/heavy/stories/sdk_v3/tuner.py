"""What a user of `sagemaker` 3.27 does, in an environment of its own: reads `{"data": …, "image": …, "role": …}` from
stdin, trains, tunes, starts warm, hosts and stops through the SDK's public interface alone, and writes what it saw as
JSON on stdout's last line; what the SDK itself prints meanwhile goes to stderr.
"""

import json
import sys
import time
from typing import Any

from sagemaker.core import shapes
from sagemaker.core.analytics import HyperparameterTuningJobAnalytics
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.parameter import CategoricalParameter, ContinuousParameter, IntegerParameter
from sagemaker.core.resources import Endpoint, EndpointConfig, HyperParameterTuningJob, Model, TrainingJob
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, OutputDataConfig, StoppingCondition
from sagemaker.train.tuner import HyperparameterTuner, WarmStartTypes

METRICS = [{"Name": "mse", "Regex": r"mse: ([0-9\.]+)"}]
BUCKET = "of-sdk-v3"


class Story:
    """One session with the SDK; each step gives what the tests look at."""

    def __init__(self, given: dict[str, str]):
        self.given = given
        self.session = Session(default_bucket=BUCKET)
        self.data_uri = self.session.upload_data(given["data"], key_prefix="iris/train").rpartition("/")[0]
        self.inputs = [InputData(channel_name="train", data_source=self.data_uri, content_type="text/csv")]
        self.named = f"{int(time.time()):x}"

    def trainer(self, **hyperparameters: Any) -> ModelTrainer:
        return ModelTrainer(
            training_image=self.given["image"],
            role=self.given["role"],
            sagemaker_session=self.session,
            compute=Compute(instance_type="ml.m5.large", instance_count=1),
            output_data_config=OutputDataConfig(s3_output_path=f"s3://{BUCKET}/output"),
            stopping_condition=StoppingCondition(max_runtime_in_seconds=600),
            hyperparameters={"target": "Sepal.Length", **hyperparameters},
            base_job_name="v3-train",
        )

    def tuner(self, **more: Any) -> HyperparameterTuner:
        ranges = {
            "degree": IntegerParameter(1, 3),
            "thresh": ContinuousParameter(0.001, 0.01, "Logarithmic"),
            "prune": CategoricalParameter(["TRUE", "FALSE"]),
        }
        asked = {"objective_type": "Minimize", "max_jobs": 4, "max_parallel_jobs": 2, "random_seed": 1, **more}
        return HyperparameterTuner(self.trainer(), "mse", ranges, metric_definitions=METRICS, **asked)

    def tune(self, tuner: HyperparameterTuner, name: str) -> HyperParameterTuningJob:
        """Tune, and wait by the job's own resource."""
        name = f"v3-{name}-{self.named}"
        tuner.tune(inputs={"train": self.data_uri}, job_name=name, wait=False)
        job = HyperParameterTuningJob.get(name)
        job.wait(poll=1)
        return job

    def trained(self) -> dict[str, Any]:
        """With `wait` and `logs`, which are the default."""
        self.trainer(degree=2).train(input_data_config=self.inputs)
        (job,) = TrainingJob.get_all(name_contains="v3-train")
        job.refresh()
        return {
            "name": job.training_job_name,
            "status": job.training_job_status,
            "model_data": job.model_artifacts.s3_model_artifacts,
            "hyperparameters": job.hyper_parameters,
        }

    def tuned(self) -> dict[str, Any]:
        tuner = self.tuner(tags=[{"Key": "owner", "Value": "sdk"}])
        job = self.tune(tuner, "tune")
        frame = HyperparameterTuningJobAnalytics(
            job.hyper_parameter_tuning_job_name, sagemaker_session=self.session
        ).dataframe()
        listed = HyperParameterTuningJob.get_all(
            name_contains="v3-tune", sort_by="CreationTime", sort_order="Descending"
        )
        return {
            "name": job.hyper_parameter_tuning_job_name,
            "arn": job.hyper_parameter_tuning_job_arn,
            "status": job.hyper_parameter_tuning_job_status,
            "best_training_job": tuner.best_training_job(),
            "best_of_resource": job.best_training_job.training_job_name,
            "training_jobs": [one.training_job_name for one in job.get_all_training_jobs()],
            "listed": [one.hyper_parameter_tuning_job_name for one in listed],
            "rows": json.loads(frame.to_json(orient="records", date_format="iso")),
            "rows_of_tuner": len(tuner.analytics().dataframe()),
        }

    def warm(self, parent: str) -> dict[str, Any]:
        """With the config built by hand: 3.27's own helpers build one that its shapes refuse."""
        config = shapes.HyperParameterTuningJobWarmStartConfig(
            parent_hyper_parameter_tuning_jobs=[
                shapes.ParentHyperParameterTuningJob(hyper_parameter_tuning_job_name=parent)
            ],
            warm_start_type=WarmStartTypes.IDENTICAL_DATA_AND_ALGORITHM.value,
        )
        job = self.tune(self.tuner(warm_start_config=config), "warm")
        return {
            "status": job.hyper_parameter_tuning_job_status,
            "parent": job.warm_start_config.parent_hyper_parameter_tuning_jobs[0].hyper_parameter_tuning_job_name,
            "overall_best": job.overall_best_training_job.training_job_name,
        }

    def stopped(self) -> str:
        name = f"v3-stop-{self.named}"
        tuner = self.tuner(max_jobs=500, strategy="Random")
        tuner.tune(inputs={"train": self.data_uri}, job_name=name, wait=False)
        job = HyperParameterTuningJob.get(name)
        job.stop()
        job.wait(poll=1)
        return str(job.hyper_parameter_tuning_job_status)

    def hosted(self, training_job: str) -> str:
        """The best model behind an endpoint, one prediction, and everything deleted again."""
        artifact = TrainingJob.get(training_job).model_artifacts.s3_model_artifacts
        name = f"v3-{self.named}"
        model = Model.create(
            model_name=name,
            primary_container=shapes.ContainerDefinition(image=self.given["image"], model_data_url=artifact),
            execution_role_arn=self.given["role"],
        )
        variant = shapes.ProductionVariant(
            variant_name="all", model_name=name, initial_instance_count=1, instance_type="ml.m5.large"
        )
        config = EndpointConfig.create(endpoint_config_name=name, production_variants=[variant])
        endpoint = Endpoint.create(endpoint_name=name, endpoint_config_name=name)
        endpoint.wait_for_status("InService", poll=1)
        flower = "Sepal.Width,Petal.Length,Petal.Width,Species\n3.5,1.4,0.2,setosa\n"
        answer = endpoint.invoke(body=flower, content_type="text/csv", accept="text/csv").body.read().decode()
        for made in (endpoint, config, model):
            made.delete()
        return str(answer)


def main() -> None:
    given = json.load(sys.stdin)
    answer, sys.stdout = sys.stdout, sys.stderr
    story = Story(given)
    tuned = story.tuned()
    told = {
        "trained": story.trained(),
        "tuned": tuned,
        "warm": story.warm(tuned["name"]),
        "hosted": story.hosted(tuned["best_training_job"]),
        "stopped": story.stopped(),
    }
    json.dump(told, answer, default=str)


if __name__ == "__main__":
    main()
