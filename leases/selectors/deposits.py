"""The deposit of a lease, added up; and those that wait for somebody."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from core.fields import MoneyField
from core.money import ZERO
from leases.agenda import Entry
from leases.choices import OVER_STATES, AgendaKind, DepositAct, LeaseState
from leases.models import DepositEntry, DepositSettlement, Lease, Letting
from leases.querysets import LeaseQuerySet
from leases.selectors.rows import LeaseRow


@dataclass(frozen=True, slots=True)
class DepositAccount:
    """DH; received = held + returned + kept, always."""

    due: Decimal
    received: Decimal
    returned: Decimal
    kept: Decimal

    @property
    def held(self) -> Decimal:
        return self.received - self.returned - self.kept

    @property
    def missing(self) -> Decimal:
        """What is due and not held."""
        return max(self.due - self.held, ZERO)


def deposit_of(lease: Lease) -> DepositAccount:
    """What is due by the terms, what came, went back and was kept."""
    return account(lease.deposit_due, DepositEntry.objects.filter(lease=lease))


def missing_deposits(leases: Sequence[Lease | LeaseRow]) -> dict[int, Decimal]:
    """By lease, what is due and not held, in one query; leases that lack nothing are left out."""
    entries: dict[int, list[DepositEntry]] = {}
    of_leases = DepositEntry.objects.filter(lease__among=[lease.pk for lease in leases])
    for entry in of_leases.order_by():
        entries.setdefault(entry.lease_id, []).append(entry)
    found = {
        lease.pk: account(lease.deposit_due, entries.get(lease.pk, ())).missing for lease in leases
    }
    return {pk: missing for pk, missing in found.items() if missing}


def account(due: Decimal, entries: Iterable[DepositEntry]) -> DepositAccount:
    sums = dict.fromkeys(DepositAct, ZERO)
    for entry in entries:
        sums[DepositAct(entry.act)] += entry.amount if entry.reverses_id is None else -entry.amount
    return DepositAccount(
        due, sums[DepositAct.RECEIVED], sums[DepositAct.RETURNED], sums[DepositAct.KEPT]
    )


def waiting(leases: LeaseQuerySet, day: dt.date) -> Iterator[tuple[Lease, Entry]]:
    """What the agenda says of the deposits of these leases, in one query: missing of a tenant who
    is there, unless it was waived; held of one who is gone, to be settled first, then returned."""
    settled = DepositSettlement.objects.standing().filter(
        Q(lease__exit_on=None) | Q(on__gte=F("lease__exit_on")), lease=OuterRef("pk"), final=True
    )
    spaces = Letting.objects.filter(lease=OuterRef("pk"), space__isnull=False)
    rows: Any = leases.filter(
        Q(state=LeaseState.ACTIVE, deposit_waiver="", deposit_due__gt=0) | Q(state__in=OVER_STATES)
    ).annotate(held=Coalesce(Subquery(_held()), Value(ZERO)))
    found = rows.filter(
        Q(state=LeaseState.ACTIVE, deposit_due__gt=F("held")) | Q(state__in=OVER_STATES, held__gt=0)
    ).annotate(
        settled=Exists(settled),
        codes=ArraySubquery(spaces.order_by("space__code").values("space__code").distinct()),
    )
    for lease in found.select_related("site", "company").order_by("id"):
        if lease.state == LeaseState.ACTIVE:
            kind, amount = AgendaKind.DEPOSIT_MISSING, lease.deposit_due - lease.held
        elif lease.settled:
            kind, amount = AgendaKind.DEPOSIT_TO_RETURN, lease.held
        else:
            kind, amount = AgendaKind.DEPOSIT_TO_SETTLE, lease.held
        yield lease, Entry(lease.exit_on or day, kind, tuple(lease.codes), amount=amount)


def _held() -> Any:
    """Of each lease, with the signs of `account`."""
    came = Q(act=DepositAct.RECEIVED, reverses=None) | Q(
        ~Q(act=DepositAct.RECEIVED), reverses__isnull=False
    )
    amount = Case(When(came, then=F("amount")), default=-F("amount"), output_field=MoneyField())
    entries = DepositEntry.objects.filter(lease=OuterRef("pk")).order_by().values("lease")
    return entries.annotate(held=Sum(amount)).values("held")
