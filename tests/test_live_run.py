"""A running day goes on whatever fails beside the call, and says at its end what became of everything."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import soundfile
from played_calls import demo_hops, live_run
from rich.console import Console

from voicecare.audio.devices import capture as capturing
from voicecare.audio.devices.answering import answered
from voicecare.audio.devices.capture import Capture
from voicecare.audio.devices.choice import Choice
from voicecare.audio.joining.wire import Fault, encode
from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands import cli, devices, doctor, findings, listening
from voicecare.commands import live as live_command
from voicecare.commands.live import Screen, became_of, hear_live
from voicecare.cue.console import ConsoleFace
from voicecare.cue.typed import TypedWishes
from voicecare.cue.viewmodel import ViewModel, Wishes
from voicecare.errors import InputError, OutputError, StageError
from voicecare.live import kept as keeping
from voicecare.live import run as live
from voicecare.live.record import Places
from voicecare.live.run import LiveOptions
from voicecare.session import read
from voicecare.timebase import HOP
from voicecare.types import Health


@pytest.fixture(scope="module")
def demo():
    return demo_hops()[:200]


def test_a_record_that_cannot_be_made_for_a_later_call_is_said_and_the_call_is_heard(demo, monkeypatch, tmp_path):
    run = live_run(demo, Wishes(), None, session=tmp_path / "call.jsonl", folder=tmp_path / "calls")
    made = keeping.places
    blocked = iter([False, True, False])

    def places(*how):
        if next(blocked):
            raise OutputError("the disk is full")
        return made(*how)

    monkeypatch.setattr(keeping, "places", places)
    run._open_source().at = {60: run.next_call, 120: run.next_call}
    (tmp_path / "call-2.jsonl").mkdir()
    run.run()
    assert read(tmp_path / "call-3.jsonl").complete
    assert len(run.kept.failures) == 2
    assert [e.note for e in run.face.events if isinstance(e, Health) and e.note == "not_kept"] == ["not_kept"] * 2
    assert len(list((tmp_path / "calls").glob("*.counts.json"))) == 2


def test_where_the_first_call_cannot_be_kept_the_run_does_not_begin(demo, tmp_path):
    (tmp_path / "call.jsonl").mkdir()
    run = live_run(demo, Wishes(), session=tmp_path / "call.jsonl")
    with pytest.raises(OutputError, match="cannot write"):
        run.run()
    assert run.heard == 0


def test_what_was_opened_is_closed_however_the_run_ends(demo):
    for at, error in (({}, None), ({3: lambda: 1 / 0}, StageError)):
        run = live_run(demo, Wishes(), at)
        source = run._open_source()
        if error is None:
            run.run()
        else:
            with pytest.raises(error):
                run.run()
        assert (source.opened, source.closed) == (1, 1)


def test_a_fault_of_the_devices_outlasts_a_new_call_on_the_screen_whoever_is_quicker(demo):
    """The keys are read in one thread, calls heard in another, the screen drawn in a third."""
    wishes = Wishes()
    model = ViewModel(Catalogue.load("en"), wishes)
    run = live_run([*demo[:50], Health(50 * HOP, "not_listening", 0, "agent_muted"), *demo[50:]], wishes)
    typed = TypedWishes(model, on_new_call=run.next_call, on_quit=run.stop)
    run.face = ConsoleFace(model, Console(file=io.StringIO()), on_quit=run.stop)
    run._open_source().at = {number: lambda: typed.heed("n") for number in range(60, 150, 30)}
    drawing = threading.Event()

    def draw():
        while not drawing.is_set():
            run.face.picture(time.perf_counter())

    drawer = threading.Thread(target=draw)
    drawer.start()
    run.run()
    drawing.set()
    drawer.join()
    assert model.view(time.perf_counter()).details == (model.catalogue.say("live", "agent_muted"),)


def test_typing_a_new_call_forgets_nothing_before_that_call_begins():
    model = ViewModel(Catalogue.load("en"))
    model.push(Health(0, "not_listening", 0, "agent_muted"))
    TypedWishes(model, on_new_call=lambda: None, on_quit=lambda: None).heed("n")
    assert model.view(0.0).mood == "deaf"


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        (["--keep", "audio", "--no-words"], True),
        (["--keep", "audio", "--no-words", "--unmuted-audio"], False),
        (["--keep", "text", "--no-words"], False),
    ],
)
def test_sound_without_words_is_kept_only_where_it_is_asked_for_by_name(monkeypatch, capsys, options, refused):
    def stop(*_):
        raise InputError("as far as here")

    monkeypatch.setattr(live_command, "_console", stop)
    assert cli.run(["live", "--console", *options]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert ("--unmuted-audio" in said) == refused
    assert ("as far as here" in said) != refused


def test_sound_without_words_that_was_asked_for_is_kept_as_it_was_heard(demo, tmp_path):
    run = live_run(demo, Wishes(), keep="audio", folder=tmp_path, unmuted=True)
    run.run()
    (tape,) = tmp_path.glob("*.wav")
    assert tape.stat().st_size == 44 + 4 * HOP * len(demo)


def test_a_run_says_at_its_end_what_it_kept_and_where(tmp_path):
    assert "nothing was kept" in became_of([])
    calls = [Places(counts=tmp_path / f"2026-11-27_09-00-0{n}.counts.json") for n in range(5)]
    assert became_of(calls[:1]) == f"kept: 2026-11-27_09-00-00 in {tmp_path}"
    assert became_of(calls) == f"kept: 5 calls, the last 2026-11-27_09-00-04 in {tmp_path}"
    session = Places(events=tmp_path / "s.jsonl")
    assert became_of([calls[0], session]).endswith(f"; the session {tmp_path / 's.jsonl'}")


def test_what_failed_on_the_way_is_named_at_the_end_and_the_exit_code_tells(demo, monkeypatch, capsys, tmp_path):
    class Plain:
        """A face that shows nothing."""

        def __init__(self, *_):
            pass

        begin = push = beat = lambda *_: None

        def run(self, work):
            work()

    monkeypatch.setattr(live_command, "_console", Plain)
    monkeypatch.setattr(live_command, "_heed_terminal", lambda *_: None)
    played = live_run(demo, Wishes())._open_source()
    monkeypatch.setattr(capturing, "Capture", lambda _devices, silent: played)  # noqa: ARG005
    built = live.build_edges
    failing = iter([True])
    monkeypatch.setattr(live, "build_edges", lambda *how: 1 / 0 if next(failing, False) else built(*how))
    options = LiveOptions(models=live_run((), None).options.models, folder=tmp_path)
    assert hear_live(options, Screen(console=True), Choice()) == 1
    failed, kept = capsys.readouterr().err.splitlines()
    assert failed.startswith("voicecare: ")
    assert "(ZeroDivisionError: " in failed
    assert kept.startswith("voicecare: kept: ")


@pytest.mark.skipif(sys.platform == "win32", reason="a Ctrl-C cannot be sent to one process there")
def test_a_ctrl_c_says_what_became_of_the_results_of_a_replay(tmp_path):
    session, long = tmp_path / "call.jsonl", tmp_path / "long.wav"
    sound, rate_hz = soundfile.read("voicecare/demo/call.flac", dtype="float32")
    soundfile.write(long, np.tile(sound, (40, 1)), rate_hz)
    command = [sys.executable, "-m", "voicecare", "replay", str(long), "--no-words"]
    command += ["--session", str(session), "--html", str(tmp_path / "call.html")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        while process.poll() is None and not (session.exists() and session.stat().st_size > 4_000):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert said == f"voicecare: stopped; what was heard until then is in {session}\n"
    assert not read(session).complete


@pytest.mark.skipif(sys.platform == "win32", reason="a Ctrl-C cannot be sent to one process there")
def test_a_ctrl_c_says_what_became_of_a_live_call_also_where_none_was_heard(tmp_path):
    pytest.importorskip("pulsectl", reason="a live call needs the extra `live`")
    command = [
        sys.executable,
        "-m",
        "voicecare",
        "live",
        "--console",
        "--no-words",
        "--folder",
        str(tmp_path / "calls"),
    ]
    environment = os.environ | {"PULSE_SERVER": f"unix:{tmp_path}/none"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert "The sound server does not answer" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert (process.returncode, said) == (0, "voicecare: no call was heard, so nothing was kept\n")


SLOW_CHILD = """
import sys, time
time.sleep({late})
sys.stdout.buffer.write({said!r})
sys.stdout.buffer.flush()
sys.stdin.buffer.read()
"""


class Slow(subprocess.Popen):
    """Starts a capture process that needs a while to say its first word, or never does."""

    late_s = 0.0

    def __init__(self, command, **how):
        said = encode(Fault("caller", time.perf_counter(), "muted"))
        super().__init__([command[0], "-c", SLOW_CHILD.format(late=self.late_s, said=said)], **how)


def test_a_capture_process_that_is_slow_to_start_is_waited_for(monkeypatch):
    monkeypatch.setattr(Slow, "late_s", 2.0)
    monkeypatch.setattr(capturing.subprocess, "Popen", Slow)
    monkeypatch.setattr(capturing, "QUIET_S", 0.2)
    with Capture(Choice()) as heard:
        muted = next(item for item in heard if item.note == "caller_muted")
        first = heard.pid
        heard.stop()
    assert muted.kind == "not_listening"
    assert heard.pid == first


def test_a_capture_process_that_never_says_a_word_is_given_up(monkeypatch):
    monkeypatch.setattr(Slow, "late_s", 600.0)
    monkeypatch.setattr(capturing.subprocess, "Popen", Slow)
    monkeypatch.setattr(capturing, "START_UP_S", 0.3)
    with Capture(Choice()) as heard, pytest.raises(InputError, match="failed at once"):
        list(heard)


def test_a_capture_names_what_it_hears_for_each_leg():
    with Capture(Choice()) as pair, Capture(Choice(stereo="line")) as both:
        assert pair.names == ("", "")
        pair.devices["caller"] = "a headset"
        assert pair.names == ("", "a headset")
        assert both.names == ("",)


@pytest.mark.parametrize("command", ["devices", "doctor"])
def test_a_sound_system_that_never_answers_is_one_line_and_no_wait(monkeypatch, capsys, command):
    never = threading.Event()
    monkeypatch.setattr(listening, "sound_system", never.wait)
    monkeypatch.setattr(listening, "ANSWER_S", 0.2)
    assert cli.run([command]) == 1
    assert "the sound system does not answer" in capsys.readouterr().out
    never.set()


def test_devices_that_give_nothing_are_not_listened_to_without_end(monkeypatch, capsys):
    class Mute:
        """A capture that says nothing until it is stopped."""

        def __init__(self, _choice):
            self.stopped = threading.Event()
            self.stop = self.stopped.set

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def __iter__(self):
            assert self.stopped.wait(60)
            return iter(())

    monkeypatch.setattr(listening, "Capture", Mute)
    monkeypatch.setattr(listening, "PATIENCE_S", 0.1)
    monkeypatch.setattr(findings, "devices_for", lambda _choice: findings.Finding(True, "two devices"))
    assert cli.run(["doctor", "--seconds", "0.1"]) == 1
    assert "no sound came from the devices" in capsys.readouterr().out


def test_who_is_asked_may_answer_or_fail_as_ever():
    assert answered(lambda: 7, 10.0, "it") == 7

    def refuse():
        raise InputError("busy")

    with pytest.raises(InputError, match="busy"):
        answered(refuse, 10.0, "it")
    with pytest.raises(StageError, match="ZeroDivisionError"):
        answered(lambda: 1 / 0, 10.0, "it")


def test_the_defaults_of_the_doctor_leave_room_within_ten_seconds():
    ending_s = 1.0 + 2.0  # `Capture`: until it sees that it is to end, and until its process is killed
    assert max(devices.METER_S, doctor.SELF_TEST_S) + listening.PATIENCE_S + ending_s <= 10.0
    assert 2.0 + listening.FIRST_S + ending_s < 9.0  # a sound server that stands still from then on
    assert 2.0 + listening.ANSWER_S + ending_s < 9.0
