"""Sites that bill, and runs through their life, by the real services."""

import datetime as dt
from decimal import Decimal

from billing.choices import PaymentMethod
from billing.models import Invoice, Receipt, RentRun
from billing.selectors.open_items import open_of
from billing.services.issuing import issue, start_issuing
from billing.services.payments import record_payment
from billing.services.receipts import issue_receipt
from billing.services.runs import compute, draft_run
from billing.services.settings import set_billing
from core.periods import Period, today
from sites.models import Site, VatRule
from tests.factories import scene

EVER = Period(dt.date(2015, 1, 1))


def site(code: str = "CAS", *, starts_on: dt.date) -> Site:
    """A site that bills from a day on, with VAT of 20 % on everything."""
    return billing(scene.site(code), starts_on=starts_on)


def billing(made: Site, *, starts_on: dt.date) -> Site:
    """The same of a site that is there."""
    for subject in ("office", "desk", "service"):
        VatRule.objects.get_or_create(
            lessor=made.lessor, subject=subject, period=EVER, defaults={"rate": Decimal(20)}
        )
    set_billing(site=made, starts_on=starts_on, acting_user=None)
    return made


def computed(site: Site, month: dt.date) -> RentRun:
    return compute(draft_run(site=site, month=month, acting_user=None))


def issued(site: Site, month: dt.date) -> RentRun:
    return issue(start_issuing(run=computed(site, month), acting_user=None))


def receipted(invoice: Invoice) -> Receipt:
    """Paid by transfer today, with its receipt."""
    record_payment(
        site=invoice.site,
        company=invoice.company,
        method=PaymentMethod.TRANSFER,
        received_on=today(),
        amount=open_of([invoice.pk])[invoice.pk],
        acting_user=None,
    )
    return issue_receipt(invoice=invoice, acting_user=None)
