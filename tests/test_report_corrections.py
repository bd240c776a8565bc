"""Corrected files are read back from Praat and ELAN, and nothing in a bad one does more than one line of harm."""

from __future__ import annotations

import contextlib
import dataclasses
import random
import time
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import header, heated, segment, turn

from voicecare.errors import InputError
from voicecare.report import corrections
from voicecare.report.annotation import EVENT_TIER, LABELS, Mark, marks
from voicecare.report.corrections import read_corrected, read_marks
from voicecare.report.elan import eaf
from voicecare.report.samecall import SAME, speech_in_common
from voicecare.report.textgrid import textgrid
from voicecare.session import Session
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import Segment, TurnEvent

CALL = Session(
    header(),
    (
        segment("caller", 0.5, 12.0),
        segment("agent", 8.0, 20.0),
        turn(1, "interruption", "agent", 8.0, 12.0),
        turn(3, "backchannel", "caller", 15.0, 15.5),
    ),
    samples(20.0),
    complete=True,
)
SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
20
<exists>
2
"IntervalTier"
"caller"
0
20
1
0
20
"say ""hello"" at 3"
"TextTier"
"turn events"
0
20
2
8.1
"Interruption  by agent"
15
"backchannel by caller"
"""


@st.composite
def sessions(draw) -> Session:
    """A session whose events do not overlap each other, as those of a call never do."""
    edges = sorted(draw(st.sets(st.integers(0, 600 * RATE_HZ), max_size=16)))
    events = [
        TurnEvent(n, *draw(st.sampled_from(LABELS)).split(" by "), Span(start, end), end)
        for n, (start, end) in enumerate(zip(edges[::2], edges[1::2], strict=False))
    ]
    return Session(header(), tuple(events), 600 * RATE_HZ, complete=True)


@settings(max_examples=100, deadline=None)
@given(sessions(), st.sampled_from([textgrid, eaf]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_what_is_written_is_read_back_to_the_millisecond(tmp_path_factory, session, write, encoding):
    file = tmp_path_factory.mktemp("x") / "call"
    text = write(session)
    file.write_text(text.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"'), encoding=encoding)
    read = read_marks(file)
    assert [m.text for m in read] == [m.text for m in marks(session)]
    assert all(abs(a.at - b.at) <= samples(0.001) for a, b in zip(read, marks(session), strict=True))


def test_praats_short_text_format_is_read_too_and_labels_in_any_case(tmp_path):
    file = tmp_path / "short.TextGrid"
    file.write_text(SHORT)
    assert read_marks(file) == [
        Mark(samples(8.1), "interruption by agent"),
        Mark(samples(15.0), "backchannel by caller"),
    ]


def test_speech_fills_its_textgrid_tier_without_a_hole():
    lines = [line.strip() for line in textgrid(CALL).splitlines()]
    caller = lines[lines.index('name = "caller"') : lines.index('name = "turn events"')]
    edges = [float(line.split("= ")[1]) for line in caller if line.startswith(("xmin", "xmax"))][2:]
    assert edges == [0.0, 0.5, 0.5, 12.0, 12.0, 20.0]


@pytest.mark.parametrize("session", [CALL, heated()])
def test_an_eaf_has_tiers_of_speech_events_and_words_whose_slots_exist_and_whose_annotations_do_not_overlap(session):
    root = ET.fromstring(eaf(session))  # noqa: S314 - as above
    slots = {s.get("TIME_SLOT_ID"): int(s.get("TIME_VALUE")) for s in root.iter("TIME_SLOT")}
    assert [tier.get("TIER_ID") for tier in root.iter("TIER")] == [
        "agent",
        "caller",
        EVENT_TIER,
        "agent words",
        "caller words",
    ]
    ids = [a.get("ANNOTATION_ID") for a in root.iter("ALIGNABLE_ANNOTATION")]
    assert len(ids) == len(set(ids)) > 0
    for tier in root.iter("TIER"):
        reached = 0
        for one in tier.iter("ALIGNABLE_ANNOTATION"):
            start, end = slots[one.get("TIME_SLOT_REF1")], slots[one.get("TIME_SLOT_REF2")]
            assert reached <= start < end
            reached = end
    order = [child.tag for child in root if child.tag != "TIER"]
    assert order == ["HEADER", "TIME_ORDER", "LINGUISTIC_TYPE"]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<ANNOTATION_DOCUMENT><TIER TIER_ID="turn events"/>&c;</ANNOTATION_DOCUMENT>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><ANNOTATION_DOCUMENT>&x;</ANNOTATION_DOCUMENT>"""
REMOTE = '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd"><ANNOTATION_DOCUMENT/>'
UNTIMED = """<ANNOTATION_DOCUMENT><TIER TIER_ID="turn events"><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="ts1">
<ANNOTATION_VALUE>x</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></TIER></ANNOTATION_DOCUMENT>"""
SLOT = '<ANNOTATION_DOCUMENT><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="{}"/></ANNOTATION_DOCUMENT>'


EAF_SHIFT_JIS = eaf(CALL).replace("UTF-8", "shift_jis").encode("ascii")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "save it from Praat as text"),
        (b"hello", "save it from Praat as text"),
        (b"\xff\x00\x9f\x92", "it is not text"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "it is not text"),
        (b"ooBinaryFile\x08TextGrid", "save it from Praat as text"),
        ('"' * 9_999, "save it from Praat as text"),
        (SHORT.replace("turn events", "my notes"), 'no tier "turn events"'),
        (SHORT.replace("8.1", "1e999"), "a time is missing"),
        (SHORT.replace("8.1", "-8.1"), "a time is missing"),
        (SHORT.replace("8.1", "8.1.1"), "is no number"),
        (SHORT.replace("\n2\n8.1", "\n900000\n8.1"), "cut short"),
        (SHORT[:-40], "cut short"),
        (SHORT.replace("Interruption  by", "x").replace("backchannel by", "backchanel by"), "is not known"),
        (EAF_SHIFT_JIS, "its encoding is not known"),
        (BOMB, "declares a document type or entities"),
        (OUTSIDE, "declares a document type or entities"),
        (REMOTE, "declares a document type or entities"),
        ("<html><body>no</body></html>", "not an ANNOTATION_DOCUMENT"),
        ("<ANNOTATION_DOCUMENT/>", 'no tier "turn events"'),
        ("<ANNOTATION_DOCUMENT>", "no element found"),
        ('<?xml version="1.0" encoding="klingon"?><ANNOTATION_DOCUMENT/>', "its encoding is not known"),
        (b'<?xml version="1.0" encoding="UTF-8"?><A>\xff\xff</A>', "invalid token"),
        (UNTIMED, "no time"),
        (SLOT.format("soon"), "no time in"),
        (SLOT.format(9_999_999_999), "no time in"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_one_line_that_says_what_to_do(tmp_path, content, said):
    file = tmp_path / "notes"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as refused:
        read_marks(file)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 500


def corrected(tmp_path, text, session=CALL):
    file = tmp_path / "notes"
    file.write_text(text)
    return read_corrected(file, session)


def test_a_mark_that_is_not_known_is_skipped_and_said_and_the_others_count(tmp_path):
    found = corrected(tmp_path, SHORT.replace("backchannel by", "backchanel by"))
    assert found.marks == (Mark(samples(8.1), "interruption by agent"),)
    (line,) = found.skipped
    assert 'skipped "backchanel by caller" at 0:15' in line
    assert 'did you mean "backchannel by caller"?' in line
    (line,) = corrected(tmp_path, SHORT.replace("backchannel by caller", "my own note")).skipped
    assert "known: interruption by agent" in line


def test_a_mark_after_the_end_of_the_call_is_skipped_and_said(tmp_path):
    found = corrected(tmp_path, SHORT.replace("15\n", "20.5\n"))
    assert [mark.text for mark in found.marks] == ["interruption by agent"]
    assert "the call ends before" in found.skipped[0]


@pytest.mark.parametrize(
    "text",
    [
        SHORT.replace('"turn events"', '! a comment with "quotes" and 3 numbers 4\n"turn events" ! and another, 5'),
        SHORT.replace("\n2\n8.1", '\n3\n3\n" "\n8.1'),  # an empty label, as every ELAN export has them
        SHORT.replace("<exists>\n2", "<exists>\n3")
        + '"TextTier"\n"turn events"\n0\n20\n1\n8.1\n"Interruption  by agent"\n',
    ],
)
def test_comments_empty_labels_and_a_tier_told_twice_change_nothing(tmp_path, text):
    found = corrected(tmp_path, text)
    assert [mark.text for mark in found.marks] == ["interruption by agent", "backchannel by caller"]
    assert found.skipped == ()


def shifted(session: Session, by_s: float) -> Session:
    """Another call: the same speech and events at other times."""
    moved = [
        dataclasses.replace(e, span=Span(e.span.start + samples(by_s), e.span.end + samples(by_s)))
        for e in session.events
        if isinstance(e, Segment | TurnEvent)
    ]
    return dataclasses.replace(session, events=tuple(moved), end=session.end + samples(by_s))


@pytest.mark.parametrize("write", [textgrid, eaf])
def test_another_calls_file_is_refused_as_such_and_a_corrected_one_is_not(tmp_path, write):
    call = heated()
    with pytest.raises(InputError, match="another call: its speech lies elsewhere"):
        corrected(tmp_path, write(shifted(call, 23.0)), call)
    with pytest.raises(InputError, match="another call"):
        corrected(tmp_path, write(CALL), call)
    assert corrected(tmp_path, write(call), call).skipped == ()
    nudged = shifted(call, 0.2)  # somebody moved every edge
    assert corrected(tmp_path, write(nudged), call).marks
    thinned = dataclasses.replace(call, events=call.events[: len(call.events) // 2])  # or corrected the first half
    assert corrected(tmp_path, write(thinned), call).marks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SHORT.replace("\n20\n<exists>", "\n95\n<exists>"), "it is 1:35 long and the session 0:20"),
        (SHORT.replace("8.1", "77").replace("\n15\n", "\n88\n"), "most of its marks lie after 0:20"),
    ],
)
def test_without_speech_in_the_file_its_length_or_its_marks_tell_another_call(tmp_path, text, said):
    text = text.replace('"say ""hello"" at 3"', '""')
    with pytest.raises(InputError, match=said):
        corrected(tmp_path, text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_two_calls_share_no_speech_beyond_chance_and_a_call_shares_all_with_itself(seed):
    draw = random.Random(seed)
    one, two = ({party: talk(draw) for party in ("agent", "caller")} for _ in range(2))
    assert speech_in_common(one, one, samples(180)) == pytest.approx(1.0)
    assert speech_in_common(one, two, samples(180)) < SAME


def talk(draw: random.Random) -> list[Span]:
    spans, at = [], 0
    while True:
        start = at + samples(draw.uniform(0.3, 8.0))
        at = start + samples(draw.uniform(0.3, 6.0))
        if at > samples(180):
            return spans
        spans.append(Span(start, at))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "absent.TextGrid", tmp_path):
        with pytest.raises(InputError, match="check the path"):
            read_marks(path)


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(corrections, "MOST_BYTES", 1000)
    file = tmp_path / "huge.eaf"
    file.write_text("<ANNOTATION_DOCUMENT>" + " " * 2000)
    with pytest.raises(InputError, match="larger than"):
        read_marks(file)


@pytest.mark.parametrize("filler", ["\n", '"', '" ', "<a>", "<", "1 ", '"" ', "é"])
def test_reading_takes_time_in_proportion_to_the_file(tmp_path, filler):
    file = tmp_path / "long"
    file.write_text(SHORT[:60] + filler * (2_000_000 // len(filler)))
    began = time.process_time()
    with pytest.raises(InputError):
        read_marks(file)
    assert time.process_time() - began < 3.0
    file.write_text("<ANNOTATION_DOCUMENT>" + filler * (2_000_000 // len(filler)))
    with pytest.raises(InputError):
        read_marks(file)
    assert time.process_time() - began < 6.0


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.booleans())
def test_no_content_at_all_raises_anything_but_one_line(tmp_path_factory, content, behind_a_good_start):
    file = tmp_path_factory.getbasetemp() / "any"
    file.write_bytes((SHORT[:-60].encode() if behind_a_good_start else b"") + content)
    with contextlib.suppress(InputError):
        assert isinstance(read_marks(file), list)
