"""Processing jobs as the API returns them: AWS's members, without those that have no value."""

from typing import Any

from local_sagemaker.sagemaker.processing.records import ProcessingJob
from local_sagemaker.sagemaker.protocol.members import present, without_tags


def processing_job(job: ProcessingJob) -> dict[str, Any]:
    """DescribeProcessingJob's response: the request but for its tags, and what became of it."""
    return {**without_tags(job.request), **_ended(job), **present(ProcessingStartTime=job.started_at)}


def processing_job_row(job: ProcessingJob) -> dict[str, Any]:
    """A row of ListProcessingJobs."""
    return {"ProcessingJobName": job.name, **_ended(job)}


def _ended(job: ProcessingJob) -> dict[str, Any]:
    return present(
        ProcessingJobArn=job.arn,
        ProcessingJobStatus=job.status,
        ExitMessage=job.message,
        FailureReason=job.failure,
        CreationTime=job.created_at,
        LastModifiedTime=job.modified_at,
        ProcessingEndTime=job.ended_at,
    )
