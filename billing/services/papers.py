"""Papers of issued documents: made once, stored, and sent to those who receive invoices."""

import hashlib
import logging
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing import letters
from billing.errors.papers import LinkClosed, NotTheirAddress, OfOldSystem, PaperMade
from billing.models import Invoice, InvoicePaper
from billing.papers.invoice import invoice_pdf
from billing.selectors.recipients import (
    billing_addresses,
    known_addresses,
    matter,
    sending_sites,
    written_lately,
)
from core import messages
from core.errors import kept_of
from core.jobs import wake_on_commit
from core.links import Link, LinkForged
from core.stored_files import gone_unless_committed
from sites.permissions import require
from tenants.errors import NoAddress

logger = logging.getLogger(__name__)

MAKE_TASK: Final = "billing.make_papers"
CHUNK: Final = 50
AT_ONCE: Final = 4
"""Chunks of one job, some seconds: then the other jobs have their turn."""

_WITH: Final = ("site__lessor", "company", "lease", "corrects", "lessor")


def make_due() -> int:
    """Make the papers that are not made yet and have no problem. Returns how many.

    A chunk is a transaction, its letters in the outbox included: killed anywhere, it is done
    whole or not at all. Several may run at once.
    """
    made = 0
    for _chunk in range(AT_ONCE):
        looked_at, good = _make_chunk()
        made += good
        if looked_at < CHUNK:
            return made
    wake_on_commit(MAKE_TASK)
    return made


def try_again(*, invoice: Invoice, acting_user: User | None) -> None:
    """A paper that could not be made is tried once more. Raises PaperMade, NotAllowed."""
    with transaction.atomic():
        require(acting_user, Action.CHANGE, "invoice", invoice.site_id)
        changed = InvoicePaper.objects.to_make().filter(invoice=invoice).update(problem="")
        if not changed:
            raise PaperMade(number=invoice.number)
        wake_on_commit(MAKE_TASK)


def send(*, invoice: Invoice, to: Collection[str], acting_user: User | None) -> list[str]:
    """Send the link once more, to addresses of the company; without any: to those that receive its
    invoices. Returns them. Raises OfOldSystem, NotTheirAddress, NoAddress, NotAllowed."""
    with transaction.atomic():
        require(acting_user, Action.CHANGE, "invoice", invoice.site_id)
        if not invoice.is_ours:
            raise OfOldSystem(number=invoice.number)
        known = known_addresses(invoice.company)
        wanted = [email.lower() for email in to] or _usual(invoice)
        for email in wanted:
            if email not in known:
                raise NotTheirAddress(email=email, company=invoice.company.name)
        if not wanted:
            raise NoAddress(company=invoice.company.name)
        _write(invoice, wanted)
    return wanted


def opened_by(token: str) -> Invoice:
    """The document that a link opens. Raises LinkForged, LinkExpired, LinkClosed."""
    invoice, _email = _linked(letters.LINKS.read(token))
    return invoice


def send_anew(*, token: str) -> None:
    """Whoever holds a link that ran out gets another one, at the address that the old one was sent
    to; once in a while. Raises LinkForged, LinkClosed."""
    with transaction.atomic():
        invoice, email = _linked(letters.LINKS.read(token, expired_too=True))
        # Of two who ask at once, the other sees the first one's letter.
        InvoicePaper.objects.select_for_update().filter(invoice=invoice).first()
        if not written_lately(invoice, email):
            _write(invoice, [email])


def _make_chunk() -> tuple[int, int]:
    """How many were looked at, and how many of them are made."""
    with gone_unless_committed() as written, transaction.atomic():
        rows = InvoicePaper.objects.to_make().filter(problem="").order_by("invoice")
        papers = list(rows.select_for_update(skip_locked=True)[:CHUNK])
        found = Invoice.objects.select_related(*_WITH).prefetch_related("lines")
        invoices = found.in_bulk([paper.pk for paper in papers])
        sending = sending_sites({invoice.site_id for invoice in invoices.values()})
        to = billing_addresses([each.company for each in invoices.values()])
        for paper in papers:
            invoice = invoices[paper.pk]
            addresses = to[invoice.company_id] if invoice.site_id in sending else []
            written.extend(_make(paper, invoice, addresses))
        InvoicePaper.objects.bulk_update(
            papers, ["made_at", "file", "size", "sha256", "letters", "problem"]
        )
    return len(papers), sum(paper.made_at is not None for paper in papers)


def _make(
    paper: InvoicePaper, invoice: Invoice, addresses: Sequence[str]
) -> list[tuple[Storage, str]]:
    """The file and the letters of one, or its problem. Returns what was written to the storage."""
    try:
        with gone_unless_committed() as written, transaction.atomic():
            pdf = invoice_pdf(invoice)
            paper.file.save(f"{invoice.number}.pdf", ContentFile(pdf), save=False)
            written.append((paper.file.storage, paper.file.name or ""))
            _write(invoice, addresses)
    except (OperationalError, InterfaceError, OSError):
        raise  # database or disk are away, which is no document's fault: the sweep comes again
    except Exception as error:
        logger.exception("The paper of %s could not be made.", invoice.number)
        paper.file = ""
        paper.problem = kept_of(error)
        return []
    paper.made_at = timezone.now()
    paper.size = len(pdf)
    paper.sha256 = hashlib.sha256(pdf).hexdigest()
    paper.letters = len(addresses)
    return written


def _write(invoice: Invoice, addresses: Iterable[str]) -> None:
    for email in addresses:
        letter = letters.of_invoice(invoice, email)
        messages.queue(
            to=email,
            subject=letter.subject,
            body=letter.body,
            language=invoice.company.language,
            matter=matter(invoice),
            site_code=invoice.site.code,
        )


def _usual(invoice: Invoice) -> list[str]:
    return billing_addresses([invoice.company])[invoice.company_id]


def _linked(link: Link) -> tuple[Invoice, str]:
    """The document, and the address that the link was sent to while it is the company's."""
    invoice = Invoice.objects.select_related(*_WITH).filter(pk=link.pk).first()
    if invoice is None:
        raise LinkForged
    for email in known_addresses(invoice.company):
        if letters.LINKS.mark_of(email) == link.mark:
            return invoice, email
    raise LinkClosed
