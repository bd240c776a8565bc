"""`voicecare batch`: a folder of recorded calls, heard into a store; what was done before is not done again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from voicecare.assembly import AUTO, VAD_NAMES, Choices
from voicecare.audio.files.raw import RawFormat
from voicecare.audio.files.recording import SIDES
from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands.options import (
    CallLanguageOption,
    ConfigOption,
    LanguageOption,
    ModelOption,
    NoWordsOption,
    RawOption,
    SensitivityOption,
    StoreOption,
    one_of,
    settings_of,
)
from voicecare.errors import StoppedError, UsageError
from voicecare.qa.place import default_file, needs_packages

if TYPE_CHECKING:
    from voicecare.qa.batch.engines import Engine
    from voicecare.qa.batch.found import Found, Known, Remark
    from voicecare.qa.batch.hearing import Setup
    from voicecare.qa.batch.night import Night
    from voicecare.qa.batch.telling import Telling
    from voicecare.qa.store.ledger import Work


def batch(
    places: Annotated[
        list[str], typer.Argument(metavar="FOLDER|GLOB|MANIFEST.csv...", help="Where the recordings are.")
    ],
    store: StoreOption = None,
    agent_channel: Annotated[
        str,
        typer.Option(metavar="left|right", help="Which channel is the agent, where no name or manifest says."),
    ] = "right",
    pattern: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="What names tell: e.g. {queue}/{agent}_{call}_{start}; may be given again."),
    ] = None,
    pair: Annotated[
        list[str] | None,
        typer.Option(metavar="AGENT,CALLER", help="Two files a call, e.g. {call}-out,{call}-in; may be given again."),
    ] = None,
    raw: RawOption = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", help="Processes on this machine; else one for each core.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Hear on the Dask cluster with this scheduler, tcp://HOST:PORT."),
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Also try again what failed before.")] = False,  # noqa: FBT002
    no_words: NoWordsOption = False,  # noqa: FBT002 - a flag
    vad: Annotated[str, typer.Option(metavar="NAME", help="Voice detector: both, silero or webrtc.")] = "both",
    model: ModelOption = None,
    language: CallLanguageOption = None,
    sensitivity: SensitivityOption = "normal",
    config: ConfigOption = None,
    cue_language: LanguageOption = "en",
) -> None:
    """Hear a folder of recorded calls into a store, as often as it takes; nothing is done twice."""
    if workers is not None and not 1 <= workers <= 1_024:
        raise UsageError(f"--workers {workers}: must be 1 to 1024")
    if workers is not None and scheduler is not None:
        raise UsageError("--workers is of this machine, --scheduler of a cluster, which has its own; give one of them")
    if model == AUTO:
        raise UsageError("--model auto may choose another model tomorrow; name one, so that all calls are heard alike")
    if raw is not None:
        RawFormat.parse(raw)
    choices = Choices(one_of(VAD_NAMES, vad, "--vad"), not no_words, model, language)
    catalogue = Catalogue.load(cue_language)
    side = one_of(SIDES, agent_channel, "--agent-channel")

    with needs_packages():
        from voicecare.qa.batch.hearing import Setup
        from voicecare.qa.batch.night import Night
        from voicecare.qa.batch.telling import Telling
        from voicecare.qa.store.store import Store

    found, facts, remarks = _look(places, pattern or [], pair or [], raw=raw)
    setup = Setup(settings_of(config, sensitivity), choices)
    telling = Telling(catalogue, Console(highlight=False, emoji=False, markup=False))
    telling.remarks(remarks)
    with Store.open(store or str(default_file())) as opened, opened.alone():
        swept = opened.sweep()
        telling.swept(swept)
        found = [call for call in found if not set(map(str, call.files)) & set(swept.files)]
        night = Night(opened, setup, agent_channel=side, raw=raw, retry=retry)
        try:
            work = _queued(night, found, facts, telling)
            if work:
                _heard(night, work, telling, _engine(workers, scheduler, len(work), setup, night.models))
        except KeyboardInterrupt:
            raise StoppedError(
                f"stopped; {night.tally.before + night.tally.done:,} of {night.tally.calls:,} calls are done; the same "
                "command goes on with the others"
            ) from None
        telling.over(night.tally, opened.name)
    raise typer.Exit(1 if night.tally.failed or night.tally.cut else 0)


def _queued(night: Night, found: Sequence[Found], facts: Mapping[str, Known], telling: Telling) -> list[Work]:
    with telling.line() as line:
        work = night.queue(found, lambda count: line.show(telling.looked(count, len(found))))
    night.join(facts)
    telling.remarks(night.tally.remarks)
    telling.before(night.tally)
    return work


def _heard(night: Night, work: Sequence[Work], telling: Telling, engine: Engine) -> None:
    telling.begin()
    with telling.line() as line:
        night.hear(work, engine, lambda: line.show(telling.so_far(night.tally)))


def _engine(workers: int | None, scheduler: str | None, most: int, setup: Setup, models: Mapping[str, str]) -> Engine:
    if scheduler is not None:
        from voicecare.qa.batch.cluster import Cluster

        cluster = Cluster(scheduler)
        cluster.check(setup.choices, models)
        return cluster
    from voicecare.qa.batch.processes import Processes, cores

    return Processes(min(workers or cores(), most))


def _look(
    places: Sequence[str], patterns: Sequence[str], pairs: Sequence[str], *, raw: str | None
) -> tuple[list[Found], dict[str, Known], list[Remark]]:
    from voicecare.qa.batch import manifest
    from voicecare.qa.batch.finding import Search, find
    from voicecare.qa.batch.naming import Pair, Pattern

    search = Search(tuple(map(Pattern.of, patterns)), tuple(map(Pair.of, pairs)), raw is not None)
    tables = [manifest.read(Path(place)) for place in places if place.casefold().endswith(".csv")]
    folders = [place for place in places if not place.casefold().endswith(".csv")]
    found, remarks = find(folders, search) if folders else ([], [])
    listed = {call.files: call for table in tables for call in table.calls}
    rest = [call for call in found if call.files not in listed]
    facts = {name: known for table in tables for name, known in table.facts.items()}
    return [*listed.values(), *rest], facts, [*(one for table in tables for one in table.remarks), *remarks]
