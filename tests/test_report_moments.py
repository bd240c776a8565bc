"""The list of moments: where it rang and where one party waited stand in it."""

from __future__ import annotations

import dataclasses

import report_samples as calls
from test_report_document import validator

from voicecare.catalogue.catalogue import Catalogue
from voicecare.report.document import document
from voicecare.report.moments import moments
from voicecare.types import CallPhase

PHASES = (
    CallPhase(calls.at(1), "ringing", "sound"),
    CallPhase(calls.at(4), "talk", "sound"),
    CallPhase(calls.at(20), "hold", "softphone"),
    CallPhase(calls.at(30.4), "talk", "softphone"),
)


def with_phases(*phases):
    session = calls.calm()
    return document(dataclasses.replace(session, events=(*phases, *session.events)))


def test_rings_and_holds_are_moments_until_the_next_phase():
    told = with_phases(*PHASES)
    validator().validate(told)
    texts = [(row.start_s, row.end_s, row.text) for row in moments(told, Catalogue.load()) if row.kind == "silence"]
    assert (1.0, 4.0, "The telephone rang for 3 s") in texts
    assert (20.0, 30.4, "On hold for 10 s: what is heard there is not the caller") in texts


def test_a_hold_that_nothing_ends_lasts_to_the_end_of_the_call():
    told = with_phases(CallPhase(calls.at(40), "hold", "sound"))
    (hold,) = [row for row in moments(told, Catalogue.load()) if row.text.startswith("On hold")]
    assert hold.end_s == told["call"]["duration_s"]
