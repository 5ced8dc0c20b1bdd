"""A tuning job as an object, without the service round it: as a new process finds it after an interruption."""

from typing import Any

from local_sagemaker.sagemaker.container.images import Images
from local_sagemaker.sagemaker.jobs.jobs import TrainingJob, TuningJob
from local_sagemaker.sagemaker.jobs.platform import Platform
from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.jobs.statuses import IN_PROGRESS, STOPPING
from local_sagemaker.sagemaker.jobs.store import Memory, Store
from local_sagemaker.sagemaker.training.trainer import Trainer
from local_sagemaker.sagemaker.tuning.tuner import Tuner
from local_sagemaker.values import ACCOUNT
from support.sagemaker_world import ARN, REGION, World


class Found:
    """The state of an interrupted tuning job, and what it emits when it goes on."""

    def __init__(self, world: World, request: dict[str, Any], **changes: Any):
        name = request["HyperParameterTuningJobName"]
        self.events: list[dict[str, Any]] = []
        self.state = State(Store(Memory()))
        self.job = TuningJob(name, f"{ARN}:hyper-parameter-tuning-job/{name}", request, {}, created_at=0.0, **changes)
        images = Images({path.name: path for path in (world.home.parent / "images").iterdir()})
        platform = Platform(None, world.home, images, REGION, ACCOUNT, self.events.append)
        self.trainer = Trainer(platform, self.state, grace_s=0.5)
        self.tuner = Tuner(self.state, self.trainer, platform.emit)
        self.state.add_tuning(self.job, quota=1)

    def has(self, x: str, status: str, objective: float | None = None, failure: str | None = None) -> TrainingJob:
        """A training job that was there at the interruption; it ended a second after the one before."""
        number = len(self.job.training_jobs) + 1
        name = f"{self.job.name}-{number:03d}"
        definition = self.job.definitions[0]
        training = TrainingJob(
            name, f"{ARN}:training-job/{name}", dict(definition.request), {"x": x}, {}, created_at=float(number),
            tuning_job=self.job.name, tuned={"x": x}, status=status, failure=failure,
            ended_at=None if status in (IN_PROGRESS, STOPPING) else float(number),
        )  # fmt: skip
        if objective is not None:
            training.metrics["mse"] = (objective, 1.0)
            training.curve.append(objective)
        self.state.add_training(training)
        self.job.training_jobs.append(training)
        return training

    def goes_on(self) -> TuningJob:
        self.tuner.resume(self.job)
        return self.job
