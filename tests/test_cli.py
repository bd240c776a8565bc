"""The command as a user meets it: one clear line for every mistake, nothing half-written, honest exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicecare.commands.cli import run
from voicecare.growing import Growing

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "voicecare" / "demo" / "call.flac"


def voicecare(*arguments, cwd=ROOT, encoding="utf-8"):
    command = [sys.executable, "-m", "voicecare", *map(str, arguments)]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run(
        command, capture_output=True, encoding=encoding, errors="replace", cwd=cwd, check=False, env=environment
    )


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    """The first twenty seconds of the call that ships, as WAV."""
    path = tmp_path_factory.mktemp("call") / "call.wav"
    audio, rate_hz = soundfile.read(DEMO, dtype="float32", frames=8000 * 20)
    soundfile.write(path, audio, rate_hz)
    return path


def bad_inputs(folder):
    """Everything that is no two-party recording, by name."""
    rng = np.random.default_rng(1)
    stereo = rng.normal(0, 0.05, (16_000, 2)).astype(np.float32)
    (folder / "empty.wav").write_bytes(b"")
    (folder / "text.wav").write_text("this is not a recording\n" * 50)
    (folder / "random.wav").write_bytes(rng.bytes(20_000))
    soundfile.write(folder / "header.wav", stereo[:0], 16_000)
    soundfile.write(folder / "mono.wav", stereo[:, 0], 16_000)
    soundfile.write(folder / "three.wav", np.hstack([stereo, stereo[:, :1]]), 16_000)
    one, rate_hz = soundfile.read(DEMO, dtype="float32", frames=8000 * 20)
    soundfile.write(folder / "identical.wav", one[:, :1] + one[:, 1:] + np.zeros((1, 2)), rate_hz)
    (folder / "folder.wav").mkdir()
    return ["empty", "text", "random", "header", "mono", "three", "identical", "folder", "missing"]


BAD = ["empty", "text", "random", "header", "mono", "three", "identical", "folder", "missing"]


@pytest.fixture(scope="module")
def bad_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad")
    assert bad_inputs(folder) == BAD
    return folder


@pytest.mark.parametrize("name", BAD)
def test_a_bad_recording_gives_one_line_exit_2_and_leaves_nothing(bad_folder, tmp_path, capsys, name):
    results = [tmp_path / f"x.{kind}" for kind in ("json", "html", "jsonl")]
    options = ["--json", str(results[0]), "--html", str(results[1]), "--session", str(results[2]), "--no-words"]
    assert run(["replay", str(bad_folder / f"{name}.wav"), *options]) == 2
    said = capsys.readouterr().err
    assert said.startswith("voicecare: ")
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["replay"], "no recording given"),
        (["replay", "a.wav", "--jsn", "x"], "--jsn"),
        (["replay", "a.wav", "--vad", "magic"], "both, silero, webrtc"),
        (["replay", "a.wav", "--agent-channel", "middle"], "left, right"),
        (["replay", "a.wav", "--sensitivity", "extreme"], "low, normal, high"),
        (["replay", "--agent", "a.wav"], "go together"),
        (["replay", "a.wav", "--agent", "b.wav", "--caller", "c.wav"], "not both"),
        (["replay", "a.wav", "--with-audio"], "--html"),
        (["replay", "a.wav", "--raw", "magic:8000:2"], "choose ulaw, alaw"),
        (["replay", "a.wav", "--raw", "ulaw"], "CODING:RATE:CHANNELS"),
        (["replay", "a.wav", "--raw", "ulaw:8000:3"], "1 or 2 channels"),
        (["replay", "a.wav", "--raw", "ulaw:1:1"], "4000 to 384000"),
        (["replay", "a.wav", "--offset", "3"], "goes with --agent FILE and --caller FILE"),
        (["replay", "--agent", "a.wav", "--caller", "b.wav", "--offset", "nan"], "must be from -3600 to 3600"),
        (["replay", "-", "-"], "give it once"),
        (["replay", "a.wav", "--json", "x" * 260], "at most 255 are allowed"),
        (["replay", "a.wav", "--model", "no-such-model"], "no-such-model"),
        (["replay", "a.wav", "--config", "missing.toml"], "missing.toml"),
        (["replay", "a.wav", "--cue-language", "tlh"], "tlh"),
        (["replay", "a.wav", "b.wav", "--json", "x.json"], "folder"),
        (["report", "missing.jsonl", "--json", "x.json"], "missing.jsonl"),
        (["report", "missing.jsonl"], "--json"),
        (["report", "missing.jsonl", "--vendor", "acme"], "choose aws, verint, voci, kore, genesys"),
        (["live", "--keep", "all"], "choose counts, events, text, audio"),
        (["live", "--seconds", "-1"], "must be more than 0"),
        (["live", "--seconds", "nan"], "must be more than 0"),
        (["live", "--days", "-1"], "--days -1: must be more than 0"),
        (["live", "--days", "nan"], "must be more than 0"),
        (["live", "--session", "none/x.jsonl"], "there is no folder none"),
        (["live", "--stereo", "x", "--agent", "y"], "leave out --agent and --caller"),
        (["elephant"], "elephant"),
    ],
)
def test_a_wrong_option_is_named_with_what_is_allowed(capsys, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    said = capsys.readouterr().err
    assert expected in said
    assert said.count("\n") == 1


def test_results_that_cannot_be_written_are_said_before_any_work(call, tmp_path, capsys):
    for option in ("--json", "--html", "--session", "--csv"):
        assert run(["replay", str(call), option, str(tmp_path / "none" / "x")]) == 2
        assert "no folder" in capsys.readouterr().err
    assert run(["replay", str(call), "--json", str(call)]) == 2
    assert "the recording itself" in capsys.readouterr().err


FULL = """
import resource, sys
from voicecare.commands.cli import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(run(sys.argv[2:]))
"""


def with_room_for(size, *arguments, compiled=None):
    """Run a command that can write no file beyond `size` bytes, as on a full disk.

    compiled: where librosa's compiled code is kept, if not in its usual place.
    """
    command = [sys.executable, "-c", FULL, str(size), *map(str, arguments)]
    environment = os.environ if compiled is None else {**os.environ, "NUMBA_CACHE_DIR": str(compiled)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX limits the size of files")
def test_a_full_disk_is_said_in_one_line_and_leaves_what_was_there(call, tmp_path):
    for earlier in ((), ("x.jsonl", "x.html")):
        for name in earlier:
            (tmp_path / name).write_text("earlier")
        results = ["--session", tmp_path / "x.jsonl", "--html", tmp_path / "x.html", "--no-words"]
        for size in (1_000, 20_000):  # the session is cut off; the page alone is, which is larger
            done = with_room_for(size, "replay", call, *results)
            assert done.returncode == 2
            assert "too large" in done.stderr
            assert done.stderr.count("\n") == 1
            assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(earlier, "earlier")


@pytest.mark.skipif(os.name != "posix", reason="only POSIX limits the size of files")
def test_a_full_disk_is_said_so_too_by_the_first_page_ever_drawn_whose_drawing_is_compiled_and_kept(
    call, tmp_path, tmp_path_factory
):
    never_drawn = tmp_path_factory.mktemp("compiled")
    done = with_room_for(20_000, "replay", call, "--html", tmp_path / "x.html", "--no-words", compiled=never_drawn)
    assert done.returncode == 2
    assert done.stderr == "voicecare: cannot draw the page's pictures: File too large; free some space\n"
    assert not list(tmp_path.iterdir())


def test_a_recording_cut_short_is_analysed_as_far_as_it_goes_and_exit_1_says_so(call, tmp_path, capsys):
    cut = tmp_path / "cut.wav"
    cut.write_bytes(call.read_bytes()[:250_000])
    page = tmp_path / "x.html"
    assert run(["replay", str(cut), "--no-words", "--json", str(tmp_path / "x.json"), "--html", str(page)]) == 1
    document = json.loads((tmp_path / "x.json").read_text())
    assert not document["call"]["complete"]
    assert [e for e in document["events"] if e["type"] == "segment"]
    assert [e for e in document["events"] if e["type"] == "health" and e["kind"] == "truncated"]
    assert "cut short" in page.read_text().lower()
    assert "was cut short: the last" in capsys.readouterr().out


def test_json_on_standard_output_is_json_and_nothing_else(call):
    done = voicecare("replay", call, "--no-words", "--json", "-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["call"]["duration_s"] == pytest.approx(20.0, abs=0.05)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_that_lacks_letters_shows_others_and_json_loses_none(tmp_path, encoding):
    """Windows gives a file or a pipe its old code page, which has no bars and no Chinese."""
    shutil.copy(DEMO, tmp_path / "電話.flac")
    done = voicecare("replay", "電話.flac", "--no-words", "--json", "-", cwd=tmp_path, encoding=encoding)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert json.loads(done.stdout)["call"]["sources"] == ["電話.flac"]
    assert voicecare("live", "--notice", "--cue-language", "zh-Hant", encoding=encoding).returncode == 0


def test_calls_of_one_name_do_not_overwrite_each_others_results(call, tmp_path, capsys):
    for folder in ("monday", "tuesday", "results"):
        (tmp_path / folder).mkdir()
    both = [str(shutil.copy(call, tmp_path / folder)) for folder in ("monday", "tuesday")]
    assert run(["replay", *both, "--no-words", "--json", str(tmp_path / "results")]) == 0
    assert sorted(p.name for p in (tmp_path / "results").iterdir()) == ["monday-call.wav.json", "tuesday-call.wav.json"]
    assert run(["replay", both[0], "--json", str(tmp_path / "x"), "--html", str(tmp_path / "x")]) == 2
    assert "cannot write two results to" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_recording_of_a_long_name_ends_no_batch(call, tmp_path):
    long = shutil.copy(call, tmp_path / ("長" * 82 + ".wav"))  # 250 bytes; with .json more than a name may have
    (tmp_path / "results").mkdir()
    assert run(["replay", str(long), str(call), "--no-words", "--json", str(tmp_path / "results")]) == 0
    assert len(list((tmp_path / "results").iterdir())) == 2


def test_a_second_run_is_told_that_the_first_writes_the_session(call, tmp_path, capsys):
    """Two replays into one session once both said that all is well, and the file could not be read."""
    for earlier in (False, True):
        if earlier:
            shutil.copy(tmp_path / "s", tmp_path / "kept")
        first = Growing(tmp_path / "s")
        assert run(["replay", str(call), "--no-words", "--session", str(tmp_path / "s")]) == 2
        assert "another run is writing it" in capsys.readouterr().err
        first.discard()
        assert (tmp_path / "s").exists() == earlier
        assert run(["replay", str(call), "--no-words", "--session", str(tmp_path / "s")]) == 0
    assert (tmp_path / "s").read_bytes() == (tmp_path / "kept").read_bytes()


@pytest.mark.parametrize("option", ["--json", "--html", "--csv"])
def test_any_result_goes_to_standard_output_alone(call, option, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["replay", str(call), "--no-words", option, "-"]) == 0
    said = capsys.readouterr()
    assert said.out.lstrip().startswith({"--json": "{", "--html": "<!doctype html>", "--csv": "call,"}[option])
    assert "call.wav" in said.err
    assert list(tmp_path.iterdir()) == []


def test_two_results_cannot_both_go_to_standard_output(call, capsys):
    assert run(["replay", str(call), "--json", "-", "--html", "-"]) == 2
    assert "only one result" in capsys.readouterr().err
    assert run(["replay", str(call), "--session", "-"]) == 2
    assert "--session - must be a file" in capsys.readouterr().err


def test_sound_that_nobody_could_silence_is_embedded_only_where_it_is_asked_for_by_name(call, tmp_path, capsys):
    page = tmp_path / "x.html"
    assert run(["replay", str(call), "--no-words", "--html", str(page), "--with-audio"]) == 2
    assert "--unmuted-audio" in capsys.readouterr().err
    assert not page.exists()
    assert run(["replay", str(call), "--no-words", "--html", str(page), "--unmuted-audio"]) == 0
    assert "data:audio/webm;base64," in page.read_text()


def test_a_recording_comes_by_standard_input(call, tmp_path):
    command = [sys.executable, "-m", "voicecare", "replay", "-", "--no-words", "--json", "-"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with call.open("rb") as file:
        done = subprocess.run(command, stdin=file, capture_output=True, text=True, check=True, env=environment)
    said = json.loads(done.stdout)
    assert said["call"]["sources"] == ["standard-input"]
    assert said["call"]["duration_s"] == pytest.approx(20.0, abs=0.05)
    assert list(tmp_path.glob("voicecare*")) == []


def test_what_a_killed_run_kept_of_standard_input_goes_with_the_next_run(call, tmp_path):
    left = tmp_path / "voicecare-input-dead"
    left.mkdir()
    (left / "standard-input").write_bytes(b"somebody's call")
    command = [sys.executable, "-m", "voicecare", "replay", "-", "--no-words"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with call.open("rb") as file:
        subprocess.run(command, stdin=file, capture_output=True, check=True, env=environment)
    assert list(tmp_path.glob("voicecare*")) == []


def test_each_recording_of_a_batch_has_its_agent_where_it_is_said_to_be(call, tmp_path, capsys):
    audio, rate_hz = soundfile.read(call, dtype="float32")
    soundfile.write(tmp_path / "out-1.wav", audio[:, ::-1], rate_hz)
    files = [str(call), str(tmp_path / "out-1.wav")]
    (tmp_path / "o").mkdir()
    assert run(["replay", *files, "--agent-left", "out-*", "--no-words", "--json", str(tmp_path / "o")]) == 0
    one, other = (json.loads((tmp_path / "o" / f"{name}.wav.json").read_text()) for name in ("call", "out-1"))
    assert (one["call"]["agent_channel"], other["call"]["agent_channel"]) == ("right", "left")
    assert one["events"] == other["events"]
    assert run(["replay", *files, "--agent-left", "in-*"]) == 2
    assert "none of the recordings" in capsys.readouterr().err


def test_samples_without_a_header_are_read_as_said_and_never_guessed(call, tmp_path, capsys):
    audio, rate_hz = soundfile.read(call, dtype="float32")
    bare = tmp_path / "call.ul"
    soundfile.write(bare, audio, rate_hz, format="RAW", subtype="ULAW")
    assert run(["replay", str(bare), "--no-words"]) == 2
    assert "--raw ulaw:8000:2" in capsys.readouterr().err
    told = tmp_path / "x.json"
    assert run(["replay", str(bare), "--raw", "ulaw:8000:2", "--no-words", "--json", str(told)]) == 0
    assert json.loads(told.read_text())["call"]["duration_s"] == pytest.approx(20.0, abs=0.05)
    assert run(["replay", str(call), "--raw", "ulaw:8000:2", "--no-words"]) == 2
    assert "leave out --raw" in capsys.readouterr().err


def test_names_cannot_play_with_the_terminal(call, tmp_path, capsys):
    tricky = shutil.copy(call, tmp_path / "a\x1b[31m\u202ewav.wav")
    assert run(["replay", str(tricky), "--no-words"]) == 0
    said = capsys.readouterr().out
    assert "\x1b[31m" not in said
    assert "\u202e" not in said


def test_the_list_of_commands_says_what_each_says_of_itself():
    from importlib import import_module

    from voicecare.commands import cli

    for name, said in cli.COMMANDS.items():
        command = getattr(import_module(f"voicecare.commands.{name}"), name)
        group = name in ("models", "care")
        says = command.registered_callback.callback.__doc__ if group else command.__doc__
        assert says == said


def test_several_calls_go_into_folders_and_one_bad_one_gives_exit_1(call, bad_folder, tmp_path, capsys):
    assert run(["replay", str(call), str(bad_folder / "mono.wav"), "--no-words", "--json", str(tmp_path)]) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["call.wav.json"]
    assert "mono" in capsys.readouterr().err


def test_two_mono_files_give_the_same_turns_as_the_two_channel_file(call, tmp_path):
    audio, rate_hz = soundfile.read(call, dtype="float32")
    soundfile.write(tmp_path / "caller.wav", audio[:, 0], rate_hz)
    soundfile.write(tmp_path / "agent.wav", audio[: rate_hz * 19, 1], rate_hz)
    pair = ["--agent", str(tmp_path / "agent.wav"), "--caller", str(tmp_path / "caller.wav")]
    assert run(["replay", *pair, "--no-words", "--json", str(tmp_path / "pair.json")]) == 0
    assert run(["replay", str(call), "--no-words", "--json", str(tmp_path / "both.json")]) == 0
    one, two = (json.loads((tmp_path / f"{n}.json").read_text())["events"] for n in ("pair", "both"))
    assert [e for e in two if e["type"] == "turn"]
    assert [e for e in one if e["type"] == "turn"] == [e for e in two if e["type"] == "turn"]


def test_a_session_gives_the_same_document_as_the_replay_that_wrote_it(call, tmp_path):
    replayed, reported = tmp_path / "a.json", tmp_path / "b.json"
    assert run(["replay", str(call), "--no-words", "--session", str(tmp_path / "s"), "--json", str(replayed)]) == 0
    assert run(["report", str(tmp_path / "s"), "--json", str(reported), "--csv", str(tmp_path / "c.csv")]) == 0
    assert replayed.read_text() == reported.read_text()
    assert len((tmp_path / "c.csv").read_text().splitlines()) == 2


def test_a_killed_replay_leaves_a_readable_session(tmp_path):
    long = tmp_path / "long.wav"
    audio = np.tile(soundfile.read(DEMO, dtype="float32")[0], (40, 1))
    soundfile.write(long, audio, 8000)
    command = [
        sys.executable,
        "-m",
        "voicecare",
        "replay",
        long,
        "--no-words",
        "--session",
        tmp_path / "s",
    ]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and (
            not (tmp_path / "s").exists() or (tmp_path / "s").stat().st_size < 20_000
        ):
            time.sleep(0.05)
        process.kill()
    assert run(["report", str(tmp_path / "s"), "--json", str(tmp_path / "x.json")]) == 0
    assert not json.loads((tmp_path / "x.json").read_text())["call"]["complete"]


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from voicecare.commands.cli import run; run(['--help']);"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'librosa', 'onnxruntime', 'rich', 'av', "
        "'faster_whisper', 'PySide6', 'sounddevice', 'jinja2', 'scipy'}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_settings_print_as_a_file_that_reads_back(tmp_path, capsys):
    assert run(["config"]) == 0
    (tmp_path / "v.toml").write_text(capsys.readouterr().out)
    assert run(["config", str(tmp_path / "v.toml")]) == 0


def test_an_unknown_setting_names_the_nearest(tmp_path, capsys):
    (tmp_path / "v.toml").write_text("[cues]\nmin_gap = 3\n")
    assert run(["config", str(tmp_path / "v.toml")]) == 2
    assert "min_gap_s" in capsys.readouterr().err


def test_privacy_says_that_the_agents_feelings_are_never_computed(capsys):
    assert run(["privacy"]) == 0
    said = capsys.readouterr().out
    assert "never keyed to a person" in " ".join(said.split())
    assert "no estimate of the agent's arousal" in said


@pytest.mark.parametrize(("language", "expected"), [("en", "Software on my computer"), ("zh-Hant", "我的電腦")])
def test_what_the_caller_should_be_told_is_printed_without_hearing_anybody(capsys, language, expected):
    assert run(["live", "--notice", "--cue-language", language]) == 0
    assert expected in capsys.readouterr().out


def test_a_kept_call_is_erased_by_its_name(capsys, tmp_path):
    for suffix in (".counts.json", ".jsonl", ".wav"):
        (tmp_path / f"2026-03-01_09-30-00{suffix}").write_text("")
    assert run(["erase", "2026-03-01_09-30-00", "--folder", str(tmp_path)]) == 0
    assert list(tmp_path.iterdir()) == []
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert run(["erase", "2026-03-01_09-30-00", "--folder", str(tmp_path)]) == 2
    assert "none is kept" in capsys.readouterr().err
