"""Chainable filters over what is billed."""

from typing import TYPE_CHECKING, ClassVar, Self

from billing.choices import ItemState, RunState
from sites.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from billing.models import (  # noqa: F401  the rows' classes
        BilledPeriod,
        Invoice,
        InvoiceLine,
        RentRun,
        RunItem,
        Settled,
        SiteBilling,
    )


class SiteBillingQuerySet(ScopedQuerySet["SiteBilling"]):
    resource: ClassVar[str] = "billing"


class RentRunQuerySet(ScopedQuerySet["RentRun"]):
    resource = "run"

    def open(self) -> Self:
        return self.exclude(state__in=[RunState.ISSUED, RunState.DROPPED])


class RunItemQuerySet(ScopedQuerySet["RunItem"]):
    resource = "run"
    site_path = "run__site_id"

    def waiting(self) -> Self:
        return self.filter(state=ItemState.PROPOSED)


class InvoiceQuerySet(ScopedQuerySet["Invoice"]):
    resource = "invoice"


class InvoiceLineQuerySet(ScopedQuerySet["InvoiceLine"]):
    resource = "invoice"
    site_path = "invoice__site_id"


class BilledPeriodQuerySet(ScopedQuerySet["BilledPeriod"]):
    resource = "invoice"
    site_path = "lease__site_id"


class SettledQuerySet(ScopedQuerySet["Settled"]):
    resource = "invoice"
    site_path = "lease__site_id"
