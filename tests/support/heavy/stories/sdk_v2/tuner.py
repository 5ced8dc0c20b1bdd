"""What a user of `sagemaker` 2.257 does with tuners beside the usual: reads `{"image": …, "role": …}` from stdin, tunes
with each strategy, stops early, completes early, tunes several algorithms, and looks at metrics and charts; writes what
it saw as JSON on the last line of stdout; what the SDK itself prints meanwhile goes to stderr.
"""

import contextlib
import json
import sys
from typing import Any

import sagemaker
from sagemaker.amtviz import visualize_tuning_job
from sagemaker.analytics import HyperparameterTuningJobAnalytics, TrainingJobAnalytics
from sagemaker.estimator import Estimator
from sagemaker.tuner import (
    CategoricalParameter,
    ContinuousParameter,
    HyperbandStrategyConfig,
    HyperparameterTuner,
    IntegerParameter,
    StrategyConfig,
    TuningJobCompletionCriteriaConfig,
    WarmStartConfig,
    WarmStartTypes,
    create_identical_dataset_and_algorithm_tuner,
)

METRICS = [{"Name": "loss", "Regex": r"loss: ([0-9\.]+)"}, {"Name": "epoch", "Regex": r"epoch: ([0-9]+)"}]
BUCKET = "of-sdk-v2-tuner"
X = {"x": ContinuousParameter(0.0, 4.0)}


class Story:
    """One session with the SDK; each step gives what the tests look at."""

    def __init__(self, given: dict[str, str]):
        self.given = given
        self.session = sagemaker.Session(default_bucket=BUCKET)
        self.session.default_bucket()

    def estimator(self, **hyperparameters: Any) -> Estimator:
        return Estimator(
            image_uri=self.given["image"],
            role=self.given["role"],
            instance_count=1,
            instance_type="ml.m5.large",
            sagemaker_session=self.session,
            hyperparameters=hyperparameters,
            metric_definitions=METRICS,
        )

    def tuner(self, ranges: dict[str, Any], epochs: int = 1, **more: Any) -> HyperparameterTuner:
        asked = {"objective_type": "Minimize", "max_jobs": 4, **more}
        return HyperparameterTuner(self.estimator(epochs=epochs), "loss", ranges, METRICS, **asked)

    def fit(self, tuner: HyperparameterTuner, name: str) -> dict[str, Any]:
        """Tune to the end; what DescribeHyperParameterTuningJob then says, and the training jobs in their order."""
        tuner.fit(job_name=name, wait=False)
        self.session.wait_for_tuning_job(name, poll=0.5)
        frame = tuner.analytics().dataframe()
        rows = frame.sort_values("TrainingStartTime").to_json(orient="records", date_format="iso")
        return {"described": tuner.describe(), "rows": json.loads(rows)}

    def random(self) -> list[dict[str, Any]]:
        """Twice with the same seed."""
        tuners = [self.tuner(X, strategy="Random", random_seed=7, max_jobs=3) for _ in range(2)]
        found = [self.fit(tuner, f"random-{number}") for number, tuner in enumerate(tuners, start=1)]
        self.parent = tuners[0]
        return found

    def grid(self) -> dict[str, Any]:
        ranges = {"x": CategoricalParameter(["1", "2"]), "of": CategoricalParameter(["a", "b"])}
        return self.fit(self.tuner(ranges, strategy="Grid", max_parallel_jobs=2), "grid")

    def hyperband(self) -> dict[str, Any]:
        config = StrategyConfig(HyperbandStrategyConfig(max_resource=3, min_resource=1))
        tuner = self.tuner(X, epochs=9, strategy="Hyperband", strategy_config=config, max_parallel_jobs=2)
        return self.fit(tuner, "hyperband")

    def stopped_early(self) -> dict[str, Any]:
        """The fourth training job is far off, and waits a minute after its first epoch."""
        ranges = {"x": CategoricalParameter(["1", "2", "3", "9"])}
        tuner = self.tuner(ranges, epochs=2, strategy="Grid", early_stopping_type="Auto")
        return self.fit(tuner, "early")

    def completed_early(self) -> dict[str, Any]:
        criteria = TuningJobCompletionCriteriaConfig(target_objective_metric_value=100.0)
        return self.fit(self.tuner(X, max_jobs=50, completion_criteria_config=criteria), "target")

    def warm(self) -> dict[str, Any]:
        """Both kinds of warm start by their helpers, the helper that begins from a name, and two parents at once."""
        by_name = create_identical_dataset_and_algorithm_tuner("random-1", sagemaker_session=self.session)
        config = WarmStartConfig(WarmStartTypes.IDENTICAL_DATA_AND_ALGORITHM, {"random-1", "random-2"})
        tuners = {
            "identical": self.parent.identical_dataset_and_algorithm_tuner(),
            "transfer": self.parent.transfer_learning_tuner(),
            "by-name": by_name,
            "two-parents": self.tuner(X, max_jobs=1, warm_start_config=config),
        }
        seen = {}
        for name, tuner in tuners.items():
            tuner.metric_definitions = METRICS  # the SDK's helpers leave them out
            seen[name] = self.fit(tuner, f"warm-{name}")
        return seen

    def several(self) -> dict[str, Any]:
        """Two algorithms in one tuning job, which another session attaches to."""
        tuner = HyperparameterTuner.create(
            estimator_dict={"one": self.estimator(epochs=1), "two": self.estimator(epochs=2)},
            objective_metric_name_dict={"one": "loss", "two": "loss"},
            hyperparameter_ranges_dict={"one": X, "two": {"x": IntegerParameter(0, 3)}},
            metric_definitions_dict={"one": METRICS, "two": METRICS},
            strategy="Random",
            objective_type="Minimize",
            max_jobs=4,
            max_parallel_jobs=2,
        )
        tuner.fit(inputs={}, include_cls_metadata={}, job_name="several", wait=False)
        self.session.wait_for_tuning_job("several", poll=0.5)
        attached = HyperparameterTuner.attach("several", sagemaker_session=self.session)
        best = tuner.best_training_job()
        return {
            "best": best,
            "best_of_attached": attached.best_training_job(),
            "best_x": attached.best_estimator().hyperparameters()["x"],
            "ranges": sorted(attached.hyperparameter_ranges_dict()),
            "rows": {name: len(frame) for name, frame in self._frames("several").items()},
            "tuned": self.session.describe_tuning_job("several")["BestTrainingJob"]["TunedHyperParameters"]["x"],
        }

    def _frames(self, name: str) -> Any:
        frame = HyperparameterTuningJobAnalytics(name, sagemaker_session=self.session).dataframe()
        return dict(list(frame.groupby("TrainingJobDefinitionName")))

    def stopped(self) -> str:
        tuner = self.tuner(X, epochs=9, max_jobs=500, strategy="Random")
        tuner.fit(job_name="stopped", wait=False)
        tuner.stop_tuning_job()
        self.session.wait_for_tuning_job("stopped", poll=0.5)
        return str(tuner.describe()["HyperParameterTuningJobStatus"])

    def metrics(self) -> dict[str, Any]:
        """Of one training job, by its estimator and by its name."""
        estimator = self.estimator(x=2, epochs=2)
        estimator.fit(job_name="one", wait=False)
        self.session.wait_for_job("one", poll=0.5)
        by_name = TrainingJobAnalytics("one", ["loss"], sagemaker_session=self.session).dataframe()
        return {
            "of_estimator": json.loads(estimator.training_job_analytics.dataframe().to_json(orient="records")),
            "by_name": json.loads(by_name.to_json(orient="records")),
        }

    def charts(self) -> dict[str, Any]:
        """AWS's charts of a tuning job that has ended, as their specification and their data."""
        chart, trials, full = visualize_tuning_job("random-1", return_dfs=True, job_metrics=["loss"], advanced=True)
        drawn = chart.to_dict()
        return {
            "charts": len(drawn["vconcat"]),
            "data": {name: len(rows) for name, rows in drawn["datasets"].items()},
            "trials": json.loads(trials.to_json(orient="records")),
            "metrics": json.loads(full[["TrainingJobName", "label", "value"]].to_json(orient="records")),
        }


def main() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        story = Story(json.load(sys.stdin))
        steps = (
            "random", "grid", "hyperband", "stopped_early", "completed_early", "warm", "several", "stopped", "metrics",
            "charts",
        )  # fmt: skip
        told = {step: getattr(story, step)() for step in steps}
    sys.stdout.write(json.dumps(told, default=str))


if __name__ == "__main__":
    main()
