"""Serves the pages on this machine's loopback, and on nothing else, until it is told to stop."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from voicecare.catalogue.catalogue import Catalogue
from voicecare.errors import UsageError
from voicecare.qa.store.store import Store
from voicecare.qa.web.access import Doors, Person
from voicecare.qa.web.app import build

if TYPE_CHECKING:
    from voicecare.qa.web.desk import Explain

LOOPBACK = "127.0.0.1"


def serve(
    store: Store,
    catalogue: Catalogue,
    explain: Explain,
    people: Sequence[Person],
    port: int,
    on_ready: Callable[[Sequence[tuple[Person, str]]], None],
) -> None:
    """Serve a store until Ctrl-C. port: 0 takes a free one. on_ready: told each person's link once it works.

    Raises:
        UsageError: the port is taken.
    """
    import uvicorn

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((LOOPBACK, port))
        except (OSError, OverflowError) as error:
            raise UsageError(f"--port {port}: cannot be used ({error}); choose another, or 0 for a free one") from error
        port = listening.getsockname()[1]
        doors = Doors()
        hosts = frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})
        app = build(store, catalogue, explain, doors, hosts, f"voicecare_{port}")
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="off", server_header=False, date_header=False
        )
        server = uvicorn.Server(config)
        listening.listen(128)  # from here on a link is answered as soon as the server turns
        on_ready([(person, f"http://{LOOPBACK}:{port}/enter?token={doors.invite(person)}") for person in people])
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn has closed by then, and hands the signal on
            server.run(sockets=[listening])
