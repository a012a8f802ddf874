"""The letter, the offer, the acceptance, and what stands in the tables then."""

from decimal import Decimal

from playwright.sync_api import expect

from applications.models import Transition
from core import formats
from core.periods import Period, add_months
from leases.models import Lease, Letting, RentStep
from sites.models import Booking
from tenants.models import Company
from tests.browser.way.cast import NAMES, Way, start
from tests.browser.way.people import letters, link, submits


def learns_the_decision(way: Way) -> None:
    officer, who = way.officer, way.applicant
    officer.opens(f"/staff/applications/application/{way.file.pk}/change/")
    officer.looks("24_decided")
    who.opens(f"/my/{way.file.reference}/")
    who.looks("15_hidden")
    officer.page.locator("a.file-next").click()
    officer.looks("25_publish")
    shown = officer.page.locator(".staff-letter-text").inner_text()
    submits(officer)
    officer.looks("26_published")
    [letter] = letters()
    assert shown.split() == letter.partition("\n")[2].split()
    who.page.reload()
    who.looks("16_admitted")


def is_offered_a_space(way: Way) -> None:
    officer = way.officer
    officer.page.locator("a.file-next").click()
    officer.looks("27_offer")
    officer.looks_on_a_phone("27_offer_phone")
    officer.page.locator(".staff-choices label", has_text="B12").click()
    submits(officer)
    officer.looks("28_offered")
    [letter] = letters()
    terms = ("A-B12", "18,50", formats.day(start(), way.language), "925,00")
    assert [words for words in terms if words not in letter] == []
    way.applicant.opens(link(letter, "/my/"))
    way.applicant.looks("17_offer")


def accepts(way: Way) -> None:
    who, officer, file = way.applicant, way.officer, way.file
    who.sends("form[action$='/accept/']")
    who.looks("18_accepted")
    [letter] = letters()
    assert file.reference in letter
    # What was accepted still stands there, without the buttons.
    offer = who.page.locator("section[aria-labelledby=offer]")
    for words in ("A-B12", "18,50", "925,00", formats.day(start(), way.language)):
        expect(offer).to_contain_text(words)
    expect(offer.locator("button")).to_have_count(0)
    officer.page.reload()
    officer.looks("29_accepted")
    officer.page.locator("#lease a").click()
    officer.page.wait_for_url(f"**/leases/lease/{Lease.objects.get(application=file).pk}/change/")
    officer.looks("30_lease")


def is_a_tenant_on_paper(way: Way) -> None:
    """One company, one draft lease on the held space, at the offer's terms; and who did what."""
    company, lease, letting = Company.objects.get(), Lease.objects.get(), Letting.objects.get()
    first, end = start(), add_months(start(), 36)
    later, term = add_months(first, 18), Period(first, end)
    assert (company.name, company.legal_form, company.kind) == (
        NAMES[way.language], "sarl", "startup",
    )  # fmt: skip
    assert (lease.company, lease.application, lease.site) == (company, way.file, way.site)
    assert (lease.state, lease.tenant_kind, lease.period, lease.deposit_due, lease.signed_on) == (
        "draft", "startup", term, Decimal("925.00"), None,
    )  # fmt: skip
    assert (letting.lease, letting.space, letting.period, letting.area_m2) == (
        lease, way.space, term, Decimal("18.50"),
    )  # fmt: skip
    assert list(RentStep.objects.order_by("period").values_list("period", "unit", "rate")) == [
        (Period(first, later), "per_m2", Decimal(50)),
        (Period(later, end), "per_m2", Decimal(100)),
    ]
    held = Booking.objects.get()
    assert (held, held.kind, held.period, held.expires_at) == (letting.booking, "hold", term, None)
    steps = Transition.objects.order_by("id").values_list("step", "acting_user__name")
    assert [(step, (name or "").partition(" ")[0]) for step, name in steps] == [
        ("submit", ""),
        ("start_screening", "Officer"),
        ("request_information", "Officer"),
        ("answer_request", "Candidate"),
        ("send_to_review", "Officer"),
        ("prepare_for_committee", "Officer"),
        ("decide", "Officer"),
        ("publish_admission", "Officer"),
        ("offer", "Officer"),
        ("accept_offer", "Candidate"),
    ]
