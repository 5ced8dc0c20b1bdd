"""A local AWS without Retune, and AWS's own clients to talk to it."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cli.target.target import Target
from tests.support.heavy.cache import ROOT
from tests.support.heavy.clients import Client


@dataclass(frozen=True)
class Alone:
    """`./retune up --only-aws`. `environment` is what a shell has after `eval "$(./retune env)"`."""

    ready: Mapping[str, Any]
    environment: Mapping[str, str]

    def client(self, service: str) -> Any:
        """boto3's, of this process."""
        return self._target.client(service)

    @cached_property
    def _target(self) -> Target:
        return Target(self.ready["endpoint_url"], self.ready["region"])

    def run(self, client: Client, *words: object, **more: Any) -> subprocess.CompletedProcess[str]:
        """A program of that client's environment; what it says on stderr is shown when it fails."""
        program, *rest = map(str, words)
        command = [client.install() / "bin" / program, *rest]
        done = subprocess.run(
            command, **{"env": self.environment, "capture_output": True, "text": True, "timeout": 600, **more}
        )
        assert done.returncode == 0, f"{words}\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
        return done

    def tell(self, client: Client, story: str) -> dict[str, Any]:
        """What the story saw, run in that client's environment on iris."""
        given = {
            "data": str(ROOT / "examples" / "iris.csv"),
            "image": self.ready["image_uri"],
            "role": self.ready["training_role_arn"],
        }
        return self.hear(client, story, given)

    def hear(self, client: Client, story: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """What the story saw, given other things."""
        script = ROOT / "tests" / "support" / "heavy" / "stories" / story
        said = self.run(client, "python", script, input=json.dumps(given)).stdout
        return dict(json.loads(said.splitlines()[-1]))
