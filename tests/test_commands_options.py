"""Names are taken as they are known, and another names what is allowed."""

from __future__ import annotations

import pytest

from voicecare.commands.options import one_of
from voicecare.errors import UsageError


def test_a_known_name_is_taken_and_another_is_refused_with_the_option_and_what_it_takes():
    known = ("counts", "events")
    assert [one_of(known, name, "--keep") for name in known] == list(known)
    with pytest.raises(UsageError, match=r"^--keep all: not known; choose counts, events$"):
        one_of(known, "all", "--keep")
