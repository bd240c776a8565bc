"""What real recordings must give, whatever form they come in."""

from __future__ import annotations

import json

import pytest

from voicecare.commands.cli import run

pytestmark = pytest.mark.data
FOLDER = "calls/auto-repairs"
ULAW, ALAW = "Auto_Repairs_40.L-caller.R-agent.ulaw.8k.wav", "Auto_Repairs_40.L-agent.R-caller.alaw.8k.wav"


@pytest.fixture(scope="module")
def calm_call(data_dir, tmp_path_factory):
    """The calm insurance call in its three forms, replayed without words; events by form."""
    folder, out = data_dir / FOLDER, tmp_path_factory.mktemp("calm")
    forms = {
        "ulaw": [str(folder / ULAW)],
        "alaw": [str(folder / ALAW), "--agent-channel", "left"],
        "two files": [
            *("--agent", str(folder / "Auto_Repairs_40_UTC_agent.wav")),
            *("--caller", str(folder / "Auto_Repairs_40_UTC_caller.wav")),
        ],
    }
    events = {}
    for name, arguments in forms.items():
        file = out / f"{name}.json"
        assert run(["replay", *arguments, "--no-words", "--json", str(file)]) == 0
        events[name] = json.loads(file.read_text())["events"]
    return events


def turns(events):
    return [e for e in events if e["type"] == "turn"]


def test_a_calm_call_has_no_interruption_no_talk_over_and_no_cue_for_them_in_any_form(calm_call):
    for events in calm_call.values():
        assert not [e for e in turns(events) if e["kind"] in ("interruption", "talk_over")]
        assert not [e for e in events if e["type"] == "cue" and "slow_down" in e["kind"]]


@pytest.mark.parametrize("form", ["alaw", "two files"])
def test_every_form_of_a_call_gives_the_same_turns_within_60_ms(calm_call, form):
    reference, same = turns(calm_call["ulaw"]), turns(calm_call[form])
    assert len(reference) > 10
    assert [(e["kind"], e["by"]) for e in same] == [(e["kind"], e["by"]) for e in reference]
    for a, b in zip(reference, same, strict=True):
        assert abs(a["start_s"] - b["start_s"]) <= 0.06
        assert abs(a["end_s"] - b["end_s"]) <= 0.06


def test_one_leg_is_heard_as_well_as_the_other(calm_call, data_dir):
    consensus = json.loads((data_dir / FOLDER / "Auto_Repairs_40.consensus.json").read_text())["channels"]
    for party in ("caller", "agent"):
        heard = [
            (e["start_s"], e["end_s"]) for e in calm_call["ulaw"] if e["type"] == "segment" and e["channel"] == party
        ]
        sure = sum(b - a for a, b in consensus[party]["sure"])
        found = sum(max(0.0, min(b, d) - max(a, c)) for a, b in consensus[party]["sure"] for c, d in heard)
        invented = sum(b - a for a, b in heard) - sum(
            max(0.0, min(b, d) - max(a, c)) for a, b in consensus[party]["possible"] for c, d in heard
        )
        assert found / sure > 0.95
        assert invented / sure < 0.05


@pytest.mark.parametrize("name", ["identical-channels.mp3", "eight-bit-mono.8k.wav", "mono-two-party.16k.wav"])
def test_recordings_without_two_parties_on_two_channels_are_refused(data_dir, capsys, name):
    assert run(["replay", str(data_dir / "calls" / "edge" / name), "--no-words"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "--agent" in said


@pytest.mark.soak
def test_what_is_said_is_heard(data_dir, tmp_path):
    file = tmp_path / "words.json"
    assert run(["replay", str(data_dir / FOLDER / ULAW), "--json", str(file)]) == 0
    document = json.loads(file.read_text())
    text = " ".join(e["text"] for e in document["events"] if e["type"] == "heard").lower()
    assert (
        sum(word in text for word in ("dealership", "mechanics", "appointment", "rental", "thank you", "two days")) >= 4
    )
    assert not [e for e in document["events"] if e["type"] == "cue" and "slow_down" in e["kind"]]
