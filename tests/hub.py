"""A hub of models on this machine, for tests of fetching."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import threading
from collections.abc import Iterator


class Hub:
    """A hub on this machine: files, their hashes, and a memory of what was asked."""

    def __init__(self, files: dict[str, bytes], *, hashes: dict[str, str] | None = None) -> None:
        self.files = files
        self.hashes = hashes or {}
        self.breaks_off_at: int | None = None
        """How much of an answer is sent before the connection is closed; None sends all."""
        self.ranges: list[str | None] = []
        hub = self

        class Answer(http.server.BaseHTTPRequestHandler):
            """Answers as the hub does."""

            def _answer(self, *, body: bool) -> None:
                content = hub.files.get(self.path.rpartition("/")[2])
                if content is None:
                    self.send_error(404)
                    return
                name, wanted = self.path.rpartition("/")[2], self.headers.get("Range")
                if body:
                    hub.ranges.append(wanted)
                start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
                if start >= len(content) > 0 and wanted:
                    self.send_error(416)
                    return
                self.send_response(206 if wanted else 200)
                self.send_header("X-Linked-Etag", f'"{hub.hashes.get(name, hashlib.sha256(content).hexdigest())}"')
                self.send_header("Content-Length", str(len(content) - start))
                self.end_headers()
                if body:
                    self.wfile.write(content[start:][: hub.breaks_off_at])

            def do_HEAD(self) -> None:
                self._answer(body=False)

            def do_GET(self) -> None:
                self._answer(body=True)

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
