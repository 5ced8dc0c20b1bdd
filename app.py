"""The Lambdas: one for each kind of event. Each says what happened and makes one call; `pipeline.py` has the story."""

from typing import Any

from chalice import Chalice

from chalicelib import events, wiring

app = Chalice(app_name="retune")
wiring.observe(app)

# The template that is merged in names the stack's real queue, prefix and project.
UPLOADS = "arn:aws:sqs:us-east-1:123456789012:placeholder"
TUNING_ENDED = {
    "source": ["aws.sagemaker"],
    "detail-type": ["SageMaker HyperParameter Tuning Job State Change"],
    "detail": {"HyperParameterTuningJobStatus": ["Completed", "Failed", "Stopped"]},
}
BUILD_ENDED = {"source": ["aws.codebuild"], "detail-type": ["CodeBuild Build State Change"]}


@app.on_sqs_message(queue_arn=UPLOADS, batch_size=10, maximum_batching_window_in_seconds=1)
def on_upload(event: Any) -> Any:
    """Files of some datasets changed, or somebody asks to look at them."""
    return wiring.reconcile_batch(event.context, events.datasets_by_message(event.to_dict()))


@app.on_cw_event(TUNING_ENDED)
def on_tuning_ended(event: Any) -> None:
    """SageMaker says that a tuning job of ours ended."""
    wiring.pipeline(event.context).conclude(events.ended_tuning_job(event.to_dict()))


@app.on_cw_event(BUILD_ENDED)
def on_build_ended(event: Any) -> None:
    """CodeBuild says that an image build ended."""
    wiring.pipeline(event.context).announce(events.build_ended(event.to_dict()))


@app.schedule("rate(15 minutes)")
def sweep(event: Any) -> None:
    """Time to look at what no event spoke of."""
    wiring.pipeline(event.context).sweep()
