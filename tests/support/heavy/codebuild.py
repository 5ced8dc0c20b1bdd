"""CodeBuild, as far as a buildspec needs it: one shell for all commands, and phases that end at their first failure.

After a BUILD that failed POST_BUILD is entered all the same, as without `on-failure`: the harsher of the two.
"""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PHASES = ("pre_build", "build", "post_build")


@dataclass(frozen=True)
class Build:
    """How one ended: `failed` names the phases that did, `exported` has the variables that a build hands on."""

    failed: tuple[str, ...]
    said: str
    exported: Mapping[str, str]


def run_build(source: Path, environment: Mapping[str, str], scratch: Path, *, timeout_s: float = 400) -> Build:
    """Run the commands of the source's buildspec.yml in its folder."""
    buildspec = yaml.safe_load((source / "buildspec.yml").read_text())
    scratch.mkdir()
    (scratch / "script").write_text("\n".join(_script(buildspec, scratch)))
    with (scratch / "log").open("w") as log:
        command = ["sh", scratch / "script"]
        subprocess.run(command, cwd=source, env=environment, stdout=log, stderr=log, timeout=timeout_s, check=True)
    failed = tuple(phase for phase in PHASES if (scratch / f"failed-{phase}").exists())
    exported = {path.name: path.read_text() for path in (scratch / "exported").glob("*")}
    return Build(failed, (scratch / "log").read_text(), exported)


def _script(buildspec: dict[str, Any], scratch: Path) -> Iterator[str]:
    yield "export CODEBUILD_BUILD_SUCCEEDING=1"
    for phase in PHASES:
        commands = "\n} && {\n".join(buildspec["phases"][phase]["commands"])
        yield f"{{\n{commands}\n}} || {{ : >{scratch}/failed-{phase}; CODEBUILD_BUILD_SUCCEEDING=0; }}"
        if phase == "pre_build":
            yield 'test "$CODEBUILD_BUILD_SUCCEEDING" = 1 || exit 0'
    yield f"mkdir {scratch}/exported"
    for name in buildspec["env"]["exported-variables"]:
        yield f"sh -c 'printf %s \"${{{name}:-}}\"' >{scratch}/exported/{name}"
