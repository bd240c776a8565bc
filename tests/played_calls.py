"""The demo call as a live source, and a face that remembers what it was told."""

from __future__ import annotations

from importlib.resources import as_file, files

from voicecare.assembly import Choices
from voicecare.audio.files.recording import open_recording
from voicecare.live.run import LiveOptions, LiveRun

NO_WORDS = Choices(words=False)


def demo_hops():
    """The hops of the call that ships."""
    with as_file(files("voicecare") / "demo" / "call.flac") as path:
        return list(open_recording(path))


class PlayedSource:
    """A live source that plays hops; `at` says what happens before which of them."""

    names = ("a headset", "a phone")

    def __init__(self, items, at=None):
        self.items, self.at = items, at or {}
        self.opened = self.closed = 0

    def __enter__(self):
        self.opened += 1
        return self

    def __exit__(self, *_):
        self.closed += 1

    def stop(self):
        self.items = ()

    def __iter__(self):
        for number, item in enumerate(self.items):
            self.at.get(number, lambda: None)()
            if not self.items:
                return
            yield item


class Seen:
    """A face that remembers."""

    def __init__(self):
        self.events, self.beats, self.calls = [], 0, 0

    def begin(self):
        self.calls += 1

    def push(self, event):
        self.events.append(event)

    def beat(self, at):  # noqa: ARG002
        self.beats += 1

    def run(self, work):
        work()


def live_run(items, wishes, at=None, **options):
    """A run that hears `items`, and the face that sees it; without words unless said otherwise."""
    source = PlayedSource(items, at)
    return LiveRun(LiveOptions(**{"models": NO_WORDS} | options), wishes, lambda: source, Seen())
