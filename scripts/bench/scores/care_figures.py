"""One figure of care: which feature's, what was measured, what is wanted and what came out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is printed; met: None where nothing is asked for."""

    of: str
    what: str
    want: str
    got: str
    met: bool | None

    def __str__(self) -> str:
        """One line of the table."""
        mark = {True: "met", False: "MISSED", None: ""}[self.met]
        return f"{self.of:<4} {self.what:<86} want {self.want:<14} got {self.got:<34} {mark}"


def least(of: str, what: str, want: float, got: float, note: str = "") -> Figure:
    """A figure that must be so much or more."""
    return Figure(of, what, f">= {want:g}", f"{got:.3f}{note}", got >= want)


def most(of: str, what: str, want: float, got: float, note: str = "") -> Figure:
    """A figure that must be so much or less."""
    return Figure(of, what, f"<= {want:g}", f"{got:.4g}{note}", got <= want)
