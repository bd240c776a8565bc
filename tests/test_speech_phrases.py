"""Phrases that count, in every language that has a list, and what only looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import BOOK, heard, kinds

from voicecare.backends.phrases import load_phrases
from voicecare.errors import InputError, UsageError
from voicecare.speech.words.language import Language, PhraseBook
from voicecare.types import Pace, Phrase


@pytest.mark.parametrize(
    "text",
    [
        "I understand how frustrating that is.",
        "I can completely understand how frustrating this must be",
        "I understand your frustration",
        "I understand why you're upset",
        "i totally get why you are annoyed",
        "Let me make sure I've got this right.",
        "let me just make sure I have understood everything",
        "I'm sorry to hear that.",
        "I'm really sorry that happened to you",
        "I'm so sorry you've had to wait",
        "Sorry about the wait",
        "That must be so frustrating.",
        "that must have been very stressful for you",
        "Oh, that sounds awful.",
        "You're right.",
        "you're absolutely right",
        "You have every right to be angry",
        "I hear you.",
        "I hear what you're saying",
        "I see what you mean",
        "I completely understand.",
        "I understand.",
        "I can imagine how stressful this is",
        "I'd be upset too",
        "that shouldn't have happened",
        "That's not okay.",
        "That makes sense.",
        "I appreciate your patience",
        "Thank you for your patience.",
        "thanks for letting us know about that",
        "That's a fair point",
        "that's completely understandable",
    ],
)
def test_acknowledgement_is_recognised(text):
    assert "acknowledgement" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "I understand the policy.",
        "I don't understand how frustrating that is",
        "I do not understand.",
        "I can't hear you",
        "I hear you loud and clear",
        "You're not right about that",
        "Do you understand?",
        "I can see your order here.",
        "I can see that you have two accounts",
        "I see that the order was shipped",
        "I'll get it sorted",
        "let me get that for you",
        "It must be plugged in",
        "that's not frustrating at all",
        "Make sure the cable is plugged in",
        "the right cable is the blue one",
        "Sorry, could you repeat that?",
        "Sorry, what was the number?",
        "I need your account number please",
        "Can I have your name?",
    ],
)
def test_other_words_are_not_taken_for_acknowledgement(text):
    assert "acknowledgement" not in kinds(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("So just to confirm, you want a refund?", "paraphrase"),
        ("What you're saying is that it never arrived", "paraphrase"),
        ("If I understood you correctly it broke on Monday", "paraphrase"),
        ("Thank you very much.", "thanks"),
        ("We're sorry about that.", "apology"),
        ("I do apologise for the delay", "apology"),
        ("I'd be happy to help you with that", "positive"),
        ("I can fix that for you", "positive"),
        ("Unfortunately we're closed.", "negative"),
        ("You'll have to call another number", "negative"),
        ("There's nothing I can do", "negative"),
        ("please calm down", "negative"),
    ],
)
def test_the_agents_other_phrases_are_recognised(text, kind):
    assert kind in kinds(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("You don't have to call again", "negative"),
        ("no thank you", "thanks"),
        ("thanks for nothing", "thanks"),
        ("sorry, what did you say", "apology"),
        ("absolutely not", "positive"),
    ],
)
def test_a_phrase_that_is_taken_back_does_not_count(text, kind):
    assert kind not in kinds(text)


@pytest.mark.parametrize(
    "text", ["Thank you so much.", "That's a relief", "you've been very helpful", "I really appreciate it"]
)
def test_the_callers_thanks_and_relief_are_gratitude(text):
    assert kinds(text, "caller") == {"gratitude"}


@pytest.mark.parametrize("text", ["Thanks for nothing.", "no, thanks", "I'd like a refund"])
def test_a_callers_refusal_is_no_gratitude(text):
    assert "gratitude" not in kinds(text, "caller")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我非常理解您的心情", "acknowledgement"),
        ("真的很抱歉讓您久等了", "acknowledgement"),
        ("对不起，没有办法", "apology"),
        ("對不起，沒有辦法。", "negative"),
        ("您的意思是想要退款嗎？", "paraphrase"),
        ("谢谢您", "thanks"),
    ],
)
def test_chinese_is_read_in_traditional_and_simplified_characters(text, kind):
    assert kind in kinds(text, language="zh")


def test_a_language_without_a_list_gives_no_phrase():
    assert kinds("thank you", language="fi") == set()


@pytest.mark.parametrize(
    ("text", "party", "kind"),
    [
        ("Oh, it's working now.", "caller", "solved"),
        ("That did the trick!", "caller", "solved"),
        ("The problem is solved.", "caller", "solved"),
        ("I have refunded that for you.", "agent", "solved"),
        ("You're all set.", "agent", "solved"),
        ("You too. Bye-bye.", "caller", "farewell"),
        ("Have a great day.", "caller", "farewell"),
        ("Oh wonderful, another hour on hold.", "caller", "trouble"),
        ("This is the third time I call.", "caller", "trouble"),
        ("Nobody ever picks up.", "caller", "trouble"),
        ("I'm scared somebody is in my account.", "caller", "trouble"),
        ("I don't know what to do.", "caller", "trouble"),
        ("You don't even know my name.", "caller", "trouble"),
        ("I have been waiting for an hour.", "caller", "trouble"),
        ("How dare you.", "caller", "trouble"),
        ("This is a joke.", "caller", "trouble"),
        ("可以了，謝謝", "caller", "solved"),
        ("等了兩個小時", "caller", "trouble"),
    ],
)
def test_what_happened_and_what_troubles_the_caller_are_told(text, party, kind):
    assert kind in kinds(text, party, "en" if text.isascii() else "zh")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It isn't working.", "solved"),
        ("Nothing worked.", "solved"),
        ("I hope it works.", "solved"),
        ("Does that work for you?", "solved"),
        ("No problem.", "trouble"),
        ("Thank you for waiting.", "trouble"),
        ("I bought it in March.", "trouble"),
        ("I didn't know that, thank you.", "trouble"),
        ("Can you help me with my bill?", "trouble"),
        ("How do you spell that?", "trouble"),
        ("Please tell her.", "trouble"),
        ("What a shame!", "trouble"),
    ],
)
def test_what_is_not_solved_or_no_trouble_is_not_told(text, kind):
    assert kind not in kinds(text, "caller")


@pytest.mark.parametrize(
    "text",
    [
        "mm-hmm",
        "Mhm.",
        "Uh-huh.",
        "uh huh",
        "Right.",
        "Okay.",
        "OK",
        "I see",
        "yeah yeah",
        "Yeah, okay.",
        "Of course.",
        "all right",
        "Mmhmm",
        "Oh, I see.",
        "gotcha",
        "Sure.",
    ],
)
def test_backchannels_are_made_only_of_acknowledgement_words(text):
    assert BOOK.only_acknowledgement(text)


@pytest.mark.parametrize(
    "text", ["", "...", "no", "I", "you know", "I see the problem", "okay so", "right here", "yes but"]
)
def test_other_words_are_no_backchannel(text):
    assert not BOOK.only_acknowledgement(text)


@pytest.mark.parametrize(("text", "only"), [("嗯嗯", True), ("對，沒錯", True), ("我", False), ("我要退款", False)])
def test_chinese_backchannels(text, only):
    assert BOOK.only_acknowledgement(text, "zh-Hant") is only


@given(st.text(), st.sampled_from(["en", "zh", "de"]))
def test_any_text_can_be_read(text, language):
    for channel in ("agent", "caller"):
        for event in Language(BOOK, None).push(heard(text, channel, language=language)):
            assert isinstance(event, (Phrase, Pace))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "language is missing"),
        ({"language": "en", "phrase": {}}, "did you mean 'phrases'"),
        ({"language": "en", "phrases": {"thank": ["x"]}}, "'thank' is no kind of phrase; allowed: acknowledgement"),
        ({"language": "en", "phrases": {"thanks": "thank you"}}, "must be a list of texts"),
        ({"language": "en", "phrases": {"thanks": ["{very} kind"]}}, "no group is called 'very'"),
        ({"language": "en", "groups": []}, "groups must be a section"),
    ],
)
def test_a_mistake_in_a_phrase_file_is_named(values, message):
    with pytest.raises(UsageError, match=rf"^mine\.toml: .*{message}"):
        PhraseBook.from_values({"mine.toml": values})


def test_a_folder_without_lists_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="no phrase lists"):
        load_phrases(tmp_path)


def test_a_phrase_file_that_is_not_toml_is_named(tmp_path: Path):
    (tmp_path / "en.toml").write_text("language = ", encoding="utf-8")
    with pytest.raises(InputError, match=r"en\.toml is not valid TOML"):
        load_phrases(tmp_path)
