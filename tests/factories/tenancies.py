"""Leases through their life, by the real services."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

from core.periods import Period, add_months, today
from leases import changes
from leases.choices import AmendmentKind, DepositAct, DocumentKind, SettlementLineKind
from leases.models import Amendment, Lease, SettlementEvidence, SignedCopy
from leases.selectors.deposits import deposit_of
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment
from leases.services.deposits import enter_deposit
from leases.services.documents import issue_document
from leases.services.drafts import draft_lease
from leases.services.evidence import add_evidence
from leases.services.handover import hand_over
from leases.services.settlements import add_line, begin_settlement
from leases.services.signed_copies import keep_signed_copy
from leases.services.signing import sign_lease
from leases.signature import ByHand, SignedFile
from sites.choices import TenantKind
from sites.models import Site, Space
from tests.factories import scene, uploads


def drafted(
    site: Site,
    *spaces: Space,
    start: dt.date | None = None,
    months: int | None = 36,
    kind: str = TenantKind.SME,
    **given: Any,
) -> Lease:
    """A draft from today; `months` None: without an end."""
    first = start or today()
    end = None if months is None else add_months(first, months)
    return draft_lease(
        site=site,
        company=given.pop("company", None) or scene.company(),
        tenant_kind=kind,
        period=Period(first, end),
        spaces=spaces,
        acting_user=None,
        **given,
    )


def signed(site: Site, *spaces: Space, **given: Any) -> Lease:
    lease = drafted(site, *spaces, **given)
    return sign_lease(lease=lease, signed_on=min(lease.period.start, today()), acting_user=None)


def active(site: Site, *spaces: Space, **given: Any) -> Lease:
    """Signed, with its deposit paid and its keys handed over on its first day."""
    return moved_in(signed(site, *spaces, **given))


def moved_in(lease: Lease, *, on: dt.date | None = None) -> Lease:
    """The deposit of a signed lease is paid and its keys are handed over."""
    pay_deposit(lease)
    return hand_over(lease=lease, on=on or lease.period.start, acting_user=None)


def pay_deposit(lease: Lease) -> None:
    lease.refresh_from_db()
    if missing := deposit_of(lease).missing:
        enter_deposit(
            lease=lease, act=DepositAct.RECEIVED, amount=missing, on=today(), acting_user=None
        )


def amendment(lease: Lease) -> Amendment:
    """A draft: one dirham more of deposit."""
    terms = terms_of(lease)
    return draft_amendment(
        lease=lease,
        kind=AmendmentKind.CORRECTION,
        effective_on=terms.period.start,
        after=changes.with_deposit(terms, terms.deposit_due + 1),
        reason=f"Avenant {lease.site.code}",
        acting_user=None,
    )


def signed_copy(lease: Lease) -> SignedCopy:
    """Of the contract of a signed lease."""
    contract = issue_document(
        lease=lease, kind=DocumentKind.CONTRACT, language="fr", acting_user=None
    )
    data = uploads.pdf()
    signed = SignedFile(BytesIO(data), "contrat.pdf", len(data), today(), "Mme Alaoui")
    copy = keep_signed_copy(document=contract, signature=ByHand(signed), acting_user=None)
    assert copy is not None
    return copy


def settlement_evidence(lease: Lease) -> SettlementEvidence:
    """Beside the one line of a draft."""
    line = add_line(
        settlement=begin_settlement(lease=lease, acting_user=None),
        kind=SettlementLineKind.DAMAGE,
        words="Une porte",
        amount=Decimal(300),
        acting_user=None,
    )
    data = uploads.pdf()
    return add_evidence(
        line=line, file=BytesIO(data), name="facture.pdf", size=len(data), acting_user=None
    )
