"""Random acts on random leases, for years: what they make due is what counting the days says, what
was known stays known, and nothing is let twice."""

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Any, Final

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from core.errors import DomainError
from core.periods import Period, add_months, today
from leases.choices import AmendmentKind, DepositAct
from leases.models import (
    Amendment,
    Charge,
    DepositEntry,
    Discount,
    Lease,
    Letting,
    Notice,
    RentStep,
)
from leases.rent import rent_due
from leases.selectors.deposits import deposit_of
from leases.selectors.statements import vat_table
from leases.selectors.terms import terms_known_on
from leases.services.amendments import draft_amendment, drop_amendment, sign_amendment
from leases.services.drafts import draft_lease
from leases.services.holding_over import carry_on
from leases.terms import LeaseTerms
from sites.models import Booking, LettablePeriod, Measure, Site, Space, VatRule
from sites.services.spaces import measure
from sites.services.splitting import merge_spaces, split_space
from tests.factories import scene
from tests.leases import legality
from tests.leases.acts import ACTS, AHEAD, CHANGES, Wish

NOON: Final = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)
EVER: Final = Period(dt.date(2024, 1, 1), dt.date(2032, 1, 1))
LEASES: Final = 4
"""Of each run, drafted when it begins."""

number = st.integers(0, LEASES - 1)
picks = st.integers(0, 60)
amounts = st.decimals("0.01", "400", places=2)
near = st.integers(-400, 400)
"""A day, counted from today."""
changes = st.sampled_from(sorted(CHANGES))
wishes = st.tuples(near, amounts, picks)
Wanted = tuple[int, Decimal, int]


class Tenancies(RuleBasedStateMachine):
    """A hub of five rooms with awkward m² and rates, and four leases that want them."""

    site: Site
    spaces: list[Space]
    leases: list[Lease]

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(NOON, tick=False)
        self.now = self.clock.start()
        self.before = transaction.savepoint()
        self.held: dict[int, Decimal] = defaultdict(Decimal)
        self.terms: dict[int, LeaseTerms] = {}
        self.known: dict[tuple[int, dt.date], LeaseTerms | None] = {}
        self.versions: Any = []
        self.looked_at = Period(today(), today() + dt.timedelta(days=90))

    @initialize(
        wanted=st.lists(
            st.tuples(
                st.sampled_from(("startup", "sme", "large", "domiciliation")),
                st.sets(st.integers(0, 4), min_size=1, max_size=2),
                st.integers(-300, 40),
                st.none() | st.integers(1, 24),
                st.integers(0, len(AHEAD)),
            ),
            min_size=LEASES,
            max_size=LEASES,
        )
    )
    def open_the_hub(self, wanted: list[tuple[str, set[int], int, int | None, int]]) -> None:
        self.site = scene.site("CAS")
        scene.plan(self.site, "large", [(0, "133.3333"), (7, "140.05")])
        change = dt.date(2026, 3, 9)
        for subject, period, rate in (
            ("office", Period(dt.date(2020, 1, 1), change), "20"),
            ("office", Period(change), "7"),
            ("service", Period(change), "20"),
        ):
            VatRule.objects.create(
                lessor=self.site.lessor, subject=subject, period=period, rate=Decimal(rate)
            )
        self.spaces = [
            scene.office(self.site, area_m2=area)
            for area in ("17.35", "12.01", "33.33", "8.07", "20.00")
        ]
        self.leases = []
        for kind, rooms, days, months, _ahead in wanted:
            start = today() + dt.timedelta(days=days)
            self.leases.append(
                draft_lease(
                    site=self.site,
                    company=scene.company(),
                    tenant_kind=kind,
                    period=Period(start, None if months is None else add_months(start, months)),
                    spaces=[self.spaces[room] for room in sorted(rooms)]
                    if kind != "domiciliation"
                    else [],
                    acting_user=None,
                )
            )
        self.seen = self._seen()
        self._check()
        for position, (_kind, _rooms, _days, _months, ahead) in enumerate(wanted):
            self.a_lease_goes_ahead(position, ahead)

    # --- Acts -----------------------------------------------------------------------------------

    @rule(number=number, act=st.sampled_from(sorted(ACTS)), days=near, amount=amounts, pick=picks)
    def somebody_acts(self, number: int, act: str, days: int, amount: Decimal, pick: int) -> None:
        lease = self._lease(number)
        entries = lease.deposit_entries.count()
        if self._done(lambda: ACTS[act](lease, _wish(days, amount, pick))):
            for entry in lease.deposit_entries.order_by("id")[entries:]:
                came = (entry.act == DepositAct.RECEIVED) == (entry.reverses_id is None)
                self.held[lease.pk] += entry.amount if came else -entry.amount
            account = deposit_of(lease)
            assert account.held == self.held[lease.pk] >= 0
            assert account.received == account.held + account.returned + account.kept

    @rule(number=number, steps=st.integers(1, len(AHEAD)))
    def a_lease_goes_ahead(self, number: int, steps: int) -> None:
        for act in AHEAD[:steps]:
            self.somebody_acts(number, act, 0, Decimal(100), 1)

    @rule(amendments=st.lists(st.tuples(number, changes, st.none() | changes, wishes), min_size=2))
    def somebody_amends(self, amendments: list[tuple[int, str, str | None, Wanted]]) -> None:
        for number, change, instead, wanted in amendments:
            self._amend(self._lease(number), filter(None, (instead, change)), _wish(*wanted))

    def _amend(self, lease: Lease, names: Iterable[str], wish: Wish) -> None:
        """Days before the one it takes effect on bring what they brought; of two drafts upon the
        same terms the second is refused once the first is signed."""
        was = self.terms[lease.pk]
        drafts = []

        def draft(name: str) -> None:
            since, after = CHANGES[name](self, lease, was, wish)
            drafts.append(
                draft_amendment(
                    lease=lease,
                    kind=AmendmentKind.CORRECTION,
                    effective_on=since,
                    after=after,
                    reason="x",
                    acting_user=None,
                )
            )

        for name in names:
            self._done(partial(draft, name))
        signed = None
        for made in reversed(drafts):
            if self._done(partial(_sign, made)):
                assert signed is None
                signed = made
        for made in drafts:
            if made != signed:
                assert self._done(partial(_drop, made))
        if signed is not None and was.period.start < signed.effective_on:
            past = Period(was.period.start, signed.effective_on)
            vat = vat_table(self.site.lessor_id)
            assert legality.charged(rent_due(self.terms[lease.pk], past, vat)) == legality.charged(
                rent_due(was, past, vat)
            )

    @rule(pick=picks, area=amounts, days=near)
    def a_space_is_measured_again(self, pick: int, area: Decimal, days: int) -> None:
        was = dict(self.terms)
        space = self.spaces[pick % len(self.spaces)]
        since = today() + dt.timedelta(days=days)
        self._done(lambda: measure(space=space, area_m2=area, since=since, acting_user=None))
        assert self.terms == was

    @rule(merged=st.booleans(), pick=picks, days=near, share=st.integers(1, 9))
    def walls_move(self, merged: bool, pick: int, days: int, share: int) -> None:
        """Each day brings what it brought."""
        was = dict(self.terms)
        since = today() + dt.timedelta(days=days)
        one, other = (self.spaces[(pick + n) % len(self.spaces)] for n in (0, 1 + share % 3))
        code = f"N{len(self.spaces)}"

        def move() -> None:
            given: dict[str, Any] = {"since": since, "acting_user": None, "note": "x"}
            if merged:
                area = Decimal(share * 7)
                self.spaces.append(
                    merge_spaces(spaces=[one, other], code=code, area_m2=area, **given)
                )
            else:
                parts = [(f"{code}{n}", Decimal(share + n)) for n in range(2 + share % 2)]
                self.spaces += split_space(space=one, parts=parts, **given)

        self._done(move)
        vat = vat_table(self.site.lessor_id)
        for pk, terms in was.items():
            for days_of in (Period(EVER.start, since), Period(since, EVER.end)):
                assert legality.brought(rent_due(terms, days_of, vat)) == legality.brought(
                    rent_due(self.terms[pk], days_of, vat)
                )

    @rule(days=st.integers(1, 150))
    def days_go_by(self, days: int) -> None:
        """The nightly job carries on who holds over; what was known before stays known."""
        for lease in self.leases:
            self.known[lease.pk, today()] = terms_known_on(lease, today())
        self.now.shift(dt.timedelta(days=days))
        was = dict(self.terms)
        assert self._done(carry_on)
        for pk, terms in self.terms.items():
            until = was[pk].period.end
            if was[pk] != terms:
                assert until is not None
                assert until <= today()
        for (pk, day), terms_then in self.known.items():
            assert terms_known_on(Lease(pk=pk), day) == terms_then

    @rule(first=near, length=st.integers(1, 200))
    def somebody_looks_at_a_period(self, first: int, length: int) -> None:
        start = today() + dt.timedelta(days=first)
        self.looked_at = Period(start, start + dt.timedelta(days=length))
        for lease in self.leases:
            self._says_the_same(lease)

    # --- What holds ------------------------------------------------------------------------------

    def _lease(self, position: int) -> Lease:
        return Lease.objects.select_related("site").get(pk=self.leases[position].pk)

    def _done(self, act: Any) -> bool:
        """Whether the act was not refused; refused, it has changed nothing."""
        try:
            act()
        except DomainError:
            assert self._seen() == self.seen
            return False
        seen = self._seen()
        if seen != self.seen:
            self.seen = seen
            self._check()
        return True

    def _check(self) -> None:
        found = legality.all_terms()
        legality.check_all(found)
        versions = legality.versions()
        grown = [row for row in versions if row in self.versions]
        assert grown == self.versions
        self.versions = versions
        was, self.terms = self.terms, found
        for lease in self.leases:
            if found[lease.pk] != was.get(lease.pk):
                self._says_the_same(lease)

    def _says_the_same(self, lease: Lease) -> None:
        terms = self.terms[lease.pk]
        legality.says_what_counting_the_days_says(lease, terms, self.looked_at)

    def _seen(self) -> list[Any]:
        rows: list[Any] = [
            Lease.objects.values_list("id", "state", "period", "deposit_due", "deposit_waiver"),
            Letting.objects.values_list("id", "period", "tenant_kind", "area_m2"),
            RentStep.objects.values_list("id", "period", "rate"),
            Discount.objects.values_list("id", "period", "value"),
            Charge.objects.values_list("id", "period", "rate"),
            Booking.objects.values_list("id", "period"),
            Amendment.objects.values_list("id", "state"),
            Notice.objects.values_list("id", "withdrawn_on"),
            DepositEntry.objects.values_list("id"),
            Measure.objects.values_list("id", "period", "area_m2"),
            LettablePeriod.objects.values_list("id", "period"),
        ]
        return [list(values.order_by("id")) for values in rows]

    def teardown(self) -> None:
        self.clock.stop()
        transaction.savepoint_rollback(self.before)


def _wish(days: int, amount: Decimal, pick: int) -> Wish:
    return Wish(today() + dt.timedelta(days=days), amount, pick)


def _sign(amendment: Amendment) -> None:
    sign_amendment(amendment=amendment, signed_on=today(), acting_user=None)


def _drop(amendment: Amendment) -> None:
    drop_amendment(amendment=amendment, acting_user=None)


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Tenancies,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_random_acts_on_random_leases() -> None:
    _run(examples=2, steps=12)


@pytest.mark.torture
@pytest.mark.django_db
def test_random_acts_on_two_thousand_leases() -> None:
    bounded = os.environ.get("TORTURE") == "bounded"
    _run(examples=10 if bounded else 2000 // LEASES, steps=30)
