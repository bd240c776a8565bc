"""Turns the frozen words into plain JSON values and back, strictly: what was written by hand or torn is refused."""

from __future__ import annotations

import dataclasses
import functools
import re
import types
import typing
from collections.abc import Callable, Hashable
from typing import Any, Literal, TypeAlias, get_args, get_origin

LARGEST = 2**53
"""No number of a call is larger; beyond it a float no longer counts every sample."""


_SURROGATE = re.compile("[\ud800-\udfff]")


Reader: TypeAlias = Callable[[Any], Any]


class DecodeError(ValueError):
    """A plain value does not fit the word it should become; the text names the field."""


def to_plain(value: Any) -> Any:  # noqa: ANN401 - any of the words
    """Turn a word (a dataclass of scalars, tuples, dicts and words) into JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _hints(type(value))}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value


def from_plain(cls: type[Any], values: Any) -> Any:  # noqa: ANN401 - an object of `cls`
    """Rebuild a word from JSON values.

    Raises:
        DecodeError: a field is unknown, missing, or of the wrong kind.
    """
    if not isinstance(values, dict):
        raise DecodeError(f"expected the fields of {cls.__name__}, found {values!r:.40}")
    readers = _readers(typing.cast("Hashable", cls))
    unknown = values.keys() - readers.keys()
    if unknown:
        raise DecodeError(f"{cls.__name__} has no field {min(unknown)!r:.60}")
    fields = {name: readers[name](item) for name, item in values.items()}
    try:
        return cls(**fields)
    except (TypeError, ValueError) as error:
        raise DecodeError(f"{cls.__name__}: {error}") from error


def _hints(cls: type[Any]) -> dict[str, Any]:
    return _hints_of(typing.cast("Hashable", cls))


@functools.cache
def _hints_of(cls: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(cls)


@functools.cache
def _readers(cls: Hashable) -> dict[str, Reader]:
    """One reader a field: what a field may hold is looked up once, not with every one of a session's events."""
    word = typing.cast("type[Any]", cls)
    return {name: _reader(hint, f"{word.__name__}.{name}") for name, hint in _hints(word).items()}


def _reader(hint: Any, where: str) -> Reader:  # noqa: ANN401 - one case a kind of field
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return lambda value: _any(value, where)
    if origin in (types.UnionType, typing.Union):
        rest = {arg: _reader(arg, where) for arg in inner if arg is not type(None)}
        return functools.partial(_one_kind, rest, type(None) in inner)
    if origin is Literal:
        return functools.partial(_one_of, inner, where)
    if origin is tuple:
        return functools.partial(_list, _reader(inner[0], where), where)
    if origin is dict:
        return functools.partial(_object, _reader(inner[1], where), where)
    if dataclasses.is_dataclass(hint):
        return functools.partial(from_plain, typing.cast("type[Any]", hint))
    return functools.partial(_scalar, hint, where)


def _one_kind(readers: dict[Any, Reader], may_be_none: bool, value: Any) -> Any:  # noqa: ANN401, FBT001 - as _reader
    if value is None and may_be_none:
        return None
    kind = float if type(value) is int and int not in readers else type(value)
    return readers.get(kind, next(iter(readers.values())))(value)


def _one_of(allowed: tuple[Any, ...], where: str, value: Any) -> Any:  # noqa: ANN401 - as _reader
    if value not in allowed:
        raise DecodeError(f"{where} is {value!r:.40}, allowed: {', '.join(map(str, allowed))}")
    return value


def _list(item: Reader, where: str, value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as _reader
    if not isinstance(value, list):
        raise DecodeError(f"{where} must be a list, found {value!r:.40}")
    return tuple([item(one) for one in value])


def _object(item: Reader, where: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 - as _reader
    if not isinstance(value, dict):
        raise DecodeError(f"{where} must be an object, found {value!r:.40}")
    return {str(key): item(one) for key, one in value.items()}


def _any(value: Any, where: str) -> Any:  # noqa: ANN401 - as _reader
    if isinstance(value, dict):
        return {key: _any(inner, f"{where}.{key}"[:200]) for key, inner in value.items()}
    if isinstance(value, list):
        return [_any(inner, where) for inner in value]
    return value if value is None else _scalar(type(value), where, value)


def _scalar(hint: Any, where: str, value: Any) -> Any:  # noqa: ANN401 - as _reader
    kind = type(value)
    if kind is not hint and not (hint is float and kind is int):
        raise DecodeError(f"{where} must be {hint.__name__}, found {value!r:.40}")
    if kind is str:
        if not value.isascii() and _SURROGATE.search(value):
            raise DecodeError(f"{where} holds half a character")
        return value
    if not -LARGEST <= value <= LARGEST:
        raise DecodeError(f"{where} is out of range")
    return float(value) if hint is float else value
