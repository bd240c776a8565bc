"""The settings file the agent opens: every setting with its value, each line set aside until it is meant."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from voicecare import saving
from voicecare.catalogue.catalogue import Catalogue
from voicecare.config import Config


def default_path() -> Path:
    """The file in the user's own settings folder."""
    from platformdirs import user_config_path

    return user_config_path("voicecare") / "settings.toml"


def template(catalogue: Catalogue) -> str:
    """A settings file that changes nothing; what people change comes first, said in their language."""
    told = catalogue.messages["settings"]
    config = Config()
    lines = [f"# {catalogue.say('settings', code)}" for code in told if code.startswith("head_")]
    lines += ["", "[cues]"]
    names = [field.name for field in dataclasses.fields(config.cues)]
    known = [name for name in names if f"cues_{name}" in told]
    for name in known:
        lines += [f"# {catalogue.say('settings', f'cues_{name}')}", _set_aside(name, config.cues), ""]
    lines += [f"# {catalogue.say('settings', 'rest')}"]
    lines += [_set_aside(name, config.cues) for name in names if name not in known]
    for section in dataclasses.fields(config):
        values = getattr(config, section.name)
        if values is not config.cues:
            lines += ["", f"[{section.name}]", *(_set_aside(f.name, values) for f in dataclasses.fields(values))]
    return "\n".join(lines) + "\n"


def _set_aside(name: str, values: object) -> str:
    """One setting with its value, as a comment."""
    value = getattr(values, name)
    return f"# {name} = {str(value).lower() if isinstance(value, bool) else repr(value)}"


def ensure(path: Path, catalogue: Catalogue) -> None:
    """Write the template where no file is; what is there stays.

    Raises:
        OutputError: it cannot be written. OSError: its folder cannot be made.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        saving.write_whole(path, template(catalogue))
