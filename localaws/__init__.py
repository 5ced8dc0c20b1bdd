"""AWS on this machine: one endpoint; SageMaker trains, Lambda functions run, everything else is moto.

It knows nothing of Retune. The price of running in process: moto's state is global, so there is one local AWS
per Python process at a time.
"""

from typing import TYPE_CHECKING, Any

from localaws.chaos import Chaos
from localaws.durability.database import UnreadableHome
from localaws.durability.home import HomeTaken
from localaws.iam.guard import Judged
from localaws.values import Published

if TYPE_CHECKING:
    from localaws.http_server import PortRefused
    from localaws.server import LocalAws

__all__ = ["Chaos", "HomeTaken", "Judged", "LocalAws", "PortRefused", "Published", "UnreadableHome"]


def __getattr__(name: str) -> Any:
    """Import moto only when LocalAws or PortRefused is first used: it takes seconds, and many users do not need it."""
    if name == "LocalAws":
        from localaws.server import LocalAws

        return LocalAws
    if name == "PortRefused":
        from localaws.http_server import PortRefused

        return PortRefused
    raise AttributeError(name)
