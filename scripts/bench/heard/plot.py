"""Draws who is heard: the worst clip and the mean by line and group for each system, and the sounds told as speech."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST = 0.5
"""The darkest colour: a share heard of this and less."""
PROMISED = 0.02
GROUP_IN, ROW_IN = 0.2, 0.27


def plot(found: dict[str, Any], path: Path) -> None:
    """Draw a document of scripts/bench/hearing.py: as many panels as it has parts."""
    from matplotlib import pyplot as plt

    names = list(found.get("clips", {}))
    lines, groups = _axes(found["clips"][names[0]]) if names else ([], [])
    heights = [len(lines) * ROW_IN + 1.9 for _ in names]
    sounds = found.get("sounds", {})
    if sounds:
        heights.append(len(sounds) * ROW_IN * 1.5 + 1.0)
    if not heights:
        return
    figure = plt.figure(figsize=(max(9.0, 2 * len(groups) * GROUP_IN + 3), sum(heights)), layout="constrained")
    rows = figure.add_gridspec(len(heights), 2, height_ratios=heights)
    for row, name in enumerate(names):
        for column, measure in enumerate(("worst", "mean")):
            axes = figure.add_subplot(rows[row, column])
            shown = axes.imshow(
                _table(found["clips"][name], measure, lines, groups), vmin=LEAST, vmax=1, cmap="inferno", aspect="auto"
            )
            axes.set_title(f"{name}: {'worst clip' if measure == 'worst' else 'mean'}")
            axes.set_xticks(range(len(groups)), [" ".join(group) for group in groups], rotation=90, fontsize=6)
            axes.set_yticks(range(len(lines)), lines, fontsize=7)
        figure.colorbar(shown, ax=axes, label="share heard")
    if sounds:
        _bars(figure.add_subplot(rows[-1, :]), sounds)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _axes(of_system: dict[str, Any]) -> tuple[list[str], list[tuple[str, ...]]]:
    """The lines as the bench has them, and the groups by name."""
    keys = [tuple(group["key"]) for group in of_system["by_group"]]
    lines = list(of_system["women_less_men"])
    return lines, sorted({key[:3] for key in keys})


def _table(
    of_system: dict[str, Any], measure: str, lines: list[str], groups: list[tuple[str, ...]]
) -> npt.NDArray[np.float64]:
    table = np.full((len(lines), len(groups)), np.nan)
    for group in of_system["by_group"]:
        *who, line = group["key"]
        table[lines.index(line), groups.index(tuple(who))] = group[measure]
    return table


def _bars(axes: Axes, sounds: dict[str, dict[str, float]]) -> None:
    kinds = list(sounds)
    systems = list(next(iter(sounds.values())))
    for number, system in enumerate(systems):
        places = np.arange(len(kinds)) + (number - (len(systems) - 1) / 2) * 0.8 / len(systems)
        axes.barh(places, [sounds[kind][system] for kind in kinds], 0.8 / len(systems), label=system)
    axes.axvline(PROMISED, color="black", linewidth=0.8, linestyle=":")
    axes.set_yticks(range(len(kinds)), kinds)
    axes.invert_yaxis()
    axes.set(xlabel="share of the time told as speech", xlim=(0, 1))
    axes.legend(fontsize="small")
