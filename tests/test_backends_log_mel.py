"""The spectrogram is Whisper's, and knows nothing of the machine."""

import os
import subprocess
import sys

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor

from voicecare.backends.log_mel import log_mel

HASHED = """
import hashlib, numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from voicecare.backends.log_mel import log_mel
audio = np.random.default_rng(0).standard_normal(160_000).astype(np.float32)
print(hashlib.sha256(log_mel(audio, FeatureExtractor().mel_filters).tobytes()).hexdigest())
"""


@pytest.mark.parametrize("length", [320, 401, 1_600, 16_037, 160_000])
@pytest.mark.parametrize("bands", [80, 128])
@pytest.mark.parametrize("level", [1.0, 1e-3, 0.0])
def test_it_is_the_spectrogram_of_faster_whisper(length, bands, level):
    theirs = FeatureExtractor(feature_size=bands)
    audio = (level * np.random.default_rng(length).standard_normal(length)).astype(np.float32)
    expected = theirs(audio)
    ours = log_mel(audio, theirs.mel_filters)
    assert ours.shape == expected.shape
    assert ours.dtype == np.float32
    assert ours == pytest.approx(expected, abs=1e-5)


def test_it_is_the_same_to_the_last_bit_on_any_number_of_cores():
    def hashed(cores):
        environment = os.environ | {"OPENBLAS_NUM_THREADS": cores, "MKL_NUM_THREADS": cores}
        run = subprocess.run(
            [sys.executable, "-c", HASHED], env=environment, capture_output=True, text=True, check=True
        )
        return run.stdout

    assert hashed("1") == hashed("2") == hashed("4")
