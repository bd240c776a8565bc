"""A hub of models on this machine, for tests of fetching."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import threading
from collections.abc import Iterator

import pytest

from voicecare.backends import whisper_models, whisper_parts, whisper_pull
from voicecare.backends.whisper_published import PUBLISHED, Published, PublishedFile


class Hub:
    """A hub on this machine: files, and a memory of what was asked."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.sends_to: str | None = None
        """Where it sends whoever asks, as the hub does to its storage; None answers by itself."""
        self.breaks_off_at: int | None = None
        """How much of an answer is sent before the connection is closed; None sends all."""
        self.ranges: list[str | None] = []
        hub = self

        class Answer(http.server.BaseHTTPRequestHandler):
            """Answers as the hub does."""

            def do_GET(self) -> None:
                content = hub.files.get(self.path.rpartition("/")[2])
                if content is None:
                    self.send_error(404)
                    return
                if hub.sends_to is not None:
                    self.send_response(302)
                    self.send_header("Location", hub.sends_to)
                    self.end_headers()
                    return
                wanted = self.headers.get("Range")
                hub.ranges.append(wanted)
                start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
                if start >= len(content) > 0 and wanted:
                    self.send_error(416)
                    return
                self.send_response(206 if wanted else 200)
                self.send_header("Content-Length", str(len(content) - start))
                self.end_headers()
                self.wfile.write(content[start:][: hub.breaks_off_at])

            def log_message(self, *_) -> None:
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@contextlib.contextmanager
def running(hub: Hub) -> Iterator[Hub]:
    thread = threading.Thread(target=hub.server.serve_forever)
    thread.start()
    try:
        yield hub
    finally:
        hub.server.shutdown()
        thread.join()
        hub.server.server_close()


MODEL_FILES = {"model.bin": b"weights" * 100, "config.json": b"{}", "tokenizer.json": b"{}", "vocabulary.txt": b"a"}


def publish(monkeypatch: pytest.MonkeyPatch, name: str, files: dict[str, bytes]) -> None:
    """Take small files for the published ones of a model."""
    known = {file: PublishedFile(len(content), hashlib.sha256(content).hexdigest()) for file, content in files.items()}
    published = {**PUBLISHED, name: Published(PUBLISHED[name].repository, PUBLISHED[name].revision, known)}
    for module in (whisper_models, whisper_parts, whisper_pull):
        monkeypatch.setattr(module, "PUBLISHED", published)
