"""Tacit renewal: a term that nobody ended goes on by an amendment, from its old end."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation
from django.utils.translation import gettext

from accounts.choices import Role
from core.models import Message
from core.periods import Period, add_months, today
from leases.changes import reprice
from leases.choices import NoticeBy
from leases.models import Amendment, Lease, LeaseVersion
from leases.selectors.amending import lasting_to
from leases.selectors.terms import terms_of
from leases.services import holding_over, renewals
from leases.services.exits import end_lease
from leases.services.notices import give_notice, withdraw_notice
from leases.tasks import carry_holding_over
from leases.terms import LeaseTerms
from sites.choices import BookingKind
from sites.errors import SpaceTaken
from sites.models import Booking, Site
from sites.rates import Step
from sites.services.bookings import book, release
from tests.factories import scene, tenancies

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 31)
END = dt.date(2026, 4, 30)  # three months, clipped


def on(day: str) -> time_machine.travel:
    noon = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12), dt.UTC)
    return time_machine.travel(noon, tick=False)


@pytest.fixture
def site() -> Site:
    with on("2026-01-31"):
        return scene.site("CAS")


@pytest.fixture
def lease(site: Site) -> Lease:
    """Three months from 31 January, then one month after the other."""
    with on("2026-01-31"):
        return tenancies.active(site, scene.office(site, code="B1"), months=3, tacit_months=1)


def days(lease: Lease) -> tuple[Period, Period, Period, list[Period]]:
    """The term, the letting's days, its booking's and its steps'."""
    lease.refresh_from_db()
    (letting,) = lease.lettings.select_related("booking")
    assert letting.booking is not None
    steps = list(letting.steps.order_by("period").values_list("period", flat=True))
    return lease.period, letting.period, letting.booking.period, steps


def until(end: dt.date) -> tuple[Period, Period, Period, list[Period]]:
    term = Period(START, end)
    return term, term, term, [term]


def acts(lease: Lease) -> list[tuple[int | None, str, str, dt.date, dt.date | None]]:
    rows = Amendment.objects.filter(lease=lease).order_by("id")
    return [
        (each.number, each.kind, each.state, each.effective_on, each.signed_on) for each in rows
    ]


def test_each_term_that_went_by_is_a_renewal_of_its_own(lease: Lease) -> None:
    with on("2026-04-29"):  # the last day of the term
        assert (renewals.renew_tacitly(), days(lease)) == ({}, until(END))
    with on("2026-08-03"):  # nobody was there for months
        carry_holding_over()
        assert days(lease) == until(dt.date(2026, 8, 31))
        signed = dt.date(2026, 8, 3)
        ends = [END, *(dt.date(2026, month, day) for month, day in ((5, 31), (6, 30), (7, 31)))]
        told = [
            (number, "renewal", "signed", end, signed) for number, end in enumerate(ends, start=1)
        ]
        assert acts(lease) == told
        assert not Lease.objects.holding_over(signed).exists()
        versions = LeaseVersion.objects.filter(lease=lease).count()
        carry_holding_over()
        assert (acts(lease), LeaseVersion.objects.filter(lease=lease).count()) == (told, versions)
    (first, *_rest) = Amendment.objects.filter(lease=lease).order_by("id")
    with translation.override("fr"):
        reason = gettext("Tacit renewal: no notice was given.")
    assert (first.acting_user, first.reason) == (None, reason)


def _noticed(lease: Lease) -> None:
    with on("2026-02-10"):
        give_notice(
            lease=lease,
            given_by=NoticeBy.TENANT,
            given_on=dt.date(2026, 2, 10),
            last_day=dt.date(2026, 4, 29),
            reason="agreed",
            acting_user=None,
        )


def _ended(lease: Lease) -> None:
    with on("2026-04-29"):
        end_lease(lease=lease, last_day=dt.date(2026, 4, 29), reason="left", acting_user=None)


def _no_clause(lease: Lease) -> None:
    Lease.objects.filter(pk=lease.pk).update(tacit_months=None)


def _no_keys(lease: Lease) -> None:
    Lease.objects.filter(pk=lease.pk).update(state="signed", handed_over_on=None)


@pytest.mark.parametrize("so", [_noticed, _ended, _no_clause, _no_keys])
def test_what_is_not_renewed(lease: Lease, so: Callable[[Lease], None]) -> None:
    so(lease)
    with on("2026-05-02"):
        assert renewals.renew_tacitly() == {}
    lease.refresh_from_db()
    assert (lease.period.end, acts(lease)) == (END, [])


def test_a_notice_withdrawn_late_renews_from_the_old_end(lease: Lease) -> None:
    _noticed(lease)
    with on("2026-05-05"):
        carry_holding_over()
        assert days(lease)[:2] == (Period(START, END), Period(START, dt.date(2026, 5, 6)))
        withdraw_notice(lease=lease, on=dt.date(2026, 5, 5), reason="they stay", acting_user=None)
    with on("2026-05-06"):
        carry_holding_over()
        assert days(lease) == until(dt.date(2026, 5, 31))
        assert acts(lease) == [(1, "renewal", "signed", END, dt.date(2026, 5, 6))]


def test_where_the_next_one_is_booked_it_holds_over_until_the_way_is_free(
    site: Site, lease: Lease
) -> None:
    manager = scene.staff(Role.SITE_MANAGER, site)
    space = lease.lettings.get().space
    assert space is not None
    with on("2026-04-01"):
        other = tenancies.active(site, scene.office(site, code="B2"), months=1, tacit_months=12)
        following = book(
            space=space,
            period=Period(dt.date(2026, 5, 20), add_months(END, 12)),
            kind=BookingKind.HOLD,
            label="TP-9",
            acting_user=None,
        )
    with on("2026-05-02"):
        refused = renewals.renew_tacitly()
        assert {number: type(why) for number, why in refused.items()} == {lease.number: SpaceTaken}
        assert acts(lease) == []  # nor a draft of one
        other.refresh_from_db()
        assert other.period.end == dt.date(2027, 5, 1)  # held up by nobody
        carry_holding_over()
        assert days(lease)[:2] == (Period(START, END), Period(START, dt.date(2026, 5, 3)))
        assert [mail.to for mail in Message.objects.all()] == [manager.email]
    with on("2026-05-04"):
        release(booking=Booking.objects.get(pk=following.pk), acting_user=None)
        carry_holding_over()
        assert days(lease) == until(dt.date(2026, 5, 31))


def test_a_failing_renewal_holds_up_neither_the_bookings_nor_the_warnings(
    lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(renewals, "renew_tacitly", fails)
    with on("2026-05-02"):
        assert list(Lease.objects.holding_over(dt.date(2026, 5, 2))) == [lease]
        with pytest.raises(ExceptionGroup) as told:
            carry_holding_over()
        assert [str(error) for error in told.value.exceptions] == ["broken"]
        assert days(lease)[1] == Period(START, dt.date(2026, 5, 3))
        assert holding_over.carry_on() == {}


def test_a_start_up_that_is_renewed_still_comes_to_its_next_rate(site: Site) -> None:
    """50 DH for 18 months, then 100: 12 months that go on for 12 more do not put it off."""
    start, half = dt.date(2026, 1, 31), dt.date(2027, 7, 31)
    with on("2026-01-31"):
        lease = tenancies.active(
            site, scene.office(site), kind="startup", months=12, tacit_months=12
        )
        other = tenancies.active(site, scene.office(site), kind="startup", months=12)
    with on("2027-02-10"):
        carry_holding_over()
        assert _rates(terms_of(lease)) == [(start, "50"), (half, "100")]
        assert lease.amendments.get().effective_on == dt.date(2027, 1, 31)
        end = dt.date(2028, 1, 31)
        agreed = lasting_to(other, terms_of(other), end)
        assert _rates(agreed) == [(start, "50"), (half, "100")]
        cheaper = reprice(
            terms_of(other), 0, start, "per_m2", [Step(Period(start, today()), Decimal(40))]
        )
        # Where another rent was agreed than the plan's, it goes on.
        assert _rates(lasting_to(other, cheaper, end)) == [(start, "40")]


def _rates(terms: LeaseTerms) -> list[tuple[dt.date, str]]:
    (letting,) = terms.lettings
    assert letting.steps[-1].period.end == letting.period.end
    return [(step.period.start, f"{step.rate:.0f}") for step in letting.steps]
