"""retry and stop: the two things a person may do about a tuning job. Both say first where they do it."""

from chalicelib.aws.sagemaker import SageMaker
from chalicelib.state import JobStatus, Phase
from cli.console import ExitCode, Leave, say
from cli.target.stack import announced

CAN_BE_RETRIED = (JobStatus.FAILED, JobStatus.STOPPED, JobStatus.DELETED, JobStatus.REJECTED)


def retry(dataset: str, local: bool, aws: bool) -> ExitCode:
    """Ask for another attempt and have the dataset looked at; asking twice asks once."""
    stack = announced(local, aws)
    jobs = sorted(stack.ledger.jobs(dataset), key=lambda job: job.at)
    if not jobs:
        raise Leave(ExitCode.NOT_FOUND, f"{dataset} has had no tuning job.")
    last = jobs[-1]
    if last.status is JobStatus.STARTED:
        raise Leave(ExitCode.NOT_FINISHED, f"{last.tuning_job} has not ended yet.")
    if last.status not in CAN_BE_RETRIED:
        raise Leave(ExitCode.FAILED, f"{last.tuning_job} {last.status.lower()}: there is nothing to retry.")
    stack.ledger.ask_retry(last)
    stack.queue.poke(dataset)
    say(f"Asked for another attempt after {last.tuning_job}; `./retune status {dataset}` shows it.")
    return ExitCode.DONE


def stop(dataset: str, local: bool, aws: bool) -> ExitCode:
    """Stop the open tuning job. SageMaker then stops its training jobs, which may take a minute."""
    stack = announced(local, aws)
    head = stack.ledger.head(dataset)
    if head.phase is not Phase.STARTED or head.tuning_job is None:
        raise Leave(ExitCode.NOT_FOUND, f"{dataset} has no tuning job that is running.")
    if not SageMaker(stack.sagemaker).stop(head.tuning_job):  # the ledger hears of its end a moment later
        raise Leave(ExitCode.NOT_FOUND, f"{head.tuning_job} runs no more.")
    say(f"{head.tuning_job} is being stopped; its best model so far will be recorded.")
    return ExitCode.DONE
