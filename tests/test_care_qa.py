"""A word typed in care is in no page, no export and no file of quality assurance, wherever the diary lies."""

from __future__ import annotations

import pytest
import report_samples as calls
from care_samples import NOON_S

from voicecare.care.diary import Diary, default_path

pytest.importorskip("fastapi")
pytest.importorskip("sqlalchemy")
WORD = "quizzaciously"
FILLED = {"number": "1", "form_number": "1", "name": "page.css", "form:path": "json", "form": "json"}
FORMS = ("json", "srt", "vtt", "rttm", "TextGrid", "eaf", "csv", "html")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    import qa_samples as samples
    from test_qa_web import Desk

    from voicecare.qa.store.store import Store

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))  # one home for both, as on the machine of one person
    with Diary(default_path()) as diary:
        diary.add("moments", NOON_S, fact="eased", went="well", note=WORD)
        diary.add("thanks", NOON_S, text=WORD)
        diary.add("intentions", NOON_S, text=WORD, kept="yes")
    assert WORD.encode() in default_path().read_bytes()
    file = samples.recording(tmp_path / "heated.wav", calls.heated())
    with Store.open(str(tmp_path / "qa.db")) as store:
        samples.add(store, calls.heated(), "call-1", samples.MONDAY, file, agent="Ada", queue="Roadside")
    desk = Desk(tmp_path / "qa.db")
    yield desk
    desk.store.close()


def test_no_page_and_no_export_has_it(desk):
    browser = desk.come_in(role="lead")
    addresses = {"/calls/1/explain?at=0:30"}
    for route in _routes(desk.app):
        path = route
        for name, value in FILLED.items():
            path = path.replace(f"{{{name}}}", value)
        addresses.add(path)
    addresses |= {f"/calls/1/export/call.{form}" for form in FORMS}
    told = {path: browser.get(path) for path in sorted(addresses)}
    assert sum(answer.status_code == 200 for answer in told.values()) >= 12
    assert [path for path, answer in told.items() if WORD.encode() in answer.content] == []


@pytest.mark.usefixtures("desk")
def test_no_file_of_the_store_has_it(tmp_path):
    found = [file for file in tmp_path.rglob("*") if file.is_file() and WORD.encode() in file.read_bytes()]
    assert found == [default_path()]


def _routes(app):
    """The address of everything that can be got, as the app itself describes it."""
    for route in app.routes:
        if "GET" in (getattr(route, "methods", None) or ()):
            yield route.path
        original = getattr(route, "original_router", None)  # newer releases keep a router whole
        if original is not None:
            yield from (r.path for r in original.routes if "GET" in (getattr(r, "methods", None) or ()))
