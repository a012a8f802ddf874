"""What was agreed of real leases, and the day on which it is looked at."""

import datetime as dt

from leases.choices import AmendmentKind
from leases.models import Lease
from leases.services.amendments import draft_amendment, sign_amendment
from leases.terms import LeaseTerms

START = dt.date(2025, 1, 1)
NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
TODAY = NOW.date()


def amended(lease: Lease, after: LeaseTerms, on: dt.date, *, signed_on: dt.date) -> None:
    made = draft_amendment(
        lease=lease, kind=AmendmentKind.RENT, effective_on=on, after=after, reason="Avenant",
        acting_user=None,
    )  # fmt: skip
    sign_amendment(amendment=made, signed_on=signed_on, acting_user=None)
