"""The rearranged model answers as the file it was made from, whatever else it hears in the same run."""

import itertools

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.backends.onnx_format import Node, constants, model
from voicecare.backends.silero import _model_file
from voicecare.backends.silero_model import CONTEXT, TOGETHER, WINDOW, SileroModel
from voicecare.errors import InputError

ROWS, LENGTH = 4, 40
RNG = np.random.default_rng(0)
LOUDNESS = np.exp(RNG.standard_normal((ROWS, LENGTH, 1)))
WINDOWS = (0.1 * LOUDNESS * RNG.standard_normal((ROWS, LENGTH, CONTEXT + WINDOW))).astype(np.float32)


@pytest.fixture(scope="module")
def ours():
    return SileroModel(_model_file(), ROWS)


@pytest.fixture(scope="module")
def whole(ours):
    return told(ours, [WINDOWS])


def told(ours, pieces):
    """What is said of each row, from a fresh start."""
    for row in range(ROWS):
        ours.forget(row)
    heard = [ours.hear(piece) for piece in pieces]
    return [[answer for piece in heard for answer in piece[row]] for row in range(ROWS)]


def test_it_answers_as_the_file_it_was_made_from(whole):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    file = onnxruntime.InferenceSession(str(_model_file()), options, providers=["CPUExecutionProvider"])
    state, expected = np.zeros((2, ROWS, 128), np.float32), []
    for at in range(LENGTH):
        output, state = file.run(None, {"input": WINDOWS[:, at], "state": state, "sr": np.array(8_000)})
        expected.append(output[:, 0])
    assert np.array(whole) == pytest.approx(np.array(expected).T, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.integers(0, 2 * TOGETHER), min_size=ROWS, max_size=ROWS), max_size=9))
def test_a_window_is_answered_the_same_to_the_last_bit_whatever_is_heard_with_it(ours, whole, lengths):
    ends = np.minimum(np.cumsum([[0] * ROWS, *lengths, [LENGTH] * ROWS], axis=0), LENGTH)
    pieces = [
        [WINDOWS[row, begin:end] for row, (begin, end) in enumerate(zip(before, after, strict=True))]
        for before, after in itertools.pairwise(ends)
    ]
    assert told(ours, pieces) == whole


def test_rows_are_strangers_to_each_other(ours, whole):
    alone = [WINDOWS[0], *[WINDOWS[row][:0] for row in range(1, ROWS)]]
    assert told(ours, [alone])[0] == whole[0]


def test_nothing_to_hear_is_nothing_said(ours):
    before = ours.memory
    assert ours.hear([WINDOWS[0][:0]] * ROWS) == [[]] * ROWS
    assert ours.memory is before


def test_what_was_remembered_can_be_gone_back_to(ours):
    told(ours, [WINDOWS[:, :5]])
    remembered = ours.memory
    first = ours.hear(WINDOWS[:, 5:9])
    ours.forget(2)
    ours.memory = remembered
    assert ours.hear(WINDOWS[:, 5:9]) == first


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a model \xff\xff\xff", "damaged"),
        (model([Node("Relu", ("a",), ("b",))], {}, {"a": "float32"}, ["b"]), "not the voice detector"),
    ],
    ids=["no model", "another model"],
)
def test_a_file_that_is_not_the_model_is_refused_in_one_line(tmp_path, content, said):
    file = tmp_path / "silero_vad.onnx"
    file.write_bytes(content)
    with pytest.raises(InputError, match=said) as refused:
        SileroModel(file, ROWS)
    assert "\n" not in str(refused.value)


def test_constants_of_branches_are_found_with_their_shapes():
    found = constants(_model_file().read_bytes())
    assert sorted(v.shape for n, v in found.items() if "forward_basis" in n) == [(130, 1, 128), (258, 1, 256)]


@pytest.mark.parametrize("cut", [1, 100, 5_000])
def test_a_cut_file_is_no_model(cut):
    with pytest.raises(ValueError, match="not an ONNX model"):
        constants(_model_file().read_bytes()[:-cut])


def test_a_written_graph_computes_what_it_says():
    node = Node("Transpose", ("a",), ("b",), {"perm": (1, 0)})
    product = Node("MatMul", ("b", "weights"), ("c",))
    weights = np.arange(6, dtype=np.float32).reshape(2, 3)
    session = onnxruntime.InferenceSession(model([node, product], {"weights": weights}, {"a": "float32"}, ["c"]))
    given_in = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], np.float32)
    (out,) = session.run(None, {"a": given_in})
    assert np.array_equal(out, given_in.T @ weights)
