"""The verbs of the local AWS: demo, up, down, env, clean.

Each only reads its options and imports its implementation when called, so that `--help` is fast.
"""

from pathlib import Path
from typing import Annotated

import typer

from cli.verbs.bare_chaos import WithBareChaos
from cli.verbs.command import add
from cli.verbs.options import AsJson, Home

Csv = Annotated[
    Path | None,
    typer.Option(
        "--csv", metavar="FILE", exists=True, dir_okay=False, readable=True, help="Your own data. Default: iris."
    ),
]
Target = Annotated[str | None, typer.Option("--target", metavar="COLUMN", help="The numeric column to predict.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FOLDER", file_okay=False, help="Output folder. Default: retune-out/<dataset>."),
]


def add_to(app: typer.Typer) -> None:
    """Register this file's verbs."""
    add(app, demo)
    add(app, up, cls=WithBareChaos)
    add(app, down, env, clean)


def demo(
    csv: Csv = None,
    target: Target = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, max=500, help="Number of training jobs.")] = 9,
    parallel: Annotated[
        int, typer.Option("--parallel", metavar="N", min=1, max=100, help="Training jobs at a time.")
    ] = 3,
    seed: Annotated[
        int,
        typer.Option(
            "--seed",
            metavar="N",
            min=0,
            max=2**31 - 1,
            help="For search and folds; repeatable with --parallel 1.",
        ),
    ] = 1,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Run the whole pipeline once, for real, on this machine.

    \b
    Starts a local AWS, uploads a CSV to its bucket, shows the training jobs as
    they run in R, and writes the record, the notification and the best model.

    \b
    ./retune demo
    ./retune demo --csv sales.csv --target revenue --jobs 20 --parallel 2
    """
    from cli.local.demo import Demo, plan

    raise typer.Exit(Demo(plan(csv, target, jobs, parallel, seed, out), as_json).run())


def up(
    port: Annotated[int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="0 for any free port.")] = 0,
    home: Annotated[
        Path | None, typer.Option("--home", metavar="FOLDER", file_okay=False, help="Folder for its state.")
    ] = None,
    settle: Annotated[
        int, typer.Option("--settle", metavar="SECONDS", min=0, max=900, help="Seconds without a change before tuning.")
    ] = 5,
    only_aws: Annotated[bool, typer.Option("--only-aws", help="Start an empty account, without Retune.")] = False,
    image: Annotated[
        list[str] | None,
        typer.Option("--image", metavar="NAME=FOLDER", help="Your own training image, as a folder. Repeatable."),
    ] = None,
    quota: Annotated[
        list[str] | None, typer.Option("--quota", metavar="NAME=NUMBER", help="An AWS quota to simulate. Repeatable.")
    ] = None,
    chaos: Annotated[
        str | None, typer.Option("--chaos", metavar="[RATES]", help="Deliver events as unreliably as AWS may.")
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="Answer to this name, besides loopback's. Repeatable."),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option("--allow-origin", metavar="ORIGIN", help="Let this origin's web pages call it. Repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run a local AWS with Retune deployed in it, until Ctrl-C.

    \b
    Any AWS client can use it. Once ready it prints its endpoint and resources,
    with --json as one line on stdout. It shows each notification as published.

    \b
    Its state is kept on disk: the next `up` resumes where this one ended, even
    after kill -9. `./retune clean` removes it.

    \b
    ./retune up
    ./retune up --only-aws       # just S3, SageMaker and the rest of AWS
    ./retune up --home ~/second  # another one beside it
    eval "$(./retune env)"       # in another shell
    aws s3 cp sales.csv s3://$RETUNE_BUCKET/datasets/sales/train/sales.csv

    \b
    An image folder has a program `entrypoint`, run with train or serve, or the
    programs `train` and `serve`. Other images run in docker or podman if present.
    ./retune up --image my-algo=./my-algo --quota tuning_jobs=1

    \b
    With --chaos, events of SageMaker and S3 may come twice, late or reordered,
    and SageMaker's may be lost. The default rates are
    duplicate=0.3,delay=5,drop=0.1,reorder=0.2
    ./retune up --chaos duplicate=0.5,delay=10,seed=7

    \b
    It refuses requests of web pages and under names other than loopback's.
    ./retune up --allow-origin http://localhost:8888     # pages of a notebook
    """
    from cli.local.options import parsed

    options = parsed(image or [], quota or [], chaos, allow_host or [], allow_origin or [])
    from cli.local.up import run  # imported after the options were checked, as for `demo`

    raise typer.Exit(run(port, home, settle, only_aws, options, as_json))


def down(home: Home = None) -> None:
    """Stop a local AWS that is up, and keep its state.

    \b
    With several up: the one with this --home, else the one at AWS_ENDPOINT_URL.

    \b
    ./retune down
    ./retune down --home ~/second
    """
    from cli.local.down import down as stop

    raise typer.Exit(stop(home))


def env(home: Home = None) -> None:
    """Print shell exports for a local AWS that is up.

    \b
    eval "$(./retune env)"
    eval "$(./retune env --home ~/second)"
    """
    from cli.local.down import env as exports

    raise typer.Exit(exports(home))


def clean(
    yes: Annotated[bool, typer.Option("--yes", help="Skip the confirmation.")] = False,
    home: Annotated[
        Path | None, typer.Option("--home", metavar="FOLDER", file_okay=False, help="Only this home.")
    ] = None,
) -> None:
    """Remove the state of local AWSs and the results they kept.

    \b
    Without --home: the default homes, the results, and what demos left behind.
    A home that is up is never removed.

    \b
    ./retune clean --yes
    ./retune clean --home ~/second --yes
    """
    from cli.local.clean import run

    raise typer.Exit(run(yes, home))
