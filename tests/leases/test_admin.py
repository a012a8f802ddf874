"""Leases in the staff site: drafted by hand, signed, handed over, ended, cancelled."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.models import User
from core.periods import Period, add_months, today
from leases.changes import discount, give_up, resize
from leases.choices import AmendmentKind
from leases.models import Lease
from leases.selectors.deposits import deposit_of
from leases.selectors.space_story import story
from leases.selectors.standing import is_holding_over, rent_on
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.drafts import draft_lease
from leases.services.signing import sign_lease
from leases.terms import DiscountTerms
from sites.choices import BookingKind
from sites.models import Booking, Site, Space
from sites.services.bookings import book
from tenants.services import merge_companies
from tests.factories import doors, scene, tenancies

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def manager(site: Site) -> Client:
    return doors.staff_client(Role.SITE_MANAGER, site)


def drafted(site: Site, start_months: int = 0, months: int = 36) -> Lease:
    start = add_months(today(), start_months)
    return draft_lease(
        site=site,
        company=scene.company(),
        tenant_kind="startup",
        period=Period(start, add_months(start, months)),
        spaces=[scene.office(site)],
        acting_user=None,
    )


def act(client: Client, lease: Lease, verb: str, **given: str) -> int:
    address = f"/staff/leases/lease/{lease.pk}/{verb}/?lang=en"
    return client.post(address, given).status_code


def test_draft_by_hand_takes_its_terms_from_the_plan(manager: Client, site: Site) -> None:
    space, company = scene.office(site), scene.company()
    response = manager.post(
        "/staff/leases/lease/add/?lang=en",
        {
            "site": site.pk,
            "company": company.pk,
            "tenant_kind": "startup",
            "period_0": today().isoformat(),
            "period_1": (add_months(today(), 36) - timedelta(days=1)).isoformat(),
            "tacit_months": "12",
            "notice_months": "1",
            "spaces": [space.pk],
        },
    )
    assert response.status_code == 302
    lease = Lease.objects.get()
    assert (lease.company, lease.state, lease.deposit_due) == (company, "draft", Decimal(1000))
    assert (lease.tacit_months, lease.notice_months) == (12, 1)
    assert [step.rate for step in lease.lettings.get().steps.order_by("period")] == [50, 100]


def test_the_free_spaces_of_the_site_and_the_term_are_offered(manager: Client, site: Site) -> None:
    """Asked without a space, the page comes back with those that may be chosen."""
    free, taken = scene.office(site, code="B1"), scene.office(site, code="B2")
    scene.office(scene.site("RAB"), code="R1")
    months = Period(today(), add_months(today(), 6))
    book(space=taken, period=months, kind=BookingKind.OUT_OF_SERVICE, acting_user=None)
    address = "/staff/leases/lease/add/?lang=en"
    first = manager.get(address).context["adminform"].form
    assert first["spaces"].is_hidden
    data = {
        "site": site.pk,
        "company": scene.company().pk,
        "tenant_kind": "startup",
        "period_0": add_months(today(), 1).isoformat(),
        "period_1": "",
    }
    for chosen in ([], [taken.pk]):
        form = manager.post(address, {**data, "spaces": chosen}).context["adminform"].form
        assert [label for _key, label in form.fields["spaces"].choices] == ["A-B1 · 1 · 20\u00a0m²"]
        assert list(form.errors) == ["spaces"]
    assert manager.post(address, {**data, "spaces": [free.pk]}).status_code == 302
    assert Lease.objects.get().lettings.get().space == free
    assert Lease.objects.get().notice_months == 3  # nothing said: the usual ones
    none = manager.post(address, {**data, "company": scene.company().pk, "spaces": []})
    assert none.context["adminform"].form.errors == {"spaces": ["Choose among the free spaces."]}
    domiciled = {**data, "company": scene.company().pk, "tenant_kind": "domiciliation"}
    assert manager.post(address, domiciled).status_code == 302
    assert Lease.objects.latest("id").lettings.get().space is None


def test_no_lease_is_drafted_for_a_record_that_was_merged(manager: Client, site: Site) -> None:
    keep, merged = scene.company("Double Demo"), scene.company("Double Démo SARL")
    merge_companies(keep=keep, duplicate=merged, acting_user=None)
    data = {
        "site": site.pk,
        "company": merged.pk,
        "tenant_kind": "startup",
        "period_0": today().isoformat(),
        "period_1": "",
        "spaces": [scene.office(site).pk],
    }
    answer = manager.post("/staff/leases/lease/add/?lang=en", data)
    assert answer.context["adminform"].form.errors == {
        "__all__": ["Double Démo SARL was already merged into another record."]
    }
    assert Lease.objects.count() == 0


def test_from_signature_to_exit(manager: Client, site: Site) -> None:
    lease = drafted(site)
    day = today().isoformat()
    assert act(manager, lease, "hand-over", day=day) == 200  # not signed yet: refused
    assert act(manager, lease, "sign", day=(today() + timedelta(days=1)).isoformat()) == 200
    assert act(manager, lease, "sign", day=day) == 302
    assert act(manager, lease, "hand-over", day=day) == 200  # no deposit yet: refused
    tenancies.pay_deposit(lease)
    assert act(manager, lease, "hand-over", day=day) == 302
    assert act(manager, lease, "end", last_day=day, reason="", exit_reason="term") == 200
    assert act(manager, lease, "end", last_day=day, reason="Départ.", exit_reason="agreed") == 302
    lease.refresh_from_db()
    assert (lease.state, lease.exit_on, lease.end_reason) == ("ended", today(), "Départ.")
    acts = {}
    for language in ("en", "fr"):
        page = manager.get(f"/staff/leases/lease/{lease.pk}/change/?lang={language}")
        with translation.override(language):
            rows = [each.reason_in_words for each in page.context["page"].versions]
        acts[language] = rows
        assert all(row in page.content.decode() for row in rows)
    assert acts == {"en": ["ended (Départ.)", "signed"], "fr": ["terminé (Départ.)", "signé"]}
    assert lease.versions.count() == 2


def test_keys_change_hands_once_the_lease_runs_and_is_signed(manager: Client, site: Site) -> None:
    """On any other day the lease could be neither ended nor cancelled afterwards."""
    coming = drafted(site, start_months=1)
    sign_lease(lease=coming, signed_on=today(), acting_user=None)
    running = drafted(site, start_months=-1)
    sign_lease(lease=running, signed_on=today() - timedelta(days=3), acting_user=None)
    tenancies.pay_deposit(running)
    refused = (
        (coming, today(), f"The lease starts on {coming.period.start:%d/%m/%Y}"),
        (running, today() - timedelta(days=4), "The lease was signed on"),
        (running, today() + timedelta(days=1), "Keys are not handed over in the future."),
        (running, date(1900, 1, 1), f"The lease starts on {running.period.start:%d/%m/%Y}"),
    )
    for lease, day, reason in refused:
        address = f"/staff/leases/lease/{lease.pk}/hand-over/?lang=en"
        answer = manager.post(address, {"day": day.isoformat()})
        assert answer.context["form"].errors["__all__"][0].startswith(reason)
    assert act(manager, coming, "cancel", reason="Renonce.") == 302
    assert act(manager, running, "hand-over", day=str(today() - timedelta(days=3))) == 302
    first = str(running.period.start)
    assert (
        act(manager, running, "end", last_day=first, reason="Erreur.", exit_reason="other") == 302
    )


def test_cancel_frees_what_was_booked(manager: Client, site: Site) -> None:
    lease = drafted(site)
    sign_lease(lease=lease, signed_on=today(), acting_user=None)
    assert act(manager, lease, "cancel", reason="Renonce.") == 302
    lease.refresh_from_db()
    assert (lease.state, Booking.objects.count()) == ("cancelled", 0)


def test_a_space_let_meanwhile_refuses_the_signature_and_says_why(
    manager: Client, site: Site
) -> None:
    lease = drafted(site)
    space = lease.lettings.get().space
    scene.offer(scene.application(site), space)
    page = manager.post(f"/staff/leases/lease/{lease.pk}/sign/?lang=en", {"day": str(today())})
    assert page.status_code == 200
    assert "is not free from" in page.content.decode()


def test_who_may_not_sign_does_not(site: Site) -> None:
    lease = drafted(site)
    finance = doors.staff_client(Role.FINANCE_OFFICER, site)
    assert act(finance, lease, "sign", day=str(today())) == 403
    elsewhere = doors.staff_client(Role.SITE_MANAGER, scene.site("RAB"))
    assert act(elsewhere, lease, "sign", day=str(today())) == 302  # as if it were not there
    lease.refresh_from_db()
    assert lease.state == "draft"


def test_history_rounds_neither_m2_nor_money(manager: Client, site: Site) -> None:
    lease = tenancies.drafted(site, scene.office(site, area_m2="16.15"))
    page = manager.get(f"/staff/leases/lease/{lease.pk}/history/?lang=en").content.decode()
    assert ">16.15<" in "".join(page.split())
    assert ">1,615<" in "".join(page.split())  # the deposit


def test_finance_enters_deposits_of_its_own_site(site: Site) -> None:
    lease = tenancies.signed(site, scene.office(site))
    given = {"act": "received", "method": "transfer", "amount": "2000", "on": str(today())}
    finance = doors.staff_client(Role.FINANCE_OFFICER, site)
    page = finance.get(f"/staff/leases/lease/{lease.pk}/change/").content.decode()
    assert f"/staff/leases/lease/{lease.pk}/deposit/" in page
    assert act(finance, lease, "deposit", **given) == 302
    assert deposit_of(lease).held == 2000
    elsewhere = doors.staff_client(Role.FINANCE_OFFICER, scene.site("RAB"))
    assert act(elsewhere, lease, "deposit", **given) == 302  # as if it were not there
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    assert act(officer, lease, "deposit", **given) == 403
    assert deposit_of(lease).held == 2000


def test_list_marks_and_finds_who_holds_over(manager: Client, site: Site) -> None:
    lease = drafted(site, start_months=-12, months=11)
    drafted(site)
    sign_lease(lease=lease, signed_on=add_months(today(), -12), acting_user=None)
    tenancies.moved_in(lease)
    lease.refresh_from_db()
    assert is_holding_over(lease, today())
    assert rent_on(lease, today()) == Decimal(1000)
    found = manager.get("/staff/leases/lease/?standing=holding_over&lang=en")
    assert list(found.context["cl"].result_list) == [lease]
    assert "holding over" in found.content.decode()


def test_a_room_given_up_before_the_term_costs_nothing_while_the_others_are_held_over(
    site: Site,
) -> None:
    first = add_months(today(), -12)
    rooms = [scene.office(site), scene.office(site)]
    lease = tenancies.active(site, *rooms, start=first, months=11)
    since = add_months(first, 6)
    amendment = draft_amendment(
        lease=lease, kind=AmendmentKind.SPACE, effective_on=since, reason="smaller",
        after=give_up(terms_of(lease), 0, since), acting_user=None,
    )  # fmt: skip
    sign_amendment(amendment=amendment, signed_on=since, acting_user=None)
    rents = {day: rent_on(lease, day) for day in (first, since, today())}
    assert list(rents.values()) == [Decimal(4000), Decimal(2000), Decimal(2000)]


def test_the_list_tells_of_the_spaces_of_today_and_what_they_cost(
    manager: Client, site: Site
) -> None:
    """20 m² become 25, for half of the rent: one space, 25 m², 1,250 DH."""
    lease = tenancies.active(site, scene.office(site, code="A1"), start=add_months(today(), -2))
    since = add_months(today(), -1)
    bigger = resize(terms_of(lease), 0, since, Decimal(25))
    half = DiscountTerms(Period(since, lease.period.end), "percent", Decimal(50), "pilot")
    amendment = draft_amendment(
        lease=lease, kind=AmendmentKind.SPACE, effective_on=since, reason="bigger",
        after=discount(bigger, 1, half), acting_user=None,
    )  # fmt: skip
    sign_amendment(amendment=amendment, signed_on=since, acting_user=None)
    page = manager.get("/staff/leases/lease/?lang=en").content.decode()
    told = [re.sub(r"<[^>]+>", " ", cell).split()[:4] for cell in re.findall(
        r'<td class="[^"]*field-(?:rooms|area|rent)[^"]*"[^>]*>(.*?)</td>', page, re.DOTALL
    )]  # fmt: skip
    assert told == [["A1"], ["25", "m²"], ["1,250.00", "MAD"]]
    space = Space.objects.get(code="A1")
    (let,) = story(space, today(), User.objects.get()).there_on(today())
    assert let.rent == Decimal(1250)


@pytest.mark.parametrize("query", ["signed_on__year=99999999999", "signed_on__year=x"])
def test_a_question_that_means_nothing_leads_back_to_the_list(manager: Client, query: str) -> None:
    answer = manager.get(f"/staff/leases/lease/?{query}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/staff/leases/lease/?e=1")


@pytest.mark.parametrize(
    ("first", "last"), [("2026-01-01", "9999-12-31"), ("9999-12-31", ""), ("0001-01-01", "")]
)
def test_a_term_that_nobody_means_is_an_error_of_the_form(
    manager: Client, site: Site, first: str, last: str
) -> None:
    data = {
        "site": site.pk,
        "company": scene.company().pk,
        "tenant_kind": "startup",
        "period_0": first,
        "period_1": last,
        "spaces": [scene.office(site).pk],
    }
    answer = manager.post("/staff/leases/lease/add/", data)
    assert list(answer.context["adminform"].form.errors) == ["period"]


@pytest.mark.parametrize("count", [1, 26])
def test_list_and_page_ask_the_same_however_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    leases = [drafted(site) for _number in range(count)]
    client = doors.staff_client(Role.DIRECTOR)
    page = f"/staff/leases/lease/{leases[0].pk}/change/"
    client.get(page)  # what a process learns once
    with django_assert_num_queries(9):
        client.get("/staff/leases/lease/")
    with django_assert_num_queries(13):  # a draft has no document and no report yet
        client.get(page)
