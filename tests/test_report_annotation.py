import dataclasses

import pytest
from report_samples import header, heated, segment, turn

from voicecare.errors import InputError
from voicecare.report.annotation import Mark, compare, marks, read_marks, textgrid
from voicecare.session import Session
from voicecare.timebase import samples

CALL = Session(
    header(),
    (
        segment("caller", 0.5, 12.0),
        segment("agent", 8.0, 20.0),
        turn(1, "interruption", "agent", 8.0, 12.0),
        turn(2, "overlap", "agent", 8.0, 12.0),
        turn(3, "backchannel", "caller", 15.0, 15.5),
    ),
    samples(20.0),
    complete=True,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("session", [CALL, heated()])
def test_what_is_written_is_read_back(session, encoding, tmp_path):
    file = tmp_path / "call.TextGrid"
    file.write_text(textgrid(session), encoding=encoding)
    assert read_marks(file) == marks(session)
    assert all(a.precision == a.recall == 1.0 for a in compare(marks(session), read_marks(file)))


def test_speech_fills_its_tier_without_a_hole():
    lines = [line.strip() for line in textgrid(CALL).splitlines()]
    caller = lines[lines.index('name = "caller"') : lines.index('name = "turn events"')]
    edges = [float(line.split("= ")[1]) for line in caller if line.startswith(("xmin", "xmax"))][2:]
    assert edges == [0.0, 0.5, 0.5, 12.0, 12.0, 20.0]


def test_a_deleted_point_costs_precision_and_an_added_one_recall():
    told = marks(CALL)
    corrected = [told[0], Mark(samples(17.0), "interruption by agent")]
    by_text = {a.text: a for a in compare(told, corrected)}
    assert (by_text["interruption by agent"].precision, by_text["interruption by agent"].recall) == (1.0, 0.5)
    assert (by_text["backchannel by caller"].precision, by_text["backchannel by caller"].recall) == (0.0, None)


@pytest.mark.parametrize(("moved_s", "common"), [(0.35, 1), (0.36, 0)])
def test_a_point_moved_a_little_is_the_same_event(moved_s, common):
    told = [Mark(samples(8.0), "interruption by agent")]
    moved = [dataclasses.replace(told[0], at=samples(8.0 + moved_s))]
    assert compare(told, moved)[0].common == common


def test_a_file_that_is_no_textgrid_is_refused_in_one_line(tmp_path):
    for content in (b"hello", b"\xff\x00\x9f\x92"):
        file = tmp_path / "notes.txt"
        file.write_bytes(content)
        with pytest.raises(InputError, match="save it from Praat as text"):
            read_marks(file)
    with pytest.raises(InputError, match="check the path"):
        read_marks(tmp_path / "absent.TextGrid")
