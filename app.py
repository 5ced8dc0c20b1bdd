"""The Lambda handlers, one for each kind of event. Each makes one call; `pipeline.py` tells the story."""

from typing import Any

from chalice import Chalice

from chalicelib import events, wiring

app = Chalice(app_name="retune")
wiring.observe(app)

# Placeholders: the merged template sets the stack's real queue, prefix and project.
UPLOADS = "arn:aws:sqs:us-east-1:123456789012:placeholder"
TUNING_ENDED = {
    "source": ["aws.sagemaker"],
    "detail-type": ["SageMaker HyperParameter Tuning Job State Change"],
    "detail": {"HyperParameterTuningJobStatus": ["Completed", "Failed", "Stopped"]},
}
BUILD_ENDED = {"source": ["aws.codebuild"], "detail-type": ["CodeBuild Build State Change"]}


@app.on_sqs_message(queue_arn=UPLOADS, batch_size=10, maximum_batching_window_in_seconds=1)
def on_upload(event: Any) -> Any:
    """Files of some datasets changed, or a check of these datasets was requested."""
    return wiring.reconcile_batch(event.context, events.datasets_by_message(event.to_dict()))


@app.on_cw_event(TUNING_ENDED)
def on_tuning_ended(event: Any) -> None:
    """A tuning job of this stack ended."""
    wiring.pipeline(event.context).conclude(events.ended_tuning_job(event.to_dict()))


@app.on_cw_event(BUILD_ENDED)
def on_build_ended(event: Any) -> None:
    """An image build ended."""
    wiring.pipeline(event.context).announce(events.build_ended(event.to_dict()))


@app.schedule("rate(15 minutes)")
def sweep(event: Any) -> None:
    """Check everything for which an event may have been lost."""
    wiring.pipeline(event.context).sweep()
