"""What a document is about: the terms it tells, and what made it necessary."""

import datetime as dt
from dataclasses import dataclass

from leases.choices import DocumentKind
from leases.models import Amendment, DepositSettlement, HandoverReport, Lease, Notice
from leases.terms import LeaseTerms


@dataclass(frozen=True, slots=True)
class Subject:
    """`lease` brings its company and its site's lessor; `day` is the document's own.

    `amendment`, `notice`, `report` and `settlement` are there in the documents about one.
    """

    kind: DocumentKind
    lease: Lease
    terms: LeaseTerms
    day: dt.date
    amendment: Amendment | None = None
    notice: Notice | None = None
    report: HandoverReport | None = None
    settlement: DepositSettlement | None = None
    draft: bool = False
    """Not signed: marked as such on every page, and kept nowhere."""
