"""The verbs of the local AWS: demo, up, down, env, clean.

Each only reads its options; what it does is imported when it is called, so that `--help` answers at once.
"""

from pathlib import Path
from typing import Annotated

import typer

from cli.console import EXIT_CODES
from cli.verbs.bare_chaos import WithBareChaos
from cli.verbs.options import AsJson

Csv = Annotated[
    Path | None,
    typer.Option("--csv", exists=True, dir_okay=False, readable=True, help="Your own data; default: iris."),
]
Target = Annotated[str | None, typer.Option("--target", metavar="COLUMN", help="The numeric column to predict.")]
Out = Annotated[
    Path | None, typer.Option("--out", file_okay=False, help="Where to write; default: retune-out/<dataset>.")
]


def add_to(app: typer.Typer) -> None:
    """Register this file's verbs."""
    app.command(epilog=EXIT_CODES)(demo)
    app.command(epilog=EXIT_CODES, cls=WithBareChaos)(up)
    for verb in (down, env, clean):
        app.command(epilog=EXIT_CODES)(verb)


def demo(
    csv: Csv = None,
    target: Target = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=500, help="Training jobs.")] = 9,
    parallel: Annotated[int, typer.Option("--parallel", min=1, max=100, help="How many at a time.")] = 3,
    seed: Annotated[
        int,
        typer.Option(
            "--seed", min=0, max=2**31 - 1, help="The search's and the folds'; with --parallel 1 all repeats."
        ),
    ] = 1,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Run the whole pipeline once, for real, on this machine.

    \b
    Puts a CSV into the bucket of a local AWS of its own, shows the training jobs
    as they run in R, and writes the record, the notification and the best model.

    \b
    ./retune demo
    ./retune demo --csv sales.csv --target revenue --jobs 20 --parallel 2
    """
    from cli.local.demo import Demo, plan

    raise typer.Exit(Demo(plan(csv, target, jobs, parallel, seed, out), as_json).run())


def up(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free one.")] = 0,
    home: Annotated[Path | None, typer.Option("--home", file_okay=False, help="Where everything is kept.")] = None,
    settle: Annotated[int, typer.Option("--settle", min=0, max=900, help="Seconds without a change.")] = 5,
    only_aws: Annotated[bool, typer.Option("--only-aws", help="Without Retune: an empty account.")] = False,
    image: Annotated[
        list[str] | None,
        typer.Option("--image", metavar="NAME=FOLDER", help="A training image of yours, as a folder. Repeatable."),
    ] = None,
    quota: Annotated[
        list[str] | None, typer.Option("--quota", metavar="NAME=NUMBER", help="An AWS quota to rehearse. Repeatable.")
    ] = None,
    chaos: Annotated[
        str | None, typer.Option("--chaos", metavar="[RATES]", help="Let events come as badly as on AWS.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Keep a local AWS with Retune deployed in it, until Ctrl-C.

    \b
    Any AWS client can talk to it. When it is ready it prints where everything is,
    with --json as one line on stdout; each notification is shown when published.

    \b
    Everything is kept in its home: up again, it goes on where it was, also after
    kill -9. ./retune clean forgets it.

    \b
    ./retune up
    ./retune up --only-aws       # just S3, SageMaker and the rest of AWS
    eval "$(./retune env)"       # in another shell
    aws s3 cp sales.csv s3://$RETUNE_BUCKET/datasets/sales/train/sales.csv

    \b
    A folder has a program `entrypoint`, run with train or serve; or `train` and
    `serve`. Other images are docker's or podman's, where one is there.
    ./retune up --image my-algo=./my-algo --quota tuning_jobs=1

    \b
    Events of SageMaker and S3 may come twice, late, in another order, SageMaker's
    also never: --chaos alone means duplicate=0.3,delay=5,drop=0.1,reorder=0.2
    ./retune up --chaos duplicate=0.5,delay=10,seed=7
    """
    from cli.local.options import wishes

    wished = wishes(image or [], quota or [], chaos)
    from cli.local.up import run  # after what may be refused, as for `demo`

    raise typer.Exit(run(port, home, settle, only_aws, wished, as_json))


def down() -> None:
    """Stop the local AWS that is up; what it knows is kept.

    \b
    ./retune down
    """
    from cli.local.down import down as stop

    raise typer.Exit(stop())


def env() -> None:
    """Print export lines for the local AWS that is up.

    \b
    eval "$(./retune env)"
    """
    from cli.local.down import env as exports

    raise typer.Exit(exports())


def clean(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Remove what a local AWS left: its files, and what was kept.

    \b
    ./retune clean --yes
    """
    from cli.local.clean import run

    raise typer.Exit(run(yes))
