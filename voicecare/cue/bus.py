"""The desktop's own way for programs to speak to each other: a running day on the session's D-Bus, where there is one.

dbus-send --session --print-reply --dest=org.voicecare.Voicecare / org.voicecare.Voicecare.call string:new
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from PySide6.QtCore import ClassInfo, QObject, Slot
from PySide6.QtDBus import QDBusConnection

NAME = "org.voicecare.Voicecare"
PATH = "/"


_described: Any = ClassInfo  # a decorator, whatever its types say


@_described({"D-Bus Interface": NAME})
class _Exported(QObject):
    """What the bus sees."""

    def __init__(self, answer: Callable[[str], str]) -> None:
        super().__init__()
        self._answer = answer

    @Slot(str, result=str)
    def call(self, word: str) -> str:
        """Do what a word of `voicecare call` asks for; return the answer as JSON."""
        return self._answer(word)


class Bus:
    """Answers on the session's bus while a day runs, in the window's thread; use as a context manager.

    answer: takes a word of `voicecare call`, returns JSON. Where there is no bus, or another one answers there, nothing
    is lost: the socket does the same.
    """

    def __init__(self, answer: Callable[[str], str]) -> None:
        self._exported = _Exported(answer)
        self._bus = QDBusConnection.sessionBus()

    def __enter__(self) -> Self:
        if self._bus.isConnected() and self._bus.registerService(NAME):
            self._bus.registerObject(PATH, self._exported, QDBusConnection.RegisterOption.ExportAllSlots)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bus.isConnected():
            self._bus.unregisterObject(PATH)
            self._bus.unregisterService(NAME)
