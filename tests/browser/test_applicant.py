"""An applicant's way on a phone, from the hub's page to the accepted offer."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.models import Application
from applications.workflow import State
from core import messages
from core.periods import today
from leases.models import Lease
from tests.browser.watch import PHONE, Watch, overflow, refused, shot
from tests.factories import scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def _fill(page: Page) -> None:
    page.check("input[name=applicant_kind][value=project_holder]")
    page.fill("[name=name]", "Capteurs Démo")
    page.fill("[name=project]", "Un capteur pour l’irrigation.")
    page.fill("[name=wanted_m2]", "18,5")
    page.fill("[name=wanted_start]", today().isoformat())
    page.fill("[name=contact_name]", "Candidate Démo")
    page.fill("[name=contact_email]", "candidate@example.org")


def _send(page: Page) -> None:
    page.locator("main form [type=submit]").click()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_from_the_hub_page_to_the_accepted_offer(
    page: Page, live_server: LiveServer, language: str
) -> None:
    site = scene.site("CAS")
    space = scene.office(site, code="B12")
    base = live_server.url
    watch = Watch(page, base)
    page.set_viewport_size(PHONE)
    widths: list[int] = []

    def looked(name: str) -> None:
        widths.append(overflow(page))
        shot(page, f"journey_{language}_{name}")

    page.goto(f"{base}/sites/CAS/?lang={language}")
    looked("1_site")
    page.locator("main a[href*='/apply/']").first.click()
    expect(page.locator("[name=site]")).to_have_value("CAS")

    # Sent too early and without a phone: every answer stays where it was.
    _fill(page)
    _send(page)
    expect(page.locator("#errors")).to_be_visible()
    looked("2_errors")
    expect(page.locator("[name=wanted_m2]")).to_have_value("18,5")
    expect(page.locator("[name=name]")).to_have_value("Capteurs Démo")
    assert not Application.objects.exists()
    page.fill("[name=contact_phone]", "06 12 34 56 78")
    page.check("[name=consent]")
    page.wait_for_timeout(3_000)
    _send(page)
    page.wait_for_url("**/apply/received/**")
    looked("3_received")
    file = Application.objects.get()
    expect(page.locator("main")).to_contain_text(file.reference)
    assert (file.language, str(file.contact_phone)) == (language, "+212612345678")
    messages.send_due()
    (acknowledged,) = mail.outbox
    assert file.reference in acknowledged.subject + str(acknowledged.body)

    scene.offer(file, space)
    messages.send_due()
    letter = str(mail.outbox[-1].body)
    (address,) = re.findall(r"https?://\S+/my/\S+", letter)
    page.goto(base + re.sub(r"^https?://[^/]+", "", address))
    looked("4_code_asked")
    page.fill("input[name=email]", "candidate@example.org")
    _send(page)
    code_field = page.locator("input[name=code]")
    expect(code_field).to_be_visible()
    looked("5_code")
    messages.send_due()
    letter = str(mail.outbox[-1].body)
    (code,) = re.findall(r"^\s*([A-Z0-9]{4,}-?[A-Z0-9]{3,})\s*$", letter, re.MULTILINE)
    code_field.fill(code)
    page.locator("main form", has=code_field).locator("[type=submit]").first.click()
    page.wait_for_url(f"**/my/{file.reference}/")
    looked("6_offer")
    page.locator("form[action$='/accept/'] button").click()
    page.wait_for_load_state()
    expect(page.locator("[aria-current=step]")).to_have_count(1)
    looked("7_accepted")
    file.refresh_from_db()
    assert file.state == State.ACCEPTED
    lease = Lease.objects.get(application=file)
    assert [letting.space for letting in lease.lettings.all()] == [space]
    assert widths == [0] * 7
    assert watch.complaints == [refused(422, "Unprocessable Entity")]
    assert watch.strangers == []
