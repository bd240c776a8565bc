"""Turns the frozen words into plain JSON values and back, strictly: what was written by hand or torn is refused."""

from __future__ import annotations

import dataclasses
import functools
import re
import types
import typing
from collections.abc import Hashable
from typing import Any, Literal, get_args, get_origin

LARGEST = 2**53
"""No number of a call is larger; beyond it a float no longer counts every sample."""


_SURROGATE = re.compile("[\ud800-\udfff]")


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
    hints = _hints(cls)
    unknown = set(values) - set(hints)
    if unknown:
        raise DecodeError(f"{cls.__name__} has no field {min(unknown)!r}")
    fields = {name: _value(hints[name], item, f"{cls.__name__}.{name}") for name, item in values.items()}
    try:
        return cls(**fields)
    except (TypeError, ValueError) as error:
        raise DecodeError(f"{cls.__name__}: {error}") from error


def _hints(cls: type[Any]) -> dict[str, Any]:
    return _hints_of(typing.cast("Hashable", cls))


@functools.cache
def _hints_of(cls: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _value(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - one case a kind of field
    origin = get_origin(hint)
    if hint is Any:
        return _any(value, where)
    if origin in (types.UnionType, typing.Union):
        return _union(hint, value, where)
    if origin is Literal:
        if value not in get_args(hint):
            raise DecodeError(f"{where} is {value!r:.40}, allowed: {', '.join(map(str, get_args(hint)))}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise DecodeError(f"{where} must be a list, found {value!r:.40}")
        return tuple(_value(get_args(hint)[0], item, where) for item in value)
    if origin is dict:
        if not isinstance(value, dict):
            raise DecodeError(f"{where} must be an object, found {value!r:.40}")
        return {str(key): _value(get_args(hint)[1], item, where) for key, item in value.items()}
    if dataclasses.is_dataclass(hint):
        return from_plain(typing.cast("type[Any]", hint), value)
    return _scalar(hint, value, where)


def _union(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - as _value
    if value is None and type(None) in get_args(hint):
        return None
    rest = [arg for arg in get_args(hint) if arg is not type(None)]
    number = type(value) in (int, float)
    fitting = [arg for arg in rest if type(value) is arg or (number and arg is float)]
    return _value((fitting or rest)[0], value, where)


def _any(value: Any, where: str) -> Any:  # noqa: ANN401 - as _value
    if isinstance(value, dict):
        return {key: _any(inner, f"{where}.{key}") for key, inner in value.items()}
    if isinstance(value, list):
        return [_any(inner, where) for inner in value]
    return value if value is None else _scalar(type(value), value, where)


def _scalar(hint: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - as _value
    fits = type(value) in ((int, float) if hint is float else (hint,))
    if fits and not isinstance(value, str) and not abs(value) <= LARGEST:
        raise DecodeError(f"{where} is out of range")
    if fits and isinstance(value, str) and _SURROGATE.search(value):
        raise DecodeError(f"{where} holds half a character")
    if fits:
        return float(value) if hint is float else value
    raise DecodeError(f"{where} must be {hint.__name__}, found {value!r:.40}")
