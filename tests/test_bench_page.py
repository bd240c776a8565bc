"""The session whose page is measured is one as any other, of the length asked for."""

from scripts.bench.page import write_session
from voicecare.report.numbers import numbers
from voicecare.session import read


def test_a_long_session_is_the_same_talk_over_and_over(tmp_path):
    session = read(write_session(tmp_path / "call.jsonl", 102))
    assert session.complete
    assert len(session.events) == 100
    assert numbers(session).agent.interruptions == 5
    assert session.end == len(range(0, 100, 18)) * 20 * 16_000
