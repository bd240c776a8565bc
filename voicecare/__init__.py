"""voicecare: a kind colleague on the line.

    import voicecare

    session = voicecare.replay("call.wav")
    print(session.summary.agent.interruptions)
    session.save("call.jsonl")

What `__all__` names is the whole Python interface (docs/api.md). Each name is fetched when it is first asked for, so
that `import voicecare` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecare.api import Session, replay
    from voicecare.assembly import Choices
    from voicecare.config import Config
    from voicecare.errors import InputError, OutputError, StageError, UsageError, VoicecareError

__version__ = "0.1.0"
__all__ = [
    "Choices",
    "Config",
    "InputError",
    "OutputError",
    "Session",
    "StageError",
    "UsageError",
    "VoicecareError",
    "__version__",
    "replay",
]

_HOMES = {
    "Choices": "assembly",
    "Config": "config",
    "InputError": "errors",
    "OutputError": "errors",
    "Session": "api",
    "StageError": "errors",
    "UsageError": "errors",
    "VoicecareError": "errors",
    "replay": "api",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
