"""Phrases, sentiment and pace: what is read from which party's words."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.backends.phrases import load_phrases
from voicecare.errors import InputError, UsageError
from voicecare.speech.words.language import Language, PhraseBook
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import Heard, Pace, Party, Phrase, Sentiment, Word

BOOK = PhraseBook.from_values(load_phrases())


class Scorer:
    """Calls everything -0.6, and remembers what it was shown."""

    name = "fixed"

    def __init__(self) -> None:
        self.shown: list[str] = []

    def score(self, text: str) -> tuple[float, float]:
        """Score as every scorer does."""
        self.shown.append(text)
        return -0.6, 0.5


def heard(
    text: str, channel: Party = "agent", *, start_s: float = 0.0, wpm: float = 180.0, language: str = "en"
) -> Heard:
    """One utterance, its words evenly spoken at a pace."""
    each = round(60 * RATE_HZ / wpm)
    start = samples(start_s)
    words = tuple(
        Word(word, Span(start + each * i, start + each * (i + 1)), 0.9) for i, word in enumerate(text.split())
    )
    span = Span(max(0, start - 3200), (words[-1].span.end if words else start) + 3200)
    return Heard(channel, span, text, words, language, 0.8, None, final=True, arrived=span.end + 8000)


def kinds(text: str, channel: Party = "agent", language: str = "en") -> set[str]:
    said = heard(text, channel, language=language)
    if language == "zh":
        said = dataclasses.replace(said, words=())
    return {event.kind for event in Language(BOOK, None).push(said) if isinstance(event, Phrase)}


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


def test_a_phrase_says_which_words_made_it_and_when():
    said = heard("Well okay I'm sorry to hear that", start_s=5)
    phrase = next(e for e in Language(BOOK, None).push(said) if isinstance(e, Phrase) and e.kind == "acknowledgement")
    assert phrase.text == "I'm sorry to hear"
    assert phrase.span == Span(said.words[2].span.start, said.words[5].span.end)
    assert phrase.at == said.arrived


def test_the_callers_own_words_said_again_are_a_paraphrase():
    language = Language(BOOK, None)
    language.push(heard("my washing machine leaked water over the kitchen floor", "caller"))
    again = language.push(heard("okay so your washing machine leaked in the kitchen"))
    assert [(event.kind, event.text) for event in again if isinstance(event, Phrase)] == [
        ("paraphrase", "kitchen leaked machine washing")
    ]
    other = language.push(heard("may I have your date of birth and postcode please"))
    assert not [event for event in other if isinstance(event, Phrase)]


@pytest.mark.parametrize(
    "said",
    [
        "the dog is at the door and a kid is sitting there talking",  # the same things, said of nobody
        "there is talking and sitting, is your kid at the door with your dog",  # none of it in the caller's order
        "is your dog well",  # too little
    ],
)
def test_talk_about_the_same_things_is_no_paraphrase(said):
    language = Language(BOOK, None)
    language.push(heard("my dog is at the door barking", "caller"))
    language.push(heard("so the kid was sitting there", "caller"))
    language.push(heard("and somebody was talking", "caller"))
    assert not [e for e in language.push(heard(said)) if isinstance(e, Phrase) and e.kind == "paraphrase"]


def test_the_agents_own_words_said_again_are_no_paraphrase():
    language = Language(BOOK, None)
    language.push(heard("your washing machine leaked water over the kitchen floor"))
    assert not [e for e in language.push(heard("washing machine leaked kitchen")) if isinstance(e, Phrase)]


@given(st.text())
def test_the_agent_never_gets_sentiment_and_no_scorer_sees_the_agents_words(text):
    scorer = Scorer()
    events = Language(BOOK, scorer).push(heard(text, "agent"))
    assert not [event for event in events if isinstance(event, Sentiment)]
    assert scorer.shown == []


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
    ],
)
def test_what_is_not_solved_or_no_trouble_is_not_told(text, kind):
    assert kind not in kinds(text, "caller")


def test_the_caller_gets_sentiment_no_surer_than_the_words():
    said = heard("this is useless", "caller")
    [sentiment] = [event for event in Language(BOOK, Scorer()).push(said) if isinstance(event, Sentiment)]
    assert (sentiment.value, sentiment.label) == (-0.6, "negative")
    assert sentiment.confidence == pytest.approx(0.5 * said.confidence)
    assert sentiment.because[0].at == (said.span.start,)


@given(st.text(), st.integers(0, 10**16))
def test_no_event_repeats_a_number_that_was_said(text, number):
    said = f"{text} i understand how {number} frustrating, your number {number} {number} {number}"
    language = Language(BOOK, Scorer())
    events = [*language.push(heard(said, "caller")), *language.push(heard(said, "agent"))]
    assert any(isinstance(event, Phrase) for event in events)
    for event in events:
        if isinstance(event, Phrase):
            assert not any(map(str.isdigit, event.text))


def test_sentiment_steps_aside_for_a_language_the_scorer_does_not_read():
    assert Language(BOOK, Scorer()).push(heard("das ist nutzlos", "caller", language="de")) == []


def test_unfinished_and_empty_utterances_are_passed_over():
    language = Language(BOOK, Scorer())
    assert language.push(dataclasses.replace(heard("thank you", "caller"), final=False)) == []
    assert language.push(heard("", "caller")) == []


LONG = "I understand how frustrating that is and I will look at what happened there for you right now"


def parts(said: Heard, *counts: int) -> list[Heard]:
    """What is agreed of an utterance after so many words each."""
    return [
        dataclasses.replace(
            said, words=said.words[:n], text=" ".join(w.text for w in said.words[:n]), final=False, arrived=n
        )
        for n in counts
    ]


def test_an_acknowledgement_of_the_agent_is_told_while_the_agent_goes_on_and_once():
    language, said = Language(BOOK, None), heard(LONG)
    early = [language.push(part) for part in parts(said, 4, 6, 8, 12)]
    assert [[(e.kind, e.at) for e in events if isinstance(e, Phrase)] for events in early] == [
        [],
        [("acknowledgement", 6)],
        [],
        [],
    ]
    assert "acknowledgement" not in {e.kind for e in language.push(said) if isinstance(e, Phrase)}
    again = language.push(heard(LONG, start_s=30))
    assert [e.kind for e in again if isinstance(e, Phrase)].count("acknowledgement") == 1


@given(
    st.lists(
        st.sampled_from(["I understand your frustration", "that must be hard", "let me see", "the order", "sorry"])
    ),
    st.lists(st.integers(0, 40), max_size=4),
)
def test_told_early_or_late_no_acknowledgement_is_told_twice_or_lost(said, counts):
    whole = heard(" and ".join(["well", *said, "that is all for you now"]))

    def acknowledged(hearings):
        language = Language(BOOK, None)
        return [
            (event.span, event.kind)
            for hearing in hearings
            for event in language.push(hearing)
            if isinstance(event, Phrase) and event.kind == "acknowledgement"
        ]

    assert sorted(acknowledged([*parts(whole, *sorted(counts)), whole])) == sorted(acknowledged([whole]))


def test_what_may_still_be_taken_back_is_not_told_early():
    language, said = Language(BOOK, None), heard("I completely understand the policy says so but it is what it is")
    assert not [event for part in parts(said, 3, 4, 6, 9) for event in language.push(part)]


def test_of_the_caller_nothing_is_told_early():
    said = heard("thank you so much I understand how frustrating that is for you", "caller")
    assert not [event for part in parts(said, 6, 12) for event in Language(BOOK, Scorer()).push(part)]


def test_hidden_words_are_not_read_counted_or_said_again():
    scorer = Scorer()
    language = Language(BOOK, scorer)
    said = "my [card] was refused [card] twice by the [card] machine"
    events = [event for i in range(4) for event in language.push(heard(said, "caller", start_s=20 * i))]
    assert scorer.shown == ["my was refused twice by the machine"] * 4
    assert not [event for event in events if isinstance(event, Pace)]
    again = language.push(heard("your [card] was refused twice at the [card] machine"))
    assert [e.text for e in again if isinstance(e, Phrase) and e.kind == "paraphrase"] == ["machine refused twice"]
    assert Language(BOOK, Scorer()).push(heard("[card] [number]", "caller")) == []


def test_pace_is_told_from_the_third_utterance_on_against_the_partys_own_median():
    language = Language(BOOK, None)
    text = "the quick brown fox jumps over the lazy dog"
    paces = [
        [e for e in language.push(heard(text, "agent", start_s=10 * i, wpm=wpm)) if isinstance(e, Pace)]
        for i, wpm in enumerate([150, 150, 150, 300])
    ]
    assert [len(found) for found in paces] == [0, 0, 1, 1]
    assert paces[2][0].pace_wpm == pytest.approx(150, rel=0.01)
    assert paces[2][0].relative == pytest.approx(1.0, rel=0.01)
    assert paces[3][0].pace_wpm == pytest.approx(3 * 9 / (2 * 9 / 150 + 9 / 300), rel=0.01)
    assert paces[3][0].relative == pytest.approx(paces[3][0].pace_wpm / 150, rel=0.01)


def test_the_parties_paces_are_their_own():
    language = Language(BOOK, None)
    for i in range(5):
        language.push(heard("one two three four five", "caller", start_s=10 * i, wpm=300))
    agents = language.push(heard("one two three four five", "agent", start_s=60, wpm=100))
    assert not [event for event in agents if isinstance(event, Pace)]


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
