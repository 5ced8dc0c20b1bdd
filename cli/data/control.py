"""`retry` and `stop`: the two actions on a tuning job. Both print their target first."""

from chalicelib.aws.sagemaker import SageMaker
from chalicelib.state import JobStatus, Phase
from cli.console import ExitCode, Leave, say
from cli.target.choice import TargetChoice
from cli.target.stack import announced

CAN_BE_RETRIED = (JobStatus.FAILED, JobStatus.STOPPED, JobStatus.DELETED, JobStatus.REJECTED)


def retry(dataset: str, choice: TargetChoice) -> ExitCode:
    """Request another attempt and wake the pipeline; a second call requests no further one."""
    stack = announced(choice)
    jobs = sorted(stack.ledger.jobs(dataset), key=lambda job: job.at)
    if not jobs:
        raise Leave(ExitCode.NOT_FOUND, f"{dataset} has no tuning job yet.")
    last = jobs[-1]
    if last.status is JobStatus.STARTED:
        raise Leave(ExitCode.NOT_FINISHED, f"{last.tuning_job} has not ended yet.")
    if last.status not in CAN_BE_RETRIED:
        raise Leave(ExitCode.FAILED, f"{last.tuning_job} {last.status.lower()}: there is nothing to retry.")
    stack.ledger.ask_retry(last)
    stack.queue.poke(dataset)
    say(f"Requested another attempt after {last.tuning_job}; `./retune status {dataset}` shows it.")
    return ExitCode.DONE


def stop(dataset: str, choice: TargetChoice) -> ExitCode:
    """Stop the open tuning job. SageMaker then stops its training jobs, which may take a minute."""
    stack = announced(choice)
    head = stack.ledger.head(dataset)
    if head.phase is not Phase.STARTED or head.tuning_job is None:
        raise Leave(ExitCode.NOT_FOUND, f"{dataset} has no running tuning job.")
    if not SageMaker(stack.sagemaker).stop(head.tuning_job):  # the ledger learns of its end a moment later
        raise Leave(ExitCode.NOT_FOUND, f"{head.tuning_job} has already ended.")
    say(f"Stopping {head.tuning_job}; its best model so far will be recorded.")
    return ExitCode.DONE
