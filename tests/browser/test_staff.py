"""A member of staff's first minutes: both factors, a list, a company that may be there already."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from core.periods import today
from sites.services.people import create_staff
from tenants.models import Company
from tenants.services import note_presence
from tests.browser.watch import PHONE, Watch, overflow, shot
from tests.factories import scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "a long enough demo phrase"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def _sign_in(page: Page, base: str, email: str) -> None:
    page.goto(base + reverse("admin:index"))
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form", has=page.locator("input[name=password]")).locator(
        "[type=submit]"
    ).first.click()
    page.fill("input[name=code]", format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))
    page.locator("form", has=page.locator("input[name=code]")).locator(
        "[type=submit]"
    ).first.click()
    page.wait_for_url(base + reverse("admin:index"))


def test_from_sign_in_to_a_new_company(page: Page, live_server: LiveServer) -> None:
    site = scene.site("CAS")
    user = create_staff(
        email="director@example.org",
        name="Directrice Demo",
        password=PASSWORD,
        memberships=[(Role.DIRECTOR, None)],
        acting_user=None,
    )
    TOTP.activate(user, SECRET)
    for number in range(3):
        made = scene.company(f"Atelier Demo {number}", ice="")
        note_presence(company=made, site=site, acting_user=None)
    scene.office(site, code="B12")
    base = live_server.url
    _sign_in(page, base, user.email)
    watch = Watch(page, base)
    page.reload()
    shot(page, "index_fr")

    page.goto(base + reverse("admin:tenants_company_changelist"))
    shot(page, "companies_fr")
    page.fill("input[name=q]", "ATÉLIER demo 1")
    page.press("input[name=q]", "Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)

    page.goto(base + reverse("admin:tenants_company_add"))
    shot(page, "company_add_fr")
    page.fill("input[name=name]", "Atelier Démo 1 SARL")
    page.click("[name=_save]")
    expect(page.locator("body")).to_contain_text("Atelier Demo 1")
    shot(page, "company_look_alike_fr")
    assert Company.objects.count() == 3
    page.check("input[name=create_anyway]")
    page.click("[name=_save]")
    page.wait_for_url(base + reverse("admin:tenants_company_changelist"))
    company = Company.objects.get(name="Atelier Démo 1 SARL")

    for name, route in {
        "company": "admin:tenants_company_change",
        "history": "admin:tenants_company_history",
        "merge": "admin:tenants_company_merge",
        "identity": "admin:tenants_company_change_identity",
    }.items():
        page.goto(base + reverse(route, args=(company.pk,)))
        shot(page, f"{name}_fr")
    space = site.spaces.get(code="B12")
    page.goto(base + reverse("admin:sites_space_change", args=(space.pk,)))
    shot(page, "space_fr")
    page.goto(base + reverse("admin:sites_space_take_out", args=(space.pk,)))
    shot(page, "take_out_fr")
    page.goto(base + reverse("admin:sites_space_changelist") + "?lang=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    shot(page, "spaces_ar")
    page.goto(base + reverse("admin:tenants_company_change", args=(company.pk,)))
    shot(page, "company_ar")
    page.set_viewport_size(PHONE)
    page.goto(base + reverse("admin:tenants_company_changelist"))
    shot(page, "companies_ar_phone")
    names = page.locator("#result_list tbody :is(td, th)[data-label]:visible").evaluate_all(
        "cells => [...new Set(cells.map(cell => getComputedStyle(cell, '::before').marginRight))]"
    )
    assert names == ["0px"]  # at the row's own edge, not beside the value
    assert watch.complaints == []
    assert watch.strangers == []


def test_an_officer_offers_one_of_the_free_spaces(page: Page, live_server: LiveServer) -> None:
    site = scene.site("CAS")
    for code in ("B12", "B13"):
        scene.office(site, code=code)
    file = scene.decided(scene.application(site, name="Capteurs Démo"))
    user = create_staff(
        email="officer@example.org",
        name="Chargée Demo",
        password=PASSWORD,
        memberships=[(Role.ADMISSIONS_OFFICER, site)],
        acting_user=None,
    )
    TOTP.activate(user, SECRET)
    base = live_server.url
    _sign_in(page, base, user.email)
    watch = Watch(page, base)
    page.goto(base + reverse("admin:applications_application_change", args=(file.pk,)))
    page.get_by_text("Autres actions").click()
    page.get_by_role("link", name="Faire une offre").click()
    page.set_viewport_size(PHONE)
    shot(page, "offer_fr_phone")
    lines = page.locator(".staff-choices label")
    expect(lines).to_have_count(2)
    lines.first.click()
    page.get_by_role("button", name="Faire l’offre et retenir le local").click()
    expect(page.locator("body")).to_contain_text("L’offre est faite et le local est retenu")
    shot(page, "offered_fr_phone")
    assert file.offers.get().open_until > today()
    assert overflow(page) == 0
    assert watch.complaints == []
    assert watch.strangers == []
