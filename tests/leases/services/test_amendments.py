"""Amendments: drafted, signed, dropped; the lease as of each act; deposits; notices; mistakes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from accounts.choices import Role
from core.errors import DomainError, NotAllowed
from core.periods import ONE_DAY, Period, add_months, today
from leases import changes
from leases.choices import AmendmentKind, DepositAct, LeaseState, NoticeBy
from leases.errors import (
    AmendmentClosed,
    BadLeaseDate,
    BadTerms,
    DepositMissing,
    DepositNotHeld,
    KeptBySettlement,
    LeaseMovedOn,
    NoNotice,
    NothingChanges,
    NoticeStands,
    ReasonNeeded,
)
from leases.flaws import Flaw, flaws
from leases.models import Amendment, DepositEntry, Lease
from leases.rent import rent_due
from leases.selectors.amending import with_category
from leases.selectors.deposits import DepositAccount, deposit_of
from leases.selectors.terms import rent_rhythm, terms_known_on, terms_of
from leases.services.amendments import draft_amendment, drop_amendment, sign_amendment
from leases.services.deposits import enter_deposit, take_back_entry, waive_deposit
from leases.services.exits import end_lease
from leases.services.handover import hand_over
from leases.services.notices import give_notice, withdraw_notice
from leases.services.reversals import take_back_end, take_back_handover
from leases.terms import LeaseTerms, LettingTerms
from sites.choices import TenantKind
from sites.errors import SpaceTaken
from sites.models import Booking, Site, Space
from sites.rates import Step
from tests.factories import scene, tenancies

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 1)
JULY = dt.date(2026, 7, 1)
END = dt.date(2029, 1, 1)


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def lease(site: Site) -> Lease:
    """Three years from 1 January 2026, 20 m² at 100 DH."""
    return tenancies.active(site, scene.office(site, code="A1"), start=START)


def amend(lease: Lease, after: LeaseTerms, on: dt.date = JULY, kind: str = "space") -> Amendment:
    draft = draft_amendment(
        lease=lease,
        kind=AmendmentKind(kind),
        effective_on=on,
        after=after,
        reason="Accord du comité",
        acting_user=None,
    )
    return sign_amendment(amendment=draft, signed_on=today(), acting_user=None)


def another(space: Space, since: dt.date = JULY, rate: int = 100) -> LettingTerms:
    period = Period(since, END)
    return LettingTerms(
        space_id=space.pk,
        space=space.code,
        tenant_kind=TenantKind.SME,
        area_m2=Decimal(20),
        period=period,
        unit="per_m2",
        steps=(Step(period, Decimal(rate)),),
        rhythm=rent_rhythm(space),
    )


def refused(act: Any, error: type[DomainError]) -> None:
    with pytest.raises(error), transaction.atomic():
        act()


def test_another_space_is_booked_numbered_and_kept_with_before_and_after(
    lease: Lease, site: Site
) -> None:
    manager = scene.staff(Role.SITE_MANAGER, site)
    before = terms_of(lease)
    after = changes.let(before, another(scene.office(site, code="A2")))
    draft = draft_amendment(
        lease=lease,
        kind=AmendmentKind.SPACE,
        effective_on=JULY,
        after=after,
        reason="Recrutements",
        acting_user=manager,
    )
    assert Booking.objects.count() == 1  # a draft books nothing
    for _click in range(2):
        signed = sign_amendment(amendment=draft, signed_on=today(), acting_user=manager)
    assert (signed.number, signed.state, signed.version.version) == (1, "signed", 2)  # type: ignore[union-attr]
    assert [(b.space.code, b.period, b.label) for b in Booking.objects.order_by("id")] == [
        ("A1", Period(START, END), lease.number),
        ("A2", Period(JULY, END), lease.number),
    ]
    now = terms_of(lease)
    assert [let.space for let in now.lettings] == ["A1", "A2"]
    assert rent_due(now, Period(JULY, add_months(JULY, 1))).net == 4000
    assert signed.version.reason_in_words.endswith("(Recrutements)")  # type: ignore[union-attr]
    refused(lambda: drop_amendment(amendment=signed, acting_user=manager), AmendmentClosed)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Amendment.objects.filter(pk=signed.pk).update(reason="autre")


def test_what_is_refused(lease: Lease, site: Site) -> None:
    before = terms_of(lease)
    more = changes.let(before, another(scene.office(site, code="A2")))
    dearer = changes.reprice(before, 0, JULY, "per_m2", [Step(Period(JULY, END), Decimal(120))])

    def draft(after: LeaseTerms, **given: Any) -> Amendment:
        values = {"effective_on": JULY, "reason": "x", "acting_user": None, **given}
        return draft_amendment(lease=lease, kind=AmendmentKind.RENT, after=after, **values)

    refused(lambda: draft(before), NothingChanges)
    refused(lambda: draft(dearer, reason=" "), ReasonNeeded)
    refused(lambda: draft(dearer, effective_on=JULY + ONE_DAY), BadTerms)
    refused(lambda: draft(replace(dearer, lettings=())), BadTerms)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    elsewhere = scene.staff(Role.SITE_MANAGER, scene.site("RAB"))
    for user in (officer, elsewhere):
        refused(partial(draft, dearer, acting_user=user), NotAllowed)
    first, second = draft(dearer), draft(more)
    refused(
        lambda: sign_amendment(amendment=first, signed_on=today() + ONE_DAY, acting_user=None),
        BadLeaseDate,
    )
    sign_amendment(amendment=first, signed_on=today(), acting_user=None)
    refused(
        lambda: sign_amendment(amendment=second, signed_on=today(), acting_user=None), LeaseMovedOn
    )
    drop_amendment(amendment=second, acting_user=None)
    refused(
        lambda: sign_amendment(amendment=second, signed_on=today(), acting_user=None),
        AmendmentClosed,
    )


def test_a_space_that_somebody_else_has_refuses_the_whole_amendment(
    lease: Lease, site: Site
) -> None:
    theirs = scene.office(site, code="A2")
    tenancies.signed(site, theirs, start=dt.date(2028, 1, 1))
    before = terms_of(lease)
    moved = changes.let(changes.give_up(before, 0, JULY), another(theirs))
    refused(lambda: amend(lease, moved), SpaceTaken)
    assert terms_of(lease) == before


def test_two_tenants_swap_rooms_within_their_days(site: Site) -> None:
    """What is given up is given up first, so that one act may go back and forth."""
    one, other = scene.office(site, code="A1"), scene.office(site, code="A2")
    lease = tenancies.active(site, one, other, start=START)
    after = terms_of(lease)
    for position in (0, 1):
        after = changes.give_up(after, position, JULY)
    after = changes.let(changes.let(after, another(other, rate=90)), another(one, rate=80))
    amend(lease, after)
    lets = [(let.space, str(let.period.start)) for let in terms_of(lease).lettings]
    assert sorted(lets) == [
        ("A1", "2026-01-01"), ("A1", "2026-07-01"), ("A2", "2026-01-01"), ("A2", "2026-07-01")
    ]  # fmt: skip


def test_the_lease_as_it_was_known_after_each_of_five_amendments(site: Site) -> None:
    rooms = [scene.office(site, code=f"A{n}") for n in range(1, 3)]
    with time_machine.travel(dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC), tick=False):
        lease = tenancies.active(site, rooms[0], start=START)
    acts: list[Callable[[LeaseTerms], LeaseTerms]] = [
        lambda terms: changes.let(terms, another(rooms[1], dt.date(2026, 2, 1))),
        lambda terms: changes.resize(terms, 0, dt.date(2026, 3, 1), Decimal(22)),
        lambda terms: changes.move_end(terms, dt.date(2030, 1, 1)),
        lambda terms: changes.give_up(terms, 2, dt.date(2026, 5, 1)),
        lambda terms: replace(terms, deposit_due=Decimal(5000)),
    ]
    known = [terms_of(lease)]
    for number, act in enumerate(acts, start=2):
        on = dt.date(2026, number, 1)
        with time_machine.travel(dt.datetime(2026, number, 1, 9, tzinfo=dt.UTC), tick=False):
            amend(lease, act(terms_of(lease)), on=on)
        lease.refresh_from_db()
        known.append(terms_of(lease))
    assert terms_known_on(lease, dt.date(2025, 12, 31)) is None
    for month, terms in enumerate(known, start=1):
        assert terms_known_on(lease, dt.date(2026, month, 1)) == terms
        assert terms_known_on(lease, add_months(dt.date(2026, month, 1), 1) - ONE_DAY) == terms
    assert len({str(terms) for terms in known}) == 6
    numbers = lease.amendments.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]


def test_a_deposits_ledger_adds_up_and_the_keys_wait_for_it(site: Site) -> None:
    lease = tenancies.signed(site, scene.office(site), start=START)
    assert lease.deposit_due == 2000
    refused(lambda: hand_over(lease=lease, on=START, acting_user=None), DepositMissing)

    def enter(act: str, amount: str, note: str = "") -> DepositEntry:
        return enter_deposit(
            lease=lease,
            act=DepositAct(act),
            amount=Decimal(amount),
            on=today(),
            note=note,
            acting_user=None,
        )

    paid = enter("received", "1500")
    refused(lambda: hand_over(lease=lease, on=START, acting_user=None), DepositMissing)
    enter("received", "500")
    hand_over(lease=lease, on=START, acting_user=None)
    refused(lambda: enter("returned", "2000.01", "départ"), DepositNotHeld)
    refused(lambda: enter("returned", "10"), ReasonNeeded)
    refused(lambda: enter("kept", "10", "Peinture"), KeptBySettlement)
    enter("returned", "300", "Trop perçu")
    refused(
        lambda: (
            take_back_entry(entry=paid, reason="erreur", acting_user=None)
            and enter("returned", "201", "x")
        ),
        DepositNotHeld,
    )
    for _click in range(2):
        take_back_entry(entry=paid, reason="erreur", acting_user=None)
    account = deposit_of(lease)
    assert account == DepositAccount(
        due=Decimal(2000), received=Decimal(500), returned=Decimal(300), kept=Decimal(0)
    )
    assert (account.held, account.missing) == (Decimal(200), Decimal(1800))
    with pytest.raises(DatabaseError, match="less than nothing"), transaction.atomic():
        DepositEntry.objects.create(
            lease=lease, act="returned", amount=Decimal(201), on=today(), method="cash", note="x"
        )
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        DepositEntry.objects.update(amount=1)


def test_a_deposit_can_be_waived_with_a_reason(site: Site) -> None:
    lease = tenancies.signed(site, scene.office(site), start=START)
    waive_deposit(lease=lease, reason="Convention avec l'État", acting_user=None)
    assert hand_over(lease=lease, on=START, acting_user=None).state == LeaseState.ACTIVE


def test_notice_has_its_period_and_can_be_withdrawn(lease: Lease) -> None:
    given = {"lease": lease, "given_by": NoticeBy.TENANT, "acting_user": None}
    day = dt.date(2026, 1, 31)
    refused(lambda: withdraw_notice(lease=lease, on=day, reason="x", acting_user=None), NoNotice)
    refused(lambda: give_notice(given_on=today() + ONE_DAY, **given), BadLeaseDate)  # type: ignore[arg-type]
    refused(lambda: give_notice(given_on=day, last_day=day, **given), ReasonNeeded)  # type: ignore[arg-type]
    notice = give_notice(given_on=day, **given)  # type: ignore[arg-type]
    assert notice.last_day == dt.date(2026, 4, 30)
    refused(lambda: give_notice(given_on=day, **given), NoticeStands)  # type: ignore[arg-type]
    withdraw_notice(lease=lease, on=day, reason="Ils restent", acting_user=None)
    again = give_notice(given_on=day, last_day=dt.date(2026, 3, 1), reason="d'accord", **given)  # type: ignore[arg-type]
    assert list(lease.notices.standing()) == [again]


def test_a_mistaken_handover_and_a_mistaken_end_are_taken_back(lease: Lease, site: Site) -> None:
    refused(lambda: take_back_handover(lease=lease, reason="", acting_user=None), ReasonNeeded)
    assert take_back_handover(lease=lease, reason="Autre bail", acting_user=None).state == "signed"
    hand_over(lease=lease, on=START, acting_user=None)
    before = terms_of(lease)
    end_lease(lease=lease, last_day=today(), reason="Départ", acting_user=None)
    assert terms_of(lease) != before
    back = take_back_end(lease=lease, reason="Erreur de bail", acting_user=None)
    assert (back.state, back.exit_on, terms_of(lease)) == ("active", None, before)
    versions = lease.versions.order_by("version").values_list("reason", flat=True)
    assert list(versions) == ["signed", "ended: Départ", "reopened: Erreur de bail"]
    end_lease(lease=lease, last_day=today(), reason="Départ", acting_user=None)
    room = Space.objects.get(code="A1")
    tenancies.signed(site, room, start=today() + ONE_DAY)
    refused(lambda: take_back_end(lease=lease, reason="Erreur", acting_user=None), SpaceTaken)


def test_a_statement_of_the_past_stays_when_the_future_is_amended(lease: Lease) -> None:
    past = Period(START, JULY)
    said = rent_due(terms_of(lease), past)
    rest = [Step(Period(JULY, END), Decimal(150))]
    amend(lease, changes.reprice(terms_of(lease), 0, JULY, "per_m2", rest), kind="rent")
    assert rent_due(terms_of(lease), past) == said
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM leases_leaseversion")
        assert cursor.fetchone() == (2,)


def test_a_domiciled_company_changes_its_kind_at_a_rate_of_its_own(site: Site) -> None:
    """The plan of the new kind counts by m², of which there are none."""
    lease = tenancies.signed(site, kind=TenantKind.DOMICILIATION, start=START)
    terms = terms_of(lease)
    by_plan = with_category(lease, terms, TenantKind.SME, JULY)
    assert flaws(by_plan) == [(Flaw.STEPS, 1)]
    amend(lease, with_category(lease, terms, TenantKind.SME, JULY, rates={0: Decimal(450)}))
    assert rent_due(terms_of(lease), Period(JULY, add_months(JULY, 1))).net == 450
