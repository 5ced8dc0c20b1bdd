"""Runs in an environment of its own that has the `sagemaker` SDK: reads jobs' plain descriptions from stdin and
writes, of each, the request with which the SDK's own tuner would create it, caught on the wire by a server on this
machine.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

CREATE, DESCRIBE = "SageMaker.CreateHyperParameterTuningJob", "SageMaker.DescribeHyperParameterTuningJob"
ARN = "arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/caught"


class Catcher(BaseHTTPRequestHandler):
    """Answers as SageMaker just after Create; keeps every call as (target, body)."""

    calls: list[tuple[str, dict[str, Any]]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        target = self.headers.get("X-Amz-Target", self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        self.calls.append((target, body))
        created = next((sent for name, sent in self.calls if name == CREATE), {})
        answer = {
            **created,
            "HyperParameterTuningJobArn": ARN,
            "HyperParameterTuningJobStatus": "InProgress",
            "CreationTime": 1_800_000_000,
            "TrainingJobStatusCounters": {},
            "ObjectiveStatusCounters": {},
        }
        self._send({"HyperParameterTuningJobArn": ARN} if target == CREATE else answer)

    def _send(self, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


def main() -> None:
    server = HTTPServer(("127.0.0.1", 0), Catcher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ.update(
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_port}",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
        SAGEMAKER_VALIDATE_ROLE="false",
    )
    answer, sys.stdout = sys.stdout, sys.stderr
    json.dump({case: caught(job) for case, job in json.load(sys.stdin).items()}, answer)


def caught(job: dict[str, Any]) -> dict[str, Any]:
    """What goes over the wire for this job."""
    Catcher.calls.clear()
    tune(job)
    foreign = {name for name, _ in Catcher.calls} - {CREATE, DESCRIBE}
    (request,) = (body for name, body in Catcher.calls if name == CREATE)
    return {"request": request, "other_calls": sorted(foreign)}


def tune(job: dict[str, Any]) -> None:
    """Have the SDK create this tuning job, through its public interface alone."""
    from sagemaker.core import shapes
    from sagemaker.train import ModelTrainer
    from sagemaker.train.configs import Compute, OutputDataConfig, StoppingCondition
    from sagemaker.train.tuner import HyperparameterTuner

    spec = job["spec"]
    spot = {"max_wait_time_in_seconds": job["max_wait_s"]} if spec["spot"] else {}
    trainer = ModelTrainer(
        training_image=job["image"],
        role=job["role_arn"],
        compute=Compute(
            instance_type=spec["instance_type"], instance_count=1, enable_managed_spot_training=spec["spot"]
        ),
        output_data_config=OutputDataConfig(s3_output_path=job["output_uri"]),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=spec["max_runtime_s"], **spot),
        hyperparameters=job["static"],
    )
    tuner = HyperparameterTuner(
        trainer,
        job["objective"],
        {name: parameter(bounds) for name, bounds in spec["ranges"].items()},
        metric_definitions=job["metrics"],
        objective_type="Minimize",
        strategy=spec["strategy"],
        max_jobs=job["jobs"],
        max_parallel_jobs=spec["max_parallel_jobs"],
        random_seed=spec["seed"],
        tags=[{"Key": key, "Value": value} for key, value in job["tags"].items()],
        completion_criteria_config=completion(shapes, spec["completion"]),
    )
    tuner.tune(
        inputs=[channel(shapes, name, uri) for name, uri in job["channels"].items()],
        job_name=job["name"],
        wait=False,
    )


def parameter(bounds: dict[str, Any]) -> Any:
    from sagemaker.core.parameter import CategoricalParameter, ContinuousParameter, IntegerParameter

    if bounds["type"] == "categorical":
        return CategoricalParameter(bounds["values"])
    kind = IntegerParameter if bounds["type"] == "integer" else ContinuousParameter
    return kind(bounds["min"], bounds["max"], bounds["scaling"])


def completion(shapes: Any, asked: dict[str, Any]) -> Any:
    criteria: dict[str, Any] = {}
    if asked["target_objective"] is not None:
        criteria["target_objective_metric_value"] = asked["target_objective"]
    if asked["not_improving_jobs"] is not None:
        jobs = asked["not_improving_jobs"]
        criteria["best_objective_not_improving"] = shapes.BestObjectiveNotImproving(
            max_number_of_training_jobs_not_improving=jobs
        )
    if asked["on_convergence"]:
        criteria["convergence_detected"] = shapes.ConvergenceDetected(complete_on_convergence="Enabled")
    return shapes.TuningJobCompletionCriteria(**criteria) if criteria else None


def channel(shapes: Any, name: str, uri: str) -> Any:
    source = shapes.S3DataSource(s3_data_type="S3Prefix", s3_uri=uri, s3_data_distribution_type="FullyReplicated")
    return shapes.Channel(
        channel_name=name,
        data_source=shapes.DataSource(s3_data_source=source),
        content_type="text/csv",
        input_mode="File",
    )


if __name__ == "__main__":
    main()
