"""Every address of the pages asked with whatever Schemathesis makes up: an answer in words, never a server's error."""

from __future__ import annotations

from collections import Counter

import pytest
import qa_samples as samples
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from test_qa_web import HERE, Desk

pytestmark = pytest.mark.soak
EXAMPLES = 60


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Two weeks of calls, a form and a sample."""
    folder = tmp_path_factory.mktemp("soak")
    samples.filled(folder / "qa.db").close()
    desk = Desk(folder / "qa.db")
    browser = desk.come_in()
    browser.post("/forms", data={"example": "1"})
    browser.post("/sample", data={"size": "5"})
    yield desk
    desk.store.close()


def test_no_address_answers_with_a_servers_error_whatever_it_is_asked(desk):
    browser = desk.come_in()
    browser.headers.pop("accept")
    asked: Counter[int] = Counter()
    wrong: list[object] = []
    for found in schemathesis.openapi.from_dict(desk.app.openapi()).get_all_operations():
        ask(found.ok(), browser, asked, wrong)
    assert wrong == []
    assert sum(asked.values()) > 15 * EXAMPLES
    assert {200, 404, 422} <= asked.keys()


def ask(operation, browser, asked, wrong):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def one(case):
        made = case.as_transport_kwargs(base_url=HERE)
        known = {name: made[name] for name in ("method", "url", "json", "data", "params", "content") if name in made}
        answer = browser.request(**known, follow_redirects=False)
        asked[answer.status_code] += 1
        if answer.status_code >= 500:
            wrong.append((operation.label, known, answer.text[:200]))

    one()
