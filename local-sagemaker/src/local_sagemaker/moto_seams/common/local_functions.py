"""Pickles local functions, such as a defaultdict's `lambda`, which pickle itself does not support.

A local function is identified by the position of its code: the enclosing function that can be imported, and the path
from there through the constants of the code.
"""

from functools import reduce
from importlib import import_module
from pickle import PicklingError
from types import CellType, CodeType, FunctionType
from typing import Any

from local_sagemaker.durability.names import module_of, resolve

_WITHIN = ".<locals>."


def is_local(function: FunctionType) -> bool:
    return _WITHIN in function.__qualname__


def around(function: FunctionType) -> tuple[str, str]:
    """The module and the name of the enclosing function that can be imported."""
    return function.__module__, function.__qualname__.split(_WITHIN)[0]


def reduced(function: FunctionType) -> tuple[Any, ...]:
    """Reduce a local function. Raises: PicklingError: its code is not where its name says."""
    outer, *names = function.__qualname__.split(_WITHIN)
    path = _path(_code_of(function.__module__, outer), function.__code__, names)
    if path is None:
        raise PicklingError(f"{function.__qualname__} was not found in {function.__module__}")
    state = [cell.cell_contents for cell in function.__closure__ or ()]
    made = (function.__module__, outer, path, function.__defaults__, len(state))
    return _function, made, state, None, None, _fill


def _path(code: CodeType, wanted: CodeType, names: list[str]) -> list[int] | None:
    """The positions in `co_consts` that lead from `code` to `wanted`."""
    for number, inner in enumerate(code.co_consts):
        if not isinstance(inner, CodeType) or inner.co_name != names[0].rpartition(".")[2]:
            continue
        if len(names) == 1 and inner is wanted:
            return [number]
        if len(names) > 1 and (rest := _path(inner, wanted, names[1:])) is not None:
            return [number, *rest]
    return None


def _code_of(module: str, outer: str) -> CodeType:
    found = resolve(module, outer)
    code: CodeType = getattr(found, "__wrapped__", found).__code__
    return code


def _function(module: str, outer: str, path: list[int], defaults: Any, cells: int) -> FunctionType:
    code: Any = reduce(lambda inner, number: inner.co_consts[number], path, _code_of(module, outer))
    closure = tuple(CellType() for _ in range(cells))
    return FunctionType(code, vars(import_module(module_of(module))), None, defaults, closure)


restored = _function
"""Homes name it with the underscore."""


def _fill(function: FunctionType, contents: list[Any]) -> None:
    """Fill the closure's cells last, since their contents may refer to the function."""
    for cell, value in zip(function.__closure__ or (), contents, strict=True):
        cell.cell_contents = value
