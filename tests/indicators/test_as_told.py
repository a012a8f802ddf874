"""What was told of a day is told of it still when more has been agreed since.

Real leases at random, month after month: on each day figures are asked for as a director asks them
that day, and once more at the end. Nothing is signed late here and no wall moves: such news change
the past.
"""

import datetime as dt
import os
import random
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

import pytest
import time_machine
from django.db import transaction

from core.errors import DomainError
from core.periods import Period
from indicators.selectors.network import Network
from leases import changes
from leases.choices import AmendmentKind, NoticeBy
from leases.models import Lease
from leases.selectors.amending import lasting_to, with_space
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.assignment import assign_lease
from leases.services.exits import end_lease
from leases.services.holding_over import carry_on
from leases.services.notices import give_notice, withdraw_notice
from leases.services.renewals import renew_tacitly
from leases.terms import LeaseTerms
from sites.choices import TenantKind
from sites.models import Space
from sites.rates import Step
from tests.factories import scene, tenancies

FIRST: Final = dt.date(2024, 1, 1)
STATES: Final = ("contracted_rent", "rent_per_m2", "walt_end", "walt_exit", "hosted")
PROFILES: Final = ("expiry", "outlook")
SEEDS: Final = range(20) if os.environ.get("TORTURE") == "full" else (2,)


class House:
    """Leases to which something happens on `today`, chosen by `draw`."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.today = FIRST
        self.site = scene.site("CAS")
        self.free = [scene.office(self.site) for _each in range(24)]
        self.leases = [self._lease() for _each in range(5)]
        fee = tenancies.active(self.site, start=FIRST, kind=TenantKind.DOMICILIATION, months=12)
        self.leases.append(fee)
        self.acts: list[Callable[[Lease, LeaseTerms], object]] = [
            *(self.renew, self.shorten, self.give_up, self.resize, self.reclassify, self.add),
            *(self.notice, self.withdraw, self.leave, self.assign),
        ]

    def _lease(self) -> Lease:
        return tenancies.active(
            self.site,
            self.free.pop(),
            self.free.pop(),
            start=FIRST,
            months=self.draw.choice([6, 12, 18]),
            tacit_months=self.draw.choice([None, 3]),
        )

    def act(self) -> None:
        """What a lease's terms do not allow is refused, and nothing happens."""
        lease = self.draw.choice(self.leases)
        lease.refresh_from_db()
        with suppress(DomainError, LookupError, TypeError, ValueError), transaction.atomic():
            self.draw.choice(self.acts)(lease, terms_of(lease))

    def renew(self, lease: Lease, terms: LeaseTerms) -> None:
        assert terms.period.end is not None
        after = lasting_to(lease, terms, terms.period.end + dt.timedelta(200))
        self._amend(lease, AmendmentKind.RENEWAL, after, terms.period.end)

    def shorten(self, lease: Lease, terms: LeaseTerms) -> None:
        end = self._soon() + dt.timedelta(1)
        self._amend(lease, AmendmentKind.END, lasting_to(lease, terms, end), end)

    def give_up(self, lease: Lease, terms: LeaseTerms) -> None:
        since, position = self._soon() + dt.timedelta(1), self.draw.randrange(len(terms.lettings))
        self._amend(lease, AmendmentKind.SPACE, changes.give_up(terms, position, since), since)

    def resize(self, lease: Lease, terms: LeaseTerms) -> None:
        since, area = self._soon(), Decimal(self.draw.randrange(5, 30))
        self._amend(lease, AmendmentKind.SPACE, changes.resize(terms, 0, since, area), since)

    def reclassify(self, lease: Lease, terms: LeaseTerms) -> None:
        since, kind = self._soon(), self.draw.choice([TenantKind.SME, TenantKind.LARGE])
        rest = [letting.period.intersection(Period(since)) for letting in terms.lettings]
        steps = [[Step(part, Decimal(77))] if part else [] for part in rest]
        after = changes.recategorise(terms, since, kind, steps)
        self._amend(lease, AmendmentKind.CATEGORY, after, since)

    def add(self, lease: Lease, terms: LeaseTerms) -> None:
        end = self.draw.choice([None, self.today + dt.timedelta(60)])
        wider = with_space(lease, terms, self._room(), self.today, end=end)
        self._amend(lease, AmendmentKind.SPACE, wider, self.today)

    def notice(self, lease: Lease, _terms: LeaseTerms) -> None:
        give_notice(lease=lease, given_by=NoticeBy.TENANT, given_on=self.today, acting_user=None)

    def withdraw(self, lease: Lease, _terms: LeaseTerms) -> None:
        withdraw_notice(lease=lease, on=self.today, reason="Il reste", acting_user=None)

    def leave(self, lease: Lease, _terms: LeaseTerms) -> None:
        end_lease(lease=lease, last_day=self.today, reason="Parti", acting_user=None)

    def assign(self, lease: Lease, _terms: LeaseTerms) -> None:
        company, since = scene.company(f"Cédée {len(self.leases)}"), self.today
        following = assign_lease(
            lease=lease, company=company, since=since, reason="Cession", acting_user=None
        )
        self.leases.append(following)

    def _amend(self, lease: Lease, kind: AmendmentKind, after: LeaseTerms, on: dt.date) -> None:
        drawn = draft_amendment(
            lease=lease, kind=kind, effective_on=on, after=after, reason="Avenant", acting_user=None
        )
        sign_amendment(amendment=drawn, signed_on=self.today, acting_user=None)

    def _soon(self) -> dt.date:
        return self.today + dt.timedelta(self.draw.choice([0, 1, 30, 100]))

    def _room(self) -> Space:
        return self.free.pop()


def told(network: Network, day: dt.date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in STATES:
        figure = network.figure(name, day)
        found[name] = (figure.numerator, figure.denominator)
    for name in PROFILES:
        lines = network.profile(name, day)
        found[name] = {code: column.tolist() for code, column in lines.values.items()}
    return found


@pytest.mark.torture
@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_told_stays_true(seed: int) -> None:
    draw, seen = random.Random(seed), {}
    with time_machine.travel(dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        house = House(draw)
        for _each in range(40):
            house.today += dt.timedelta(draw.choice([1, 5, 17, 25]))
            clock.move_to(dt.datetime.combine(house.today, dt.time(12), dt.UTC))
            renew_tacitly()
            carry_on()
            house.act()
            seen[house.today] = told(Network(), house.today)
        network = Network()
        for day, then in seen.items():
            assert told(network, day) == then, day
    assert len({str(then) for then in seen.values()}) > 20
