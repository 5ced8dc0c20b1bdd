"""The state-change event of a processing job in its documented shape.

docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html: times are epoch milliseconds. The
sample has values like MANIFEST_FILE in the inputs and outputs; no captured event confirms them, so they are as in
DescribeProcessingJob.
"""

from typing import Any

from local_sagemaker.sagemaker.jobs.events import milliseconds, state_change
from local_sagemaker.sagemaker.processing import views
from local_sagemaker.sagemaker.processing.records import ProcessingJob


def processing_job_event(job: ProcessingJob) -> dict[str, Any]:
    """The event for the job's current status: DescribeProcessingJob's members, and tags as in other jobs' events."""
    described = {"ExperimentConfig": {}, **views.processing_job(job)}
    detail = {name: milliseconds(value) if name.endswith("Time") else value for name, value in described.items()}
    return state_change("SageMaker Processing Job State Change", job.arn, {**detail, "Tags": dict(job.tags)})
