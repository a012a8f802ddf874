"""What a lease makes due over a period, by its terms and its lessor's VAT rules."""

import datetime as dt

from core.money import ZERO
from core.periods import Period, end_of, today
from leases.models import Lease
from leases.rent import RentStatement, VatPeriod, VatTable, rent_due
from leases.selectors.terms import terms_known_on, terms_of
from leases.terms import LeaseTerms
from sites.models import VatRule


def vat_table(lessor_id: int) -> VatTable:
    """The lessor's VAT rules, by what they are about."""
    table: dict[str, list[VatPeriod]] = {}
    for rule in VatRule.objects.filter(lessor=lessor_id).order_by("subject", "period"):
        found = VatPeriod(rule.period, rule.rate, rule.exemption_ground)
        table.setdefault(rule.subject, []).append(found)
    return table


def statement(
    lease: Lease, period: Period, *, known_on: dt.date | None = None
) -> RentStatement | None:
    """The statement of a bounded period; `known_on`: by the terms known then.

    None: nothing had been signed by then.
    """
    terms = terms_of(lease) if known_on is None else terms_known_on(lease, known_on)
    if terms is None:
        return None
    return due(lease, terms, period, known_before=end_of(known_on or today()))


def due(
    lease: Lease, terms: LeaseTerms, period: Period, *, known_before: dt.datetime
) -> RentStatement:
    """What its terms make due; nothing once the lease is cancelled: what was billed is credited."""
    if lease.cancelled_at is not None and lease.cancelled_at < known_before:
        return RentStatement(period, (), ZERO)
    return rent_due(terms, period, vat_table(lease.site.lessor_id))
