"""Who is heard of real voices: both parties of two calls, and angry women whom the voice detector alone loses."""

import numpy as np
import pytest
import soundfile
import soxr

from scripts.bench.heard.clips import alone, as_caller, load
from scripts.bench.heard.truth import of_call, score
from scripts.bench.hearing import CALLS
from scripts.bench.lines.heard import LINES, send
from scripts.bench.systems.speech import ours
from voicecare.timebase import RATE_HZ
from voicecare.types import PARTIES

pytestmark = pytest.mark.data


@pytest.mark.slow
@pytest.mark.parametrize("name", CALLS, ids=["40", "49"])
def test_both_parties_of_a_real_call_are_heard_and_little_is_told_of_silence(data_dir, name):
    narrow, rate_hz = soundfile.read(data_dir / "calls" / "auto-repairs" / name, dtype="float32")
    legs = narrow.T[::-1]
    told = ours("both", np.stack([soxr.resample(leg, rate_hz, RATE_HZ) for leg in legs]))
    for party, leg in zip(PARTIES, legs, strict=True):
        share = score(of_call(leg, rate_hz), told.spans[party])
        assert share.heard >= 0.97, party
        assert share.invented_s <= 1.5, party


@pytest.mark.parametrize(
    "name",
    [
        "Actor_06/03-01-05-02-01-01-06",
        "Actor_06/03-01-05-02-01-02-06",
        "Actor_06/03-01-05-02-02-01-06",
        "Actor_06/03-01-05-02-02-02-06",
        "Actor_14/03-01-05-02-02-01-14",
    ],
)
def test_an_angry_woman_whom_the_plain_view_loses_is_heard_whole_with_both(data_dir, name):
    clip, truth = alone(*load(data_dir / "emotion" / "ravdess" / f"{name}.flac"))
    legs = as_caller(send(clip, truth.sure, LINES["-10 dBFS"], np.random.default_rng(0)))
    plain, both = (score(truth, ours(vad, legs).spans["caller"]) for vad in ("silero", "both"))
    assert plain.heard < 0.1
    assert both.heard > 0.97
    assert both.invented_s < 0.1
