"""Who may come in: a link that works once, a cookie after it, and nothing from another site or another name.

A page of another site cannot read ours (no CORS), cannot send to it (the cookie is SameSite=Strict and whatever changes
something must come from our own origin), and cannot reach it under a name of its own (the host is checked).
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass
from typing import Literal, TypeAlias

from starlette import status
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Role: TypeAlias = Literal["reviewer", "reader"]
ROLES: tuple[Role, Role] = ("reviewer", "reader")
STAYS_S = 12 * 3600
"""How long a cookie is good: a working day."""
MOST_BODY_BYTES = 30_000_000
"""The largest thing taken in: a corrected file or a table of outcomes."""
SAFE = ("GET", "HEAD")
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who works here: a reviewer may say things, a reader looks on."""

    name: str
    role: Role


class Doors:
    """The links that were handed out and who came in by them; only hashes are kept."""

    def __init__(self) -> None:
        self._waiting: dict[str, Person] = {}
        self._inside: dict[str, Person] = {}
        self._lock = threading.Lock()

    def invite(self, person: Person) -> str:
        """Make a link's token for a person; it works once."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._waiting[_hashed(token)] = person
        return token

    def enter(self, token: str) -> str | None:
        """Spend a token; return the cookie of who came in, None where it is spent or was never handed out."""
        with self._lock:
            person = self._waiting.pop(_hashed(token), None)
            if person is None:
                return None
            cookie = secrets.token_urlsafe(32)
            self._inside[_hashed(cookie)] = person
            return cookie

    def who(self, cookie: str | None) -> Person | None:
        """Whose cookie it is."""
        return None if cookie is None else self._inside.get(_hashed(cookie))


class Gate:
    """ASGI middleware that stands before every page."""

    def __init__(self, app: ASGIApp, doors: Doors, hosts: frozenset[str], cookie: str, refused: str) -> None:
        self._app = app
        self._doors = doors
        self._hosts = hosts
        self._cookie = cookie
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        request = Request(scope)
        answer = self._answer(request)
        await (answer or self._app)(scope, receive, with_headers)

    def _answer(self, request: Request) -> Response | None:
        headers = request.headers
        if headers.get("host", "") not in self._hosts:
            return _plain(status.HTTP_421_MISDIRECTED_REQUEST, "this name is not served here")
        if request.url.path == "/enter" and request.method == "GET":
            return self._entered(request)
        if request.url.path.startswith("/static/") and request.method in SAFE:
            return None
        person = self._doors.who(request.cookies.get(self._cookie))
        if person is None:
            return _plain(status.HTTP_403_FORBIDDEN, self._refused)
        if request.method not in SAFE:
            if not _from_here(headers):
                return _plain(status.HTTP_403_FORBIDDEN, "this did not come from a page of voicecare")
            if person.role != "reviewer":
                return _plain(status.HTTP_403_FORBIDDEN, "a reader changes nothing")
            if not headers.get("content-length", "").isdecimal():
                return _plain(status.HTTP_411_LENGTH_REQUIRED, "its length is not said")
            if int(headers["content-length"]) > MOST_BODY_BYTES:
                return _plain(status.HTTP_413_CONTENT_TOO_LARGE, "too large")
        request.scope["person"] = person
        return None

    def _entered(self, request: Request) -> Response:
        cookie = self._doors.enter(request.query_params.get("token", ""))
        if cookie is None:
            return _plain(status.HTTP_403_FORBIDDEN, self._refused)
        answer = RedirectResponse("/", status.HTTP_303_SEE_OTHER)
        answer.set_cookie(self._cookie, cookie, max_age=STAYS_S, httponly=True, samesite="strict", path="/")
        return answer


def person_of(request: Request) -> Person:
    """Who asks; the gate has seen to it that there is one."""
    person = request.scope["person"]
    assert isinstance(person, Person)
    return person


def _from_here(headers: Headers) -> bool:
    return headers.get("origin") == f"http://{headers.get('host')}"


def _plain(code: int, text: str) -> Response:
    return PlainTextResponse(f"{text}\n", code)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
