"""Scorecards in the shape of Amazon Connect's evaluation forms: read, and refused where they make no sense.

A form has sections (two levels at most) of questions: text, a number, one answer or several of a list. Both its source
and its answers are plain JSON, so that forms travel. A form that asks for the agent's feelings is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from voicecare.errors import UsageError
from voicecare.qa.categories import CATEGORIES

QuestionType: TypeAlias = Literal["TEXT", "SINGLESELECT", "MULTISELECT", "NUMERIC"]
Mode: TypeAlias = Literal["QUESTION_ONLY", "SECTION_ONLY"]
LABELS = (
    "NUMBER_OF_INTERRUPTIONS",
    "NON_TALK_TIME",
    "NON_TALK_TIME_PERCENTAGE",
    "CONTACT_DURATION",
    "OVERALL_CUSTOMER_SENTIMENT_SCORE",
)
"""The numbers of a call that may answer a question by themselves, as Connect names them."""
_FEELINGS = "OVERALL_AGENT_SENTIMENT_SCORE"
_ID = re.compile(r"[a-zA-Z0-9._-]{1,40}")
MOST_ITEMS = 100
MOST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a list, or a range of numbers; score None: it does not count."""

    ref: str
    text: str
    score: float | None = None
    fails: bool = False
    fails_section: str | None = None
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True, slots=True)
class Automation:
    """How voicecare answers a question: by a number of the call, or by which category is there or not."""

    label: str | None = None
    rules: tuple[tuple[str, bool, str], ...] = ()
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question; section: the RefId of the top section it stands in, "" where it stands in none."""

    ref: str
    title: str
    type: QuestionType
    instructions: str = ""
    optional: bool = False
    weight: float = 0.0
    options: tuple[Option, ...] = ()
    least: float | None = None
    most: float | None = None
    automation: Automation | None = None
    section: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form, with its questions in order, those of its own parts included."""

    ref: str
    title: str
    instructions: str = ""
    weight: float = 0.0
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A scorecard's form. mode: what carries weights; None: nothing is scored."""

    title: str
    mode: Mode | None
    sections: tuple[Section, ...] = field(default_factory=tuple)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in order."""
        return tuple(question for section in self.sections for question in section.questions)


def parse(body: Any) -> Form:  # noqa: ANN401 - JSON from outside
    """Read a form as Connect's CreateEvaluationForm takes it.

    Raises:
        UsageError: it is none, or asks for what is not allowed; the text names the item.
    """
    whole = _dict(body, "the form")
    strategy = whole.get("ScoringStrategy")
    mode: Mode | None = None
    if strategy is not None:
        mode = _choice(_dict(strategy, "ScoringStrategy").get("Mode"), ("QUESTION_ONLY", "SECTION_ONLY"), "its Mode")
        if strategy.get("Status", "ENABLED") == "DISABLED":
            mode = None
    sections, loose = [], []
    for place, item in enumerate(_list(whole.get("Items"), "Items"), 1):
        if "Section" in _dict(item, f"item {place}"):
            sections.append(_section(item["Section"], top=True))
        else:
            loose.append(_question(item.get("Question"), ""))
    if loose:
        sections.insert(0, Section("", "", questions=tuple(loose)))
    form = Form(_text(whole.get("Title"), "Title", least=1), mode, tuple(sections))
    _refuse_doubles(form)
    _refuse_weights(form)
    return form


def _section(raw: Any, *, top: bool, parent: str = "") -> Section:  # noqa: ANN401 - JSON from outside
    section = _dict(raw, "a section")
    ref = _ref(section)
    home = parent or ref
    questions: list[Question] = []
    for item in _list(section.get("Items"), f"Items of {ref}"):
        if "Section" in _dict(item, f"an item of {ref}"):
            if not top:
                raise UsageError(f"section {ref} holds a section that lies too deep: two levels are allowed")
            questions += _section(item["Section"], top=False, parent=home).questions
        else:
            questions.append(_question(item.get("Question"), home))
    title, instructions = _text(section.get("Title"), f"Title of {ref}"), _text(section.get("Instructions", ""), ref)
    return Section(ref, title, instructions, _number(section.get("Weight", 0), f"Weight of {ref}"), tuple(questions))


def _question(raw: Any, section: str) -> Question:  # noqa: ANN401 - JSON from outside
    question = _dict(raw, "a question")
    ref = _ref(question)
    kind = _choice(
        question.get("QuestionType"), ("TEXT", "SINGLESELECT", "MULTISELECT", "NUMERIC"), f"QuestionType of {ref}"
    )
    properties = _dict(question.get("QuestionTypeProperties") or {}, f"QuestionTypeProperties of {ref}")
    of_kind = {"SINGLESELECT": "SingleSelect", "MULTISELECT": "MultiSelect", "NUMERIC": "Numeric"}.get(kind, "Text")
    own = _dict(properties.get(of_kind) or {}, f"{of_kind} of {ref}")
    options = tuple(
        _option(each, ref, place, numeric=kind == "NUMERIC")
        for place, each in enumerate(_list(own.get("Options") or [], f"Options of {ref}"), 1)
    )
    if kind in ("SINGLESELECT", "MULTISELECT") and not options:
        raise UsageError(f"question {ref} has no Options to choose from")
    known = {option.ref for option in options}
    if len(known) < len(options):
        raise UsageError(f"question {ref}: two Options share a RefId")
    return Question(
        ref=ref,
        title=_text(question.get("Title"), f"Title of {ref}", least=1),
        type=kind,
        instructions=_text(question.get("Instructions", ""), f"Instructions of {ref}"),
        optional=question.get("NotApplicableEnabled") is True,
        weight=_number(question.get("Weight", 0), f"Weight of {ref}"),
        options=options,
        least=None if "MinValue" not in own else _number(own["MinValue"], f"MinValue of {ref}"),
        most=None if "MaxValue" not in own else _number(own["MaxValue"], f"MaxValue of {ref}"),
        automation=_automation(own.get("Automation"), ref, known),
        section=section,
    )


def _option(raw: Any, question: str, place: int, *, numeric: bool) -> Option:  # noqa: ANN401 - JSON from outside
    option = _dict(raw, f"option {place} of {question}")
    configured = _dict(option.get("AutomaticFailConfiguration") or {}, f"AutomaticFailConfiguration of {question}")
    target = configured.get("TargetSection")
    score = None if option.get("Score") is None else _number(option["Score"], f"a Score of {question}")
    fails = option.get("AutomaticFail") is True or bool(configured)
    at = target if isinstance(target, str) else None
    if numeric:
        least, most = (_number(option.get(name), f"{name} of {question}") for name in ("MinValue", "MaxValue"))
        return Option(f"{least:g}-{most:g}", "", score, fails, at, least, most)
    return Option(_ref(option), _text(option.get("Text"), f"Text of an option of {question}"), score, fails, at)


def _automation(raw: Any, ref: str, options: set[str]) -> Automation | None:  # noqa: ANN401 - JSON from outside
    if raw is None:
        return None
    given = _dict(raw, f"Automation of {ref}")
    if "PropertyValue" in given:
        label = _dict(given["PropertyValue"], f"PropertyValue of {ref}").get("Label")
        if label == _FEELINGS:
            raise UsageError(f"question {ref} asks for {_FEELINGS}: voicecare never estimates how an agent feels")
        return Automation(label=_choice(label, LABELS, f"the Label of {ref}"))
    rules = []
    for each in _list(given.get("Options") or [], f"Automation of {ref}"):
        rule = _dict(_dict(each, f"a rule of {ref}").get("RuleCategory"), f"RuleCategory of {ref}")
        category = _choice(rule.get("Category"), CATEGORIES, f"the Category of {ref}")
        present = _choice(rule.get("Condition"), ("PRESENT", "NOT_PRESENT"), f"the Condition of {ref}") == "PRESENT"
        rules.append((category, present, _choice(rule.get("OptionRefId"), tuple(options), f"OptionRefId of {ref}")))
    default = given.get("DefaultOptionRefId")
    return Automation(None, tuple(rules), None if default is None else _choice(default, tuple(options), ref))


def _refuse_doubles(form: Form) -> None:
    refs = [*(s.ref for s in form.sections if s.ref), *(question.ref for question in form.questions)]
    twice = sorted({ref for ref in refs if refs.count(ref) > 1})
    if twice:
        raise UsageError(f"the RefId {twice[0]} occurs twice; each section and question needs its own")
    if not form.questions:
        raise UsageError("the form asks nothing: give at least one Question")
    if len(refs) > MOST_ITEMS:
        raise UsageError(f"the form has {len(refs)} items, at most {MOST_ITEMS} are allowed")


def _refuse_weights(form: Form) -> None:
    if form.mode is None:
        return
    weighed = list(_weighed(form))
    total = sum(weight for _, weight in weighed)
    if weighed and abs(total - 100) > 0.5:
        what = "questions" if form.mode == "QUESTION_ONLY" else "sections"
        raise UsageError(f"the Weights of the {what} add up to {total:g}; they must be 100 in all")


def _weighed(form: Form) -> Iterator[tuple[str, float]]:
    if form.mode == "QUESTION_ONLY":
        yield from ((q.ref, q.weight) for q in form.questions)
    else:
        yield from ((s.ref, s.weight) for s in form.sections)


def _ref(item: Mapping[str, Any]) -> str:
    ref = item.get("RefId")
    if not isinstance(ref, str) or not _ID.fullmatch(ref):
        raise UsageError(f"RefId {ref!r:.60}: must be 1 to 40 letters, digits, dots, dashes or underscores")
    return ref


def _dict(value: Any, what: str) -> Mapping[str, Any]:  # noqa: ANN401 - JSON from outside
    if not isinstance(value, Mapping):
        raise UsageError(f"{what}: must be an object, as in Amazon Connect's evaluation forms")
    return value


def _list(value: Any, what: str) -> list[Any]:  # noqa: ANN401 - JSON from outside
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise UsageError(f"{what}: must be a list of at most {MOST_ITEMS}")
    return value


def _text(value: Any, what: str, least: int = 0) -> str:  # noqa: ANN401 - JSON from outside
    if not isinstance(value, str) or not least <= len(value) <= MOST_TEXT:
        raise UsageError(f"{what}: must be a text of {least} to {MOST_TEXT} characters")
    return value


def _number(value: Any, what: str) -> float:  # noqa: ANN401 - JSON from outside
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9:
        raise UsageError(f"{what}: must be a number")
    return float(value)


def _choice(value: Any, known: tuple[str, ...], what: str) -> Any:  # noqa: ANN401 - JSON from outside; one of known
    if value not in known:
        raise UsageError(f"{what}: {value!r:.60} is not known; choose {', '.join(sorted(known))}")
    return value
