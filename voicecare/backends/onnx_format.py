"""Reads tensors from an ONNX file and writes small ONNX graphs: the few parts of the format that are needed.

ONNX is protocol buffers (github.com/onnx/onnx, onnx.proto3, Apache-2.0). The package onnx would do this, too; it brings
tens of megabytes for a hundred lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Attribute: TypeAlias = int | str | Sequence[int]

_FLOAT, _INT32, _INT64 = 1, 6, 7
_CODES = {"float32": _FLOAT, "int32": _INT32, "int64": _INT64}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_IR_VERSION, _OPSET = 8, 16


def constants(model: bytes) -> dict[str, Array]:
    """Read every float32 constant of a model, those in branches of its graph included, by name.

    Raises:
        ValueError: the bytes are no ONNX model.
    """
    found: dict[str, Array] = {}
    for number, graph in _fields(model):
        if number == 7:
            _collect(graph, found)
    return found


@dataclass(frozen=True, slots=True)
class Node:
    """One operation; `inputs` and `outputs` are names of values, "" for an input that is left out."""

    kind: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


def model(
    nodes: Sequence[Node], tensors: Mapping[str, Array], inputs: Mapping[str, str], outputs: Sequence[str]
) -> bytes:
    """Write a model. inputs: the element type of each by name ("float32", …); outputs are float32. Shapes stay open."""
    graph = b"".join(_message(1, _node(node)) for node in nodes) + _message(2, b"graph")
    graph += b"".join(_message(5, _tensor(name, values)) for name, values in tensors.items())
    graph += b"".join(_message(11, _value(name, _CODES[kind])) for name, kind in inputs.items())
    graph += b"".join(_message(12, _value(name, _FLOAT)) for name in outputs)
    return _number(1, _IR_VERSION) + _message(7, graph) + _message(8, _number(2, _OPSET))


def _collect(graph: bytes, found: dict[str, Array]) -> None:
    for node in (value for number, value in _fields(graph) if number == 1):
        fields = list(_fields(node))
        name = next((value.decode() for number, value in fields if number == 2), "")
        for attribute in (value for number, value in fields if number == 5):
            for number, value in _fields(attribute):
                if number == 5 and (tensor := _read_tensor(value)) is not None:
                    found[name] = tensor
                elif number == 6:
                    _collect(value, found)


def _read_tensor(tensor: bytes) -> Array | None:
    shape: list[int] = []
    kind, raw = 0, b""
    for number, value in _fields(tensor):
        if number == 1:
            shape += [value] if isinstance(value, int) else list(_varints(value))
        elif number == 2:
            kind = int(value)
        elif number == 9:
            raw = value
    if kind != _FLOAT or not raw:
        return None
    return np.frombuffer(raw, "<f4").reshape(shape)


def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message: its number, and an int or the bytes."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if wire == _BYTES:
            length, at = _varint(message, at)
        else:
            length = {_FIXED64: 8, _FIXED32: 4}.get(wire, -1)
        if length < 0 or at + length > len(message):
            raise ValueError("not an ONNX model")
        yield number, message[at : at + length]
        at += length


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
    raise ValueError("not an ONNX model")


def _varints(packed: bytes) -> Iterator[int]:
    at = 0
    while at < len(packed):
        value, at = _varint(packed, at)
        yield value


def _node(node: Node) -> bytes:
    names = b"".join(_message(1, name.encode()) for name in node.inputs)
    names += b"".join(_message(2, name.encode()) for name in node.outputs)
    return (
        names
        + _message(4, node.kind.encode())
        + b"".join(
            _message(5, _message(1, name.encode()) + _attribute(value)) for name, value in node.attributes.items()
        )
    )


def _attribute(value: Attribute) -> bytes:
    if isinstance(value, int):
        return _number(3, value) + _number(20, 2)
    if isinstance(value, str):
        return _message(4, value.encode()) + _number(20, 3)
    return b"".join(_number(8, one) for one in value) + _number(20, 7)


def _tensor(name: str, values: Array) -> bytes:
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    shape = b"".join(_number(1, length) for length in values.shape)
    return shape + _number(2, _CODES[values.dtype.name]) + _message(8, name.encode()) + _message(9, little.tobytes())


def _value(name: str, kind: int) -> bytes:
    return _message(1, name.encode()) + _message(2, _message(1, _number(1, kind)))


def _number(number: int, value: int) -> bytes:
    return _coded(number << 3 | _VARINT) + _coded(value)


def _message(number: int, payload: bytes) -> bytes:
    return _coded(number << 3 | _BYTES) + _coded(len(payload)) + payload


def _coded(value: int) -> bytes:
    coded = bytearray()
    while value > 0x7F:
        coded.append(value & 0x7F | 0x80)
        value >>= 7
    coded.append(value)
    return bytes(coded)
