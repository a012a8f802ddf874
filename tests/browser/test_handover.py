"""A handover report on a phone: piece by piece, without a connection for a while, in Arabic."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from leases.choices import Condition
from tests.browser.watch import PHONE, Watch, overflow, shot
from tests.factories import doors, handovers, scene, tenancies, uploads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

OFFLINE = ("Failed to load resource: net::ERR_INTERNET_DISCONNECTED", "htmx:")


def test_what_is_found_in_a_room_without_a_connection_is_not_lost(
    page: Page, live_server: LiveServer
) -> None:
    site = scene.site("CAS")
    report = handovers.begun(tenancies.signed(site, scene.office(site, code="A1")))
    kept = doors.staff_client(Role.SITE_MANAGER, site).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": kept.key, "value": kept.value, "url": live_server.url}])
    page.set_viewport_size(PHONE)
    watch = Watch(page, live_server.url)
    address = f"{live_server.url}/staff/leases/handoverreport/{report.pk}/change/"
    page.goto(f"{address}?lang=en")
    first = page.locator(".handover-item").nth(0)
    first.locator("input[type=file]").set_input_files(
        {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": uploads.photo()}
    )
    expect(first.locator(".handover-thumbnail")).to_have_count(1)

    page.context.set_offline(True)
    first.locator(".handover-conditions label").nth(1).click()
    said = first.locator("form[data-piece] [data-said]").first
    expect(said).to_contain_text("the connection is lost")
    page.context.set_offline(False)
    expect(said).to_contain_text("Saved.")
    left = page.locator("#handover-progress")
    expect(left).to_contain_text("11 things are still to be looked at.")
    item = report.items.order_by("position")[0]
    assert (item.condition, item.photos.count()) == (Condition.WORN, 1)

    page.goto(f"{address}?lang=ar")
    assert (page.locator("html").get_attribute("dir"), overflow(page)) == ("rtl", 0)
    shot(page, "handover_ar_phone")
    rest = [line for line in watch.complaints if not line.startswith(OFFLINE)]
    assert (rest, watch.strangers) == ([], [])
