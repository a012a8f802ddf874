"""A reviewer scores by keyboard on a phone; a committee's secretary drives the session."""

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from accounts.models import User
from applications.models import Decision, Review
from applications.services.conflicts import declare
from applications.services.screening import prepare_for_committee
from tests.browser.watch import PHONE, Watch, overflow, shot
from tests.factories import doors, opinions, scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def _as(page: Page, base: str, user: User, language: str) -> None:
    """Signed in, with both factors, by the cookie of a client that is."""
    user.language = language
    user.save()
    client = doors.signed_in(user)
    cookies: Any = [
        {"name": settings.SESSION_COOKIE_NAME, "url": base,
         "value": client.cookies[settings.SESSION_COOKIE_NAME].value},
        {"name": settings.LANGUAGE_COOKIE_NAME, "url": base, "value": language},
    ]  # fmt: skip
    page.context.add_cookies(cookies)


def test_a_file_is_scored_on_a_phone_and_decided_in_a_session(
    page: Page, live_server: LiveServer
) -> None:
    site = scene.site("CAS")
    reviewer, officer = opinions.reviewer(site), scene.staff(Role.ADMISSIONS_OFFICER, site)
    file = opinions.in_review(
        site, opinions.rubric(site), project="# Un *capteur*\nمشروع للري الذكي\n" * 20
    )
    review = opinions.assigned(file, reviewer)
    base = live_server.url
    watch = Watch(page, base)
    page.set_viewport_size(PHONE)
    _as(page, base, reviewer, "ar")
    page.goto(f"{base}/staff/reviews/")
    shot(page, "reviews_ar_phone")
    page.goto(f"{base}/staff/reviews/{review.pk}/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert overflow(page) == 0
    shot(page, "declare_ar_phone")
    page.check("input[name=conflicted][value=no]")
    page.press("input[name=conflicted][value=no]", "Enter")
    page.wait_for_selector("input[name=points_team]")
    assert overflow(page) == 0
    page.focus("input[name=points_team]")
    for _press in range(4):
        page.keyboard.press("ArrowDown")
    page.check("input[name=points_market][value='7']")
    page.check("input[name=recommendation][value=admit]")
    page.fill("textarea[name=comment]", "Une équipe solide.")
    shot(page, "score_ar_phone")
    page.click("button[name=submit]")
    page.wait_for_url(f"{base}/staff/reviews/")
    page.goto(f"{base}/staff/reviews/{review.pk}/")
    shot(page, "read_ar_phone")
    assert overflow(page) == 0
    assert Review.objects.get().scores.get(criterion__key="team").points == 4

    other = scene.for_committee(scene.application(site))
    prepare_for_committee(application=file, acting_user=None)
    session = opinions.sitting(site, [file, other])
    second = session.members.order_by("id")[1]
    declare(application=file, conflicted=True, acting_user=second.user)
    _as(page, base, officer, "en")
    page.goto(f"{base}/staff/sittings/{session.pk}/")
    assert overflow(page) == 0
    item = page.locator("article").first
    for select in item.locator("select").all():
        select.select_option("admit")
    item.get_by_role("button", name="Note the votes").click()
    expect(page.locator("article").first).to_contain_text("→ admit")
    shot(page, "session_en_phone")
    item = page.locator("article").first
    item.locator("summary").first.click()
    shot(page, "settle_en_phone")
    item.get_by_role("button", name="Settle").click()
    expect(page.locator("article").first.locator("h3")).to_contain_text("admit")
    assert Decision.objects.get().outcome == "admit"
    page.set_viewport_size({"width": 1200, "height": 900})
    for name, path in {
        "session": f"/staff/sittings/{session.pk}/",
        "reviewers": f"/staff/applications/application/{file.pk}/reviewers/",
        "session_admin": f"/staff/applications/session/{session.pk}/change/",
        "file": f"/staff/applications/application/{file.pk}/change/",
    }.items():
        page.goto(f"{base}{path}")
        shot(page, f"{name}_en")
    assert (watch.complaints, watch.strangers) == ([], [])
