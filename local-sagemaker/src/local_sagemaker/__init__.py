"""AWS on this machine: one endpoint; SageMaker trains, Lambda functions run, everything else is moto.

The price of running in process: moto's state is global, so there is one local AWS per Python process at a time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local_sagemaker.beside.url import UnusableEmulator
    from local_sagemaker.chaos import Chaos
    from local_sagemaker.durability.database import UnreadableHome
    from local_sagemaker.durability.home import HomeInUse
    from local_sagemaker.http_server import PortRefused
    from local_sagemaker.iam.authorization import AccessDecision
    from local_sagemaker.server import LocalSageMaker
    from local_sagemaker.values import Published

__all__ = [
    "AccessDecision",
    "Chaos",
    "HomeInUse",
    "LocalSageMaker",
    "PortRefused",
    "Published",
    "UnreadableHome",
    "UnusableEmulator",
]  # fmt: skip
__version__ = "0.2.0"

_MODULES = {
    "Chaos": "chaos",
    "HomeInUse": "durability.home",
    "AccessDecision": "iam.authorization",
    "LocalSageMaker": "server",
    "PortRefused": "http_server",
    "Published": "values",
    "UnreadableHome": "durability.database",
    "UnusableEmulator": "beside.url",
}


def __getattr__(name: str) -> Any:
    """Import a module when its name is first used: moto takes seconds, and some modules cannot be imported elsewhere
    than on Linux."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from local_sagemaker import platforms

    platforms.check()
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
