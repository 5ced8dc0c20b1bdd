"""moto as a WSGI application, and its way to read a request's headers."""

from collections.abc import Callable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

__all__ = ["MotoRequestHandler", "application"]


def application() -> Callable[..., Any]:
    """All services of moto, behind one address."""
    dispatcher: Callable[..., Any] = DomainDispatcherApplication(create_backend_app)
    return dispatcher
