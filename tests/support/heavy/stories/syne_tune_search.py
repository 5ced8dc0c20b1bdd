"""What a user of Syne Tune's SageMaker backend does, in an environment of its own: reads `{"image": …, "role": …}` from
stdin, lets a random search run its trials as training jobs, and writes what it saw as JSON on stdout's last line.

The backend uploads the script as every framework estimator does; the image that runs here has a program of its own.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import sagemaker
from sagemaker.estimator import Framework
from syne_tune import StoppingCriterion, Tuner
from syne_tune.backend.sagemaker_backend.sagemaker_backend import SageMakerBackend
from syne_tune.config_space import uniform
from syne_tune.optimizer.baselines import RandomSearch

BUCKET = "of-syne-tune"
TRIALS = 5


class ScriptEstimator(Framework):
    """The backend reads hyperparameters as the JSON that the SDK's framework estimators write."""

    _framework_name = "script"
    framework_version = py_version = None

    def create_model(self, **_: Any) -> Any:
        raise NotImplementedError("trials are not deployed")


def called() -> list[str]:
    """The operations of SageMaker that clients of this process call from now on."""
    boto3.setup_default_session()
    calls: list[str] = []
    boto3.DEFAULT_SESSION.events.register("before-call.sagemaker", lambda model, **_: calls.append(model.name))
    return calls


def tuned(given: dict[str, str], script: Path) -> dict[str, Any]:
    """Tune to the end; the best trial and the names of all jobs."""
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    estimator = ScriptEstimator(
        image_uri=given["image"],
        role=given["role"],
        instance_count=1,
        instance_type="ml.m5.large",
        entry_point=str(script),
        output_path=f"s3://{BUCKET}/output",
        sagemaker_session=sagemaker.Session(default_bucket=BUCKET),
    )
    space = {"x": uniform(-1.0, 1.0)}
    backend = SageMakerBackend(estimator, metrics_names=["loss"], s3_path=f"s3://{BUCKET}/syne-tune")
    tuner = Tuner(
        trial_backend=backend,
        scheduler=RandomSearch(space, metric="loss", mode="min", random_seed=1),
        stop_criterion=StoppingCriterion(max_num_trials_finished=TRIALS),
        n_workers=2,
        sleep_time=0.5,
        tuner_name="syne",
        save_tuner=False,
    )
    tuner.run()
    trial, best = tuner.best_config()
    found = backend._all_trial_results(list(backend.job_id_mapping))
    return {
        "best": {"trial": trial, **best},
        "trials": [
            {"id": one.trial_id, "status": str(one.status), "x": one.config["x"], "metrics": one.metrics}
            for one in found
        ],
        "jobs": backend.job_id_mapping,
    }


def main() -> None:
    given = json.load(sys.stdin)
    answer, sys.stdout = sys.stdout, sys.stderr
    calls = called()
    with TemporaryDirectory() as folder:
        script = Path(folder) / "objective.py"
        script.write_text("")
        told = {**tuned(given, script), "calls": calls}
    json.dump(told, answer, default=str)


if __name__ == "__main__":
    main()
