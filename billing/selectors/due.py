"""What a run looks at, and what it would issue: the same code for the preview and the issue."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from billing import changing
from billing.choices import Anomaly, Change
from billing.models import BilledPeriod, Settled, SiteBilling
from billing.proposing import Proposal, propose
from billing.reconciling import Billed, reconcile, rhythms
from billing.selectors.billed import billed_of
from billing.selectors.settled import settled_through
from core.periods import ONE_DAY, add_months, today
from leases.changes import carried_on
from leases.choices import LeaseState
from leases.models import Lease
from leases.proration import term_of
from leases.querysets import LeaseQuerySet
from leases.rent import VatTable
from leases.selectors.deposits import missing_deposits
from leases.selectors.rows import LeaseRow
from leases.selectors.standing import is_holding_over
from leases.selectors.terms import terms_of_many
from leases.terms import LeaseTerms
from tenants.models import Company

YEAR = 12


@dataclass(frozen=True, slots=True)
class Proposed:
    """Of a lease: what would be issued, and what it follows from. `terms` None: nothing is due."""

    terms: LeaseTerms | None
    billed: Sequence[Billed]
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Found:
    """Of a lease, in a run of a month; amounts in DH without tax."""

    proposal: Proposal
    was: Decimal
    changes: tuple[Change, ...]
    anomalies: tuple[Anomaly, ...]

    def __bool__(self) -> bool:
        return bool(self.proposal or self.changes or self.anomalies)


def last_day(month: dt.date) -> dt.date:
    return add_months(month, 1) - ONE_DAY


def billable(settings: SiteBilling, month: dt.date) -> LeaseQuerySet:
    """The leases of the site of which anything may have fallen due by the end of the month, or
    may have to be taken back."""
    billed = BilledPeriod.objects.filter(lease=OuterRef("pk"))
    closed = Settled.objects.filter(lease=OuterRef("pk"), closed=True)
    there = Q(state__in=[LeaseState.SIGNED, LeaseState.ACTIVE])
    left = Q(state=LeaseState.ENDED, exit_on__gte=settings.starts_on) | Q(
        Exists(billed), state__in=[LeaseState.ENDED, LeaseState.CANCELLED]
    )
    begun = Lease.objects.filter(site=settings.site_id, period__startswith__lte=last_day(month))
    return begun.filter(there | (left & ~Exists(closed)))


def proposals_for(
    leases: Sequence[LeaseRow], settings: SiteBilling, month: dt.date, vat: VatTable
) -> Mapping[int, Proposed]:
    """By lease, what would be issued: of the preview, and once more when it is issued."""
    through = last_day(month)
    ids = [lease.pk for lease in leases]
    terms_by_lease = terms_of_many(leases)
    billed_by_lease = billed_of(ids)
    settled = settled_through(ids)
    found = {}
    for lease in leases:
        terms = as_billed(lease, terms_by_lease[lease.pk], through)
        billed = billed_by_lease.get(lease.pk, [])
        since = _since(settings.starts_on, settled.get(lease.pk), terms)
        difference = reconcile(terms, billed, since=since, through=through, vat=vat)
        found[lease.pk] = Proposed(terms, billed, propose(difference, billed))
    return found


def found_for(
    leases: Sequence[LeaseRow], settings: SiteBilling, month: dt.date, vat: VatTable
) -> Mapping[int, Found]:
    """By lease, what the preview shows."""
    proposals = proposals_for(leases, settings, month, vat)
    missing = missing_deposits(leases)
    companies = Company.objects.filter(pk__among=[lease.company_id for lease in leases])
    marks = {pk: told for pk, *told in companies.order_by().values_list("pk", "ice", "address")}
    found = {}
    for lease in leases:
        of_lease = proposals[lease.pk]
        terms, billed, proposal = of_lease.terms, of_lease.billed, of_lease.proposal
        ice, address = marks[lease.company_id]
        about = changing.About(
            has_ice=bool(ice),
            has_address=bool(address.strip()),
            deposit_missing=lease.pk in missing and not lease.deposit_waiver,
            holding_over=is_holding_over(lease, today()),
        )
        found[lease.pk] = Found(
            proposal=proposal,
            was=changing.was(billed, month),
            changes=changing.changes(proposal, billed, month),
            anomalies=changing.anomalies(terms, proposal, billed, month, about),
        )
    return found


def _since(
    starts_on: dt.date, settled_through: dt.date | None, terms: LeaseTerms | None
) -> dt.date:
    """The first day to be looked at: where all was billed, a whole billing term back from there,
    for what is asked in arrears."""
    if settled_through is None or terms is None:
        return starts_on
    longest = max((rhythm.months for rhythm in rhythms(terms)), default=1)
    following = settled_through + ONE_DAY
    return max(starts_on, term_of(add_months(following, -longest), longest).start)


def as_billed(lease: Lease | LeaseRow, terms: LeaseTerms, through: dt.date) -> LeaseTerms | None:
    """The terms that are billed: none of a cancelled lease; a tenant who holds over is billed as
    if they stayed, and gets back what they did not."""
    if lease.state in {LeaseState.CANCELLED, LeaseState.DRAFT}:
        return None
    if not is_holding_over(lease, today()):
        return terms
    end = term_of(through, YEAR).end
    assert end is not None
    for position, letting in enumerate(terms.lettings):
        last = letting.period.end
        if last is not None and terms.period.end is not None and terms.period.end <= last < end:
            terms = carried_on(terms, position, end)
    return terms
