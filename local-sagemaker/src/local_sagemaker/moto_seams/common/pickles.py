"""Pickles moto's objects.

Most of them need nothing special. This module handles the rest: locks, weak dictionaries, local functions, keys of
`cryptography`, and our own CloudFormation resource types, which are created on demand. A backend is loaded into the one
that moto has under its name. Objects with rows of their own (`s3/objects.py`, `dynamodb.py`, `sqs.py`, `logs.py`,
`cloudwatch.py`) are left out of their container, which keeps an identity to find the rows again.
"""

import io
import pickle
import threading
import uuid
import weakref
from collections.abc import Callable
from types import FunctionType
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from moto.awslambda.models import LambdaFunction
from moto.backends import get_backend
from moto.core.base_backend import BackendDict, BaseBackend

from local_sagemaker.durability.contents import Content, Contents
from local_sagemaker.durability.database import UnreadableRow
from local_sagemaker.durability.names import resolve
from local_sagemaker.moto_seams.common import local_functions

_LOCKS: dict[type, Callable[[], Any]] = {
    type(threading.Lock()): threading.Lock,
    type(threading.RLock()): threading.RLock,
    threading.Condition: threading.Condition,
}
_NOT_LOADED = (
    AttributeError, EOFError, ImportError, LookupError, TypeError, ValueError, pickle.UnpicklingError,
)  # fmt: skip
"""What pickle raises for damaged data, and for classes that cannot take the state that they are given."""
Reduced = tuple[Any, ...]


class Pickles:
    """`leave_out` reduces objects with rows of their own, and returns None for others; `reducers` reduce what pickle
    cannot, and return None for the rest. The state of the services in `without` is not saved. `held` has the module and
    name of everything of moto that was dumped or loaded: classes, and functions around local functions."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.without: set[str] = set()
        self.leave_out: dict[type, Callable[[Any], Reduced | None]] = {}
        self.reducers: list[Callable[[Any], Reduced | None]] = []
        self.held: set[tuple[str, str]] = set()
        self._noted: set[type] = set()

    def dump(self, value: Any) -> bytes:
        buffer = io.BytesIO()
        _Pickler(buffer, self).dump(value)
        return buffer.getvalue()

    def load(self, data: bytes) -> Any:
        """Raises: UnknownName: the value is of a class that does not exist any more; UnreadableRow."""
        try:
            return _Unpickler(io.BytesIO(data), self).load()
        except _NOT_LOADED as error:
            raise UnreadableRow(f"{type(error).__name__}: {error}") from error

    def note(self, kind: type) -> None:
        """Add a class to what is held, if it is moto's."""
        if kind not in self._noted and is_of_moto(kind) and not issubclass(kind, type):
            self._noted.add(kind)
            self.held.add((kind.__module__, kind.__qualname__))


def is_of_moto(kind: type) -> bool:
    return kind.__module__.startswith("moto.")


def identity(owner: Any) -> str:
    """The permanent identity of `owner` in rows; its copies have the same."""
    if "_kept_as" not in vars(owner):
        owner._kept_as = uuid.uuid4().hex
    return str(owner._kept_as)


def backends(service: str) -> list[Any]:
    """The service's backends of all accounts and regions that were ever used."""
    return [backend for _, _, backend in get_backend(service).iter_backends()]


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, pickles: Pickles) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._pickles = pickles
        self._places = {
            id(backend): (found.service_name, account, region)
            for found in BackendDict._instances
            for account, region, backend in found.iter_backends()
        }

    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        self._pickles.note(kind)
        if kind in _LOCKS:
            return _LOCKS[kind], ()
        if left_out := self._pickles.leave_out.get(kind):
            return left_out(value) or NotImplemented
        if isinstance(value, BaseBackend) and id(value) in self._places:
            service, *place = self._places[id(value)]
            return _backend, (service, *place), None if service in self._pickles.without else vars(value)
        if kind is Content:
            return _content, (value.name,)
        return self._special(value)

    def _special(self, value: Any) -> Any:
        if isinstance(value, FunctionType) and local_functions.is_local(value):
            self._pickles.held.add(local_functions.around(value))
            return local_functions.reduced(value)
        if isinstance(value, weakref.WeakValueDictionary):
            return type(value), (), None, None, iter(list(value.items()))
        if isinstance(value, LambdaFunction):
            return self._function(value)
        if hasattr(value, "private_bytes"):
            return _private_key, (value.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),)
        reduced = (reduce(value) for reduce in self._pickles.reducers)
        return next((found for found in reduced if found), NotImplemented)

    def _function(self, function: LambdaFunction) -> Reduced:
        """Keep the zip in a file, since it is large and never changes."""
        state = function.__getstate__()
        code = state.pop("code_bytes", b"")
        kept = vars(function).get("_kept_code")
        if kept is None or kept[0] is not code:
            file = self._pickles.contents.new()
            file.write(code)
            kept = function._kept_code = (code, file)
        state.pop("_kept_code", None)
        return _function, (type(function), kept[1]), state | {"_DockerModel__docker_client": None}


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, pickles: Pickles) -> None:
        super().__init__(file)
        self._pickles = pickles

    def find_class(self, module: str, name: str) -> Any:
        found = resolve(module, name)
        if found is _content:
            return self._pickles.contents.named
        if found is _backend:
            return self._backend
        if found is local_functions.restored:
            return self._local_function
        if isinstance(found, type):
            self._pickles.note(found)
        return found

    def _backend(self, service: str, account: str, region: str) -> Any:
        backend = _backend(service, account, region)
        self._pickles.note(type(backend))
        return backend

    def _local_function(self, module: str, outer: str, *rest: Any) -> FunctionType:
        self._pickles.held.add((module, outer))
        return local_functions.restored(module, outer, *rest)


def _content(name: str) -> Content:
    raise NotImplementedError("the unpickler replaces this with the folder's own")


def _backend(service: str, account: str, region: str) -> Any:
    return get_backend(service)[account][region]


def _function(kind: Any, code: Content) -> Any:
    function = kind.__new__(kind)
    function.code_bytes = code.read()
    function._kept_code = (function.code_bytes, code)
    return function


def _private_key(der: bytes) -> Any:
    return load_der_private_key(der, None)
