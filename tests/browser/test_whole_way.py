"""One start-up's whole way, by everybody's pages: from the empty form to its draft lease."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.way import applying, cast, deciding, housing, studying

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.mark.torture
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_from_the_empty_form_to_the_draft_lease(
    browser: Browser, live_server: LiveServer, settings: Settings, tmp_path: Path, language: str
) -> None:
    """Two reviewers, one in conflict; one request for information; a committee; an offer."""
    settings.MEDIA_ROOT = tmp_path
    way = cast.arrange(browser, live_server.url, language)
    resume = applying.begins(way)
    applying.comes_back_and_sends(way, resume)
    studying.is_asked_and_answers(way)
    studying.is_reviewed(way)
    deciding.is_decided_in_a_session(way)
    housing.learns_the_decision(way)
    housing.is_offered_a_space(way)
    housing.accepts(way)
    housing.is_a_tenant_on_paper(way)
    for who in way.everybody:
        assert {page: excess for page, excess in who.wide.items() if excess} == {}, who.name
        assert (who.watch.complaints, who.watch.strangers) == ([], []), who.name
        who.page.context.close()
