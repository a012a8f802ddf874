"""The applicant: from the hub's page to the sent application."""

import re
from decimal import Decimal
from urllib.parse import quote

from playwright.sync_api import FilePayload, expect

from applications.models import Application
from core import formats
from tests.browser.watch import PHONE, refused
from tests.browser.way.cast import EMAIL, NAMES, PROJECTS, Way, start
from tests.browser.way.people import letters, link, person, uploads
from tests.factories.uploads import pdf


def begins(way: Way) -> str:
    """From the hub's page to a draft; what comes back is the way back in the letter."""
    who, page = way.applicant, way.applicant.page
    who.opens(f"/sites/CAS/?lang={way.language}")
    who.looks("01_site")
    page.locator("main a[href*='/apply/']").first.click()
    page.check("input[name=q_stage][value=sales]")
    who.looks("02_eligible")
    who.sends("main form")
    # Without consent nothing is kept, and the address stays where it was typed.
    page.fill("[name=email]", EMAIL)
    who.sends("main form")
    expect(page.locator("#errors")).to_be_visible()
    who.looks("03_errors")
    expect(page.locator("[name=email]")).to_have_value(EMAIL)
    assert not Application.objects.exists()
    page.check("[name=keep]")
    page.wait_for_timeout(2_000)
    who.sends("main form")
    page.wait_for_url("**/applicant/")

    # Kept as one types, and again once the connection is back.
    saved = page.locator("#saved")
    page.check("input[name=applicant_kind][value=company]")
    typed = quote(NAMES[way.language])
    with page.expect_response(lambda answer: typed in (answer.request.post_data or "")):
        page.fill("[name=name]", NAMES[way.language])
    expect(saved).to_have_text(re.compile(r"\d\d:\d\d"))
    _kept(way, name=NAMES[way.language])
    page.context.set_offline(True)
    page.fill("[name=contact_name]", "Candidate Démo")
    expect(saved).to_have_class(re.compile("lost"))
    who.looks("04_offline")
    page.context.set_offline(False)
    expect(saved).not_to_have_class(re.compile("lost"))
    _kept(way, contact_name="Candidate Démo")
    offline = ("Failed to load resource: net::ERR_INTERNET_DISCONNECTED", "htmx:")
    rest = [said for said in who.watch.complaints if not said.startswith(offline)]
    assert rest == [refused(422, "Unprocessable Entity")]
    assert {page: excess for page, excess in who.wide.items() if excess} == {}
    page.context.close()
    [letter] = letters()
    return link(letter, "/apply/resume/")


def _kept(way: Way, **typed: str) -> None:
    """The server has it."""
    known = way.file.typed
    assert known is not None
    assert {name: known[name] for name in typed} == typed


def comes_back_and_sends(way: Way, resume: str) -> None:
    """In a browser that knows nothing, by the letter's link; then chapter by chapter."""
    browser = way.officer.page.context.browser
    assert browser is not None
    who = way.applicant = person(browser, way.officer.base, way.language, "applicant", size=PHONE)
    page = who.page
    who.opens(resume)
    expect(page.locator("[name=name]")).to_have_value(NAMES[way.language])
    page.select_option("[name=legal_form]", "sarl")
    who.sends("#chapter")
    expect(page.locator("#errors a[href='#id_contact_phone']")).to_be_visible()
    page.fill("[name=contact_phone]", "06 12 34 56 78")
    who.looks("05_applicant")
    who.sends("#chapter")
    page.wait_for_url("**/project/")
    _fills_the_other_chapters(way)
    for words in ("18,5", formats.day(start(), way.language)):
        expect(page.locator(".given").nth(2)).to_contain_text(words)
    # Whatever script a short answer is in, it stands on the page's own side.
    sides = page.locator(".given dd").evaluate_all(
        "all => [...new Set(all.map(one => getComputedStyle(one).textAlign))]"
    )
    assert sides == ["right" if way.language == "ar" else "left"]
    page.check("[name=consent]")
    who.looks("09_check")
    who.sends("form[action$='/send/']")
    page.wait_for_url("**/apply/received/**")
    who.looks("10_received")
    expect(page.locator("main")).to_contain_text(way.file.reference)
    [letter] = letters()
    assert way.file.reference in letter
    file = way.file
    assert (file.language, file.wanted_m2, file.wanted_start, file.answers) == (
        way.language, Decimal("18.50"), start(), {"stage": "sales", "customers": 12},
    )  # fmt: skip


def _fills_the_other_chapters(way: Way) -> None:
    who, page = way.applicant, way.applicant.page
    # What hangs on an answer shows at once; the browser's back button shows what was kept.
    page.fill("[name=q_customers]", "12")
    page.fill("[name=project]", PROJECTS[way.language])
    page.fill("[name=team_size]", "3")
    who.looks("06_project")
    page.go_back()
    expect(page.locator("[name=name]")).to_have_value(NAMES[way.language])
    page.go_forward()
    expect(page.locator("[name=project]")).to_have_value(PROJECTS[way.language])
    who.sends("#chapter")
    page.wait_for_url("**/space/")
    page.fill("[name=wanted_m2]", "18,5")
    page.fill("[name=wanted_start]", start().isoformat())
    who.looks("07_space")
    who.sends("#chapter")
    page.wait_for_url("**/documents/")
    uploads(who, "plan", FilePayload(name="خطة.pdf", mimeType="application/pdf", buffer=pdf()))
    who.looks("08_documents")
    who.sends("#chapter")
    page.wait_for_url("**/send/")
