"""AWS on this machine: one endpoint; SageMaker trains, Lambda functions run, everything else is moto.

It knows nothing of Retune. The price of running in process: moto's state is global, so there is one local AWS
per Python process at a time.
"""

from typing import TYPE_CHECKING, Any

from local_sagemaker.chaos import Chaos
from local_sagemaker.durability.database import UnreadableHome
from local_sagemaker.durability.home import HomeTaken
from local_sagemaker.iam.guard import Judged
from local_sagemaker.values import Published

if TYPE_CHECKING:
    from local_sagemaker.http_server import PortRefused
    from local_sagemaker.server import LocalSageMaker

__all__ = ["Chaos", "HomeTaken", "Judged", "LocalSageMaker", "PortRefused", "Published", "UnreadableHome"]


def __getattr__(name: str) -> Any:
    """Import moto only when a name that needs it is first used: it takes seconds, and many users do not need it."""
    if name == "LocalSageMaker":
        from local_sagemaker.server import LocalSageMaker

        return LocalSageMaker
    if name == "PortRefused":
        from local_sagemaker.http_server import PortRefused

        return PortRefused
    raise AttributeError(name)
