"""The verbs on a dataset, locally or on AWS: submit, status, best, explain, logs, retry, stop."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.target.choice import TargetChoice
from cli.verbs.command import add
from cli.verbs.options import AsJson, Aws, Dataset, Home, Local


class Channel(StrEnum):
    """The dataset's folder that the files are uploaded to."""

    TRAIN = "train"
    VALIDATION = "validation"


def add_to(app: typer.Typer) -> None:
    """Register this file's verbs."""
    add(app, submit, status, best, explain, logs, retry, stop)


def submit(
    dataset: Dataset,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)],
    target: Annotated[str | None, typer.Option("--target", metavar="COLUMN", help="The column to predict.")] = None,
    spec: Annotated[
        Path | None,
        typer.Option("--spec", metavar="FILE", exists=True, dir_okay=False, help="A tuning.json to upload as well."),
    ] = None,
    channel: Annotated[Channel, typer.Option("--channel", help="The folder to upload to.")] = Channel.TRAIN,
    wait: Annotated[bool, typer.Option("--wait", help="Follow the tuning to its end.")] = False,
    local: Local = False,
    aws: Aws = False,
    home: Home = None,
) -> None:
    """Check CSV files and upload them, which starts a tuning job.

    \b
    ./retune submit sales sales.csv --target revenue --wait
    ./retune submit sales holdout.csv --channel validation
    """
    from cli.data.submit import Submission
    from cli.data.submit import submit as run

    raise typer.Exit(
        run(Submission(dataset, tuple(files), target, spec, channel.value), wait, TargetChoice(local, aws, home=home))
    )


def status(
    dataset: Annotated[str | None, typer.Argument(metavar="DATASET", help="Default: all datasets.")] = None,
    as_json: AsJson = False,
    local: Local = False,
    aws: Aws = False,
    home: Home = None,
) -> None:
    """Show the state of one dataset, or of all.

    \b
    With a DATASET, the exit code is 0 if its last tuning job completed, 3 while
    work is in progress, and 1 if it failed or its data were refused.

    \b
    ./retune status
    ./retune status iris --json
    """
    from cli.data.read import status as run

    raise typer.Exit(run(dataset, as_json, TargetChoice(local, aws, home=home)))


def best(dataset: Dataset, as_json: AsJson = False, local: Local = False, aws: Aws = False, home: Home = None) -> None:
    """Show the dataset's best model so far, and where it is stored.

    \b
    ./retune best iris
    ./retune best iris --json | jq .best.model_uri
    """
    from cli.data.read import best as run

    raise typer.Exit(run(dataset, as_json, TargetChoice(local, aws, home=home)))


def explain(
    dataset: Dataset,
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="An object of the dataset.")] = None,
    as_json: AsJson = False,
    local: Local = False,
    aws: Aws = False,
    home: Home = None,
) -> None:
    """Explain why a dataset or file did or did not start a tuning job, and how it is trained.

    \b
    ./retune explain sales
    ./retune explain sales train/may.csv
    """
    from cli.data.read import explain as run

    raise typer.Exit(run(dataset, file, as_json, TargetChoice(local, aws, home=home)))


def logs(
    job: Annotated[
        str | None, typer.Argument(metavar="TRAINING_JOB", help="Its name, as in `best` or in SageMaker.")
    ] = None,
    function: Annotated[
        str | None, typer.Option("--function", metavar="NAME", help="A Lambda function, by its name in app.py.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Follow to the job's end; a Lambda until Ctrl-C.")] = False,
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="Lambda only: 90s, 15m, 1h, 2d.")] = "1h",
    as_json: Annotated[bool, typer.Option("--json", help="Lambda only: one raw JSON object per line.")] = False,
    local: Local = False,
    aws: Aws = False,
    home: Home = None,
) -> None:
    """Show what a training job printed, or what a Lambda logged.

    \b
    ./retune logs retune-iris-37bda793-a1-007-b3ecb894 --follow
    ./retune logs --function on_upload --since 15m
    ./retune logs --function sweep --json | jq .message

    \b
    The Lambdas: on_upload, on_tuning_ended, on_build_ended, sweep. Times are UTC.
    """
    if (job is None) == (function is None):
        raise typer.BadParameter("name a training job, or a Lambda with --function.")
    if function:
        from cli.logs.function import run as show_function

        raise typer.Exit(show_function(function, since, follow, as_json, TargetChoice(local, aws, home=home)))
    from cli.logs.training_job import run as show_job

    raise typer.Exit(show_job(str(job), follow, TargetChoice(local, aws, home=home)))


def retry(dataset: Dataset, local: Local = False, aws: Aws = False, home: Home = None) -> None:
    """Retry a tuning job that failed, was stopped or was deleted.

    \b
    ./retune retry iris
    """
    from cli.data.control import retry as run

    raise typer.Exit(run(dataset, TargetChoice(local, aws, home=home)))


def stop(dataset: Dataset, local: Local = False, aws: Aws = False, home: Home = None) -> None:
    """Stop the running tuning job and record its best model so far.

    \b
    ./retune stop iris
    """
    from cli.data.control import stop as run

    raise typer.Exit(run(dataset, TargetChoice(local, aws, home=home)))
