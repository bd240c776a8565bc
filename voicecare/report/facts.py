"""The numbers of a call as two small tables of words: one for the parties side by side, one for the call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicecare.catalogue.catalogue import Catalogue
from voicecare.report.wording import page
from voicecare.timebase import clock, samples

Cells = tuple[str, ...]
Row = Mapping[str, Any]


class Facts:
    """Words for the summary of one document."""

    def __init__(self, summary: Row, catalogue: Catalogue) -> None:
        self._summary = summary
        self._catalogue = catalogue

    def of_parties(self) -> list[Cells]:
        """Rows of label, agent, caller; a row both have nothing for is left out."""
        rows = [
            self._party("speech", "speech_s", "length"),
            self._party("talk_share", "talk_share", "share"),
            self._party("interruptions", "interruptions"),
            self._party("talk_overs", "talk_overs"),
            self._party("early_replies", "early_replies"),
            self._party("dual_starts", "dual_starts"),
            self._party("backchannels", "backchannels"),
            self._party("response_gap", "response_gap_s", "length"),
            self._party("monologue", "longest_monologue_s", "length"),
            self._party("pace", "pace_wpm", "wpm"),
        ]
        nothing = {self._say("none"), "0"}
        always = (self._say("speech"), self._say("interruptions"))
        return [row for row in rows if not nothing.issuperset(row[1:]) or row[0] in always]

    def of_call(self) -> list[Cells]:
        """Rows of label, value."""
        all_of, strain = self._summary, self._summary["strain"]
        rows = [
            ("duration", clock(samples(all_of["duration_s"]))),
            ("overlap", self._overlap()),
            ("silences", self._silences()),
            *self._levels(),
            ("strain_trend", self._say(f"trend_{strain['trend']}") if strain["trend"] else self._say("none")),
            ("estimated", self._number("share", strain["estimated_share"])),
            *self._rise(),
            ("cues", self._cues()),
        ]
        if all_of["interruption_latency_s"] is not None:
            rows.append(("latency", self._number("length", all_of["interruption_latency_s"])))
        return [(self._say(label), value) for label, value in rows]

    def _rise(self) -> list[Cells]:
        rises = self._summary["strain"]["rises"]  # None where strain was never estimated
        if not rises:
            return []
        rise = max(rises, key=lambda r: r["peak"])
        answered = (
            self._say("acknowledged_never")
            if rise["acknowledged_s"] is None
            else page(self._catalogue, "acknowledged_value", (rise["acknowledged_s"],), rise["acknowledged_after_s"])
        )
        return [("recovery", self._number("length", rise["recovery_s"])), ("acknowledged", answered)]

    def _overlap(self) -> str:
        share = self._summary["overlap_share"]
        if self._summary["overlap_s"] is None:
            return self._say("none")
        percent = round(100 * (share or 0))
        return self._catalogue.say("page", "overlap_value", value=self._summary["overlap_s"], percent=percent)

    def _silences(self) -> str:
        silences = self._summary["silences"]
        if silences["count"] is None:
            return self._say("none")
        if not silences["count"]:
            return self._say("no_silences")
        return self._catalogue.say("page", "silences_value", count=silences["count"], value=silences["total_s"])

    def _cues(self) -> str:
        """How many cues were shown, and what became of them: the parts add up to what the list of cues has."""
        cues = self._summary["cues"]
        asked = cues["shown"] - cues["praise"]
        said = [self._catalogue.say("page", "cues_value", shown=asked, heeded=cues["heeded"])]
        others = ("eased", "expired", "replaced", "standing", "praise", "withheld", "logged")
        said += [self._catalogue.say("page", f"cues_{fate}", count=cues[fate]) for fate in others if cues[fate]]
        return self._catalogue.say("join", "comma").join(said)

    def _levels(self) -> list[Cells]:
        strain = self._summary["strain"]
        if strain["peak_s"] is None:
            return []
        return [
            ("strain_start", self._number("of_100", strain["start"])),
            ("strain_peak", page(self._catalogue, "of_100", (strain["peak_s"],), strain["peak"])),
            ("strain_end", self._number("of_100", strain["end"])),
        ]

    def _party(self, label: str, key: str, form: str | None = None) -> Cells:
        both = (self._summary[who][key] for who in ("agent", "caller"))
        return (self._say(label), *(str(n) if form is None and n is not None else self._number(form, n) for n in both))

    def _number(self, form: str | None, value: float | None) -> str:
        return self._say("none") if value is None or form is None else page(self._catalogue, form, value=value)

    def _say(self, code: str) -> str:
        return self._catalogue.say("page", code)
