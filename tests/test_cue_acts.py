"""What the agent asks for is done alike, whoever carries the wish."""

from __future__ import annotations

import pytest

from voicecare.cue.acts import LETTERS, Acts, Offers
from voicecare.cue.viewmodel import Wishes


class Desk:
    """Wishes, and what was asked of the app."""

    def __init__(self, *, erases=True, last_cue=7):
        self.asked, self.now_s, self.last_cue = [], 100.0, last_cue
        self.wishes = Wishes()
        self.acts = Acts(
            self.wishes,
            on_new_call=lambda: self.asked.append("new"),
            on_quit=lambda: self.asked.append("quit"),
            last_cue=lambda: self.last_cue,
            offers=Offers(on_feedback=lambda *said: self.asked.append(said), on_erase=lambda: erases),
            now_s=lambda: self.now_s,
        )


def test_a_snooze_ends_by_itself_or_early():
    desk = Desk()
    desk.acts.snooze(5)
    assert desk.acts.is_snoozed
    desk.now_s += 301
    assert not desk.acts.is_snoozed
    desk.acts.snooze(5)
    desk.acts.cues_on()
    assert desk.wishes.shows_cues(desk.now_s)


def test_a_pause_is_taken_back_by_the_same_wish():
    desk = Desk()
    desk.acts.pause()
    assert not desk.wishes.analyses()
    desk.acts.pause()
    assert desk.wishes.analyses()


def test_after_an_objection_what_was_kept_can_be_erased_once():
    desk = Desk()
    assert not desk.acts.can_erase
    desk.acts.objects()
    assert desk.acts.can_erase
    desk.acts.erase()
    assert desk.wishes.erased
    assert not desk.acts.can_erase


def test_what_could_not_be_erased_is_not_said_to_be_gone():
    desk = Desk(erases=False)
    desk.acts.objects()
    desk.acts.erase()
    assert not desk.wishes.erased
    assert desk.acts.can_erase


def test_the_first_answer_on_a_cue_stands_and_the_next_cue_is_asked_anew():
    desk = Desk()
    desk.acts.answer("helped")
    desk.acts.answer("not_helped")
    assert desk.asked == [(7, "helped")]
    desk.last_cue = 8
    desk.acts.answer("not_helped")
    assert desk.asked[-1] == (8, "not_helped")


def test_without_a_cue_there_is_nothing_to_answer():
    desk = Desk(last_cue=None)
    desk.acts.answer("helped")
    assert desk.asked == []
    assert not desk.acts.can_answer


def test_a_new_call_takes_back_the_objection_alone():
    desk = Desk()
    desk.acts.objects()
    desk.acts.pause()
    desk.acts.new_call()
    assert desk.asked == ["new"]
    assert not desk.wishes.objected
    assert desk.wishes.paused


def test_every_wish_has_a_key_of_its_own():
    assert len(set(LETTERS.values())) == len(LETTERS)


@pytest.mark.parametrize("offers", [Offers(), Offers(on_erase=lambda: True), Offers(on_feedback=lambda *_: None)])
def test_only_what_somebody_carries_out_is_offered(offers):
    acts = Acts(Wishes(), on_new_call=lambda: None, on_quit=lambda: None, offers=offers)
    assert ("erase" in acts.offered) == (offers.on_erase is not None)
    assert ("helped" in acts.offered) == (offers.on_feedback is not None)
