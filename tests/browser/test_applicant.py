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
from tests.factories import calls, scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def _send(page: Page) -> None:
    page.locator("main form [type=submit]").first.click()


def _kept(**typed: str) -> None:
    """The server has it."""
    draft = Application.objects.get()
    assert draft.typed is not None
    assert {name: draft.typed[name] for name in typed} == typed


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_from_the_hub_page_to_the_accepted_offer(
    page: Page, live_server: LiveServer, language: str
) -> None:
    site = scene.site("CAS")
    space = scene.office(site, code="B12")
    version = calls.draft(site)
    calls.question(version, "stage", "choice", choices=calls.choices("idea", "sales"),
                   eligible_values=["sales"])  # fmt: skip
    calls.question(version, "customers", "number", required=True,
                   shown_if="stage", shown_if_values=["sales"])  # fmt: skip
    calls.in_use(version)
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
    page.check("input[name=q_stage][value=sales]")
    looked("2_eligible")
    _send(page)

    # Without consent nothing is kept, and the address stays where it was typed.
    page.fill("[name=email]", "candidate@example.org")
    _send(page)
    expect(page.locator("#errors")).to_be_visible()
    looked("3_errors")
    expect(page.locator("[name=email]")).to_have_value("candidate@example.org")
    assert not Application.objects.exists()
    page.check("[name=keep]")
    page.wait_for_timeout(2_000)
    _send(page)
    page.wait_for_url("**/applicant/")

    # Kept as one types, and again once the connection is back.
    saved = page.locator("#saved")
    page.check("input[name=applicant_kind][value=project_holder]")
    with page.expect_response(lambda answer: "Capteurs" in (answer.request.post_data or "")):
        page.fill("[name=name]", "Capteurs Démo")
    expect(saved).to_have_text(re.compile(r"\d\d:\d\d"))
    _kept(name="Capteurs Démo")
    page.context.set_offline(True)
    page.fill("[name=contact_name]", "Candidate Démo")
    expect(saved).to_have_class(re.compile("lost"))
    looked("4_offline")
    page.context.set_offline(False)
    expect(saved).not_to_have_class(re.compile("lost"))
    _kept(contact_name="Candidate Démo")
    _send(page)
    expect(page.locator("#errors a[href='#id_contact_phone']")).to_be_visible()
    page.fill("[name=contact_phone]", "06 12 34 56 78")
    _send(page)

    # What hangs on an answer shows at once; the browser's back button shows what was kept.
    page.wait_for_url("**/project/")
    expect(page.locator("[name=q_customers]")).to_be_visible()
    page.fill("[name=q_customers]", "12")
    page.fill("[name=project]", "Un capteur pour l’irrigation.")
    looked("5_project")
    page.go_back()
    expect(page.locator("[name=name]")).to_have_value("Capteurs Démo")
    page.go_forward()
    expect(page.locator("[name=project]")).to_have_value("Un capteur pour l’irrigation.")
    _send(page)
    page.wait_for_url("**/space/")
    page.fill("[name=wanted_m2]", "18,5")
    page.fill("[name=wanted_start]", today().isoformat())
    _send(page)
    page.wait_for_url("**/send/")
    expect(page.locator("main")).to_contain_text("18,5")
    # Whatever script an answer is in, it stands on the page's own side.
    side = "right" if language == "ar" else "left"
    sides = page.locator(".given dd").evaluate_all(
        "all => [...new Set(all.map(one => getComputedStyle(one).textAlign))]"
    )
    assert sides == [side]
    page.check("[name=consent]")
    looked("6_check")
    page.locator("form[action$='/send/'] [type=submit]").click()
    page.wait_for_url("**/apply/received/**")
    looked("7_received")
    file = Application.objects.get()
    expect(page.locator("main")).to_contain_text(file.reference)
    assert (file.language, str(file.contact_phone)) == (language, "+212612345678")
    assert file.answers == {"stage": "sales", "customers": 12}
    messages.send_due()
    begun, acknowledged = mail.outbox
    assert "/apply/resume/" in str(begun.body)
    assert file.reference in acknowledged.subject + str(acknowledged.body)

    scene.offer(file, space)
    messages.send_due()
    letter = str(mail.outbox[-1].body)
    (address,) = re.findall(r"https?://\S+/my/\S+", letter)
    page.goto(base + re.sub(r"^https?://[^/]+", "", address))
    looked("8_code_asked")
    page.fill("input[name=email]", "candidate@example.org")
    _send(page)
    code_field = page.locator("input[name=code]")
    expect(code_field).to_be_visible()
    looked("9_code")
    messages.send_due()
    letter = str(mail.outbox[-1].body)
    (code,) = re.findall(r"^\s*([A-Z0-9]{4,}-?[A-Z0-9]{3,})\s*$", letter, re.MULTILINE)
    code_field.fill(code)
    page.locator("main form", has=code_field).locator("[type=submit]").first.click()
    page.wait_for_url(f"**/my/{file.reference}/")
    looked("a_offer")
    page.locator("form[action$='/accept/'] button").click()
    page.wait_for_load_state()
    expect(page.locator("[aria-current=step]")).to_have_count(1)
    looked("b_accepted")
    file.refresh_from_db()
    assert file.state == State.ACCEPTED
    lease = Lease.objects.get(application=file)
    assert [letting.space for letting in lease.lettings.all()] == [space]
    assert widths == [0] * 11
    offline = ("Failed to load resource: net::ERR_INTERNET_DISCONNECTED", "htmx:")
    lost = [said for said in watch.complaints if said.startswith(offline)]
    rest = [said for said in watch.complaints if said not in lost]
    assert rest == [refused(422, "Unprocessable Entity")]
    assert len(lost) >= 1
    assert watch.strangers == []
