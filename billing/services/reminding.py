"""Reminders: looked at, and sent, each letter once."""

import datetime as dt
import hashlib
import logging

from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils import timezone, translation

from accounts.models import User
from accounts.rights import Action
from billing.choices import InvoiceKind, NoReminder
from billing.due_dates import due_on, is_working_day
from billing.errors.overdue import ReminderNotDue
from billing.models import DunningLetter, DunningLetterLine, DunningStep, Invoice
from billing.papers.reminder import Told, reminder_mail, reminder_pdf, words_of
from billing.selectors.holidays import holiday_changes
from billing.selectors.recipients import billing_addresses
from billing.selectors.reminding import Standing, standings
from billing.services import numbers
from billing.services.accounts import locked
from billing.services.runs import settings_of
from core import messages
from core.history import recorded
from core.periods import today
from core.stored_files import gone_unless_committed
from leases.models import Lease
from sites.models import Site
from sites.permissions import require
from tenants.models import Company

logger = logging.getLogger(__name__)


def send_reminder(*, site: Site, company: Company, acting_user: User | None) -> DunningLetter:
    """One letter about all that is overdue of the company at the site, in the words of the highest
    step that is due, kept as it was sent; by e-mail to whoever receives its invoices.

    Not to be called inside another transaction: the file is taken away again unless this one
    commits. Raises ReminderNotDue, NotAllowed.
    """
    with gone_unless_committed() as written, recorded(acting_user):
        require(acting_user, Action.ISSUE, "dunning", site.pk)
        # Who pays at this moment, or sends the same letter, is waited for: what is open stays so.
        locked(site.lessor_id, company.pk)
        standing = _due(site, company)
        told, words = _told(standing, number=numbers.next_number(site.lessor, numbers.REMINDER))
        with translation.override(company.language):
            pdf = reminder_pdf(told, words)
        letter = DunningLetter(
            number=told.number,
            site=site,
            company=company,
            level=told.level,
            on=told.day,
            pay_by=told.pay_by,
            language=company.language,
            total=told.total,
            sent_to=billing_addresses([company])[company.pk],
            sha256=hashlib.sha256(pdf).hexdigest(),
            made_at=timezone.now(),
            acting_user=acting_user,
        )
        letter.file.save(f"{letter.number}.pdf", ContentFile(pdf), save=False)
        written.append((letter.file.storage, letter.file.name or ""))
        letter.save()
        DunningLetterLine.objects.bulk_create(
            DunningLetterLine(
                letter=letter, invoice_id=line.owed.id, open=line.owed.open, step=line.step
            )
            for line in standing.verdict.lines
        )
        for address in letter.sent_to:
            with translation.override(company.language):
                mail = reminder_mail(told, words, address)
            messages.queue(
                to=address,
                subject=mail.subject,
                body=mail.body,
                language=company.language,
                matter=f"dunning:{site.pk}:{company.pk}",
                site_code=site.code,
            )
    return letter


def preview_reminder(*, site: Site, company: Company, acting_user: User | None) -> bytes:
    """How the letter would read if it were sent now, marked as a draft; kept nowhere. Raises
    ReminderNotDue, NotAllowed."""
    require(acting_user, Action.VIEW, "dunning", site.pk)
    told, words = _told(_due(site, company), number="")
    with translation.override(company.language):
        return reminder_pdf(told, words)


def preview_words(*, step: DunningStep, language: str) -> bytes:
    """What the step's words make of the last invoice of its site, marked as a draft; kept nowhere.
    Raises ReminderNotDue where there is none."""
    invoices = Invoice.objects.filter(site=step.site_id, kind=InvoiceKind.INVOICE)
    invoice = invoices.select_related("company").order_by("-id").first()
    if invoice is None:
        raise ReminderNotDue(company=step.site.name, why=NoReminder.NOTHING.label)
    told = Told(
        site=step.site,
        company=invoice.company,
        level=step.level,
        number="",
        day=today(),
        pay_by=_pay_by(step.site),
        lines=[(invoice, invoice.total)],
        earlier=today() if step.level > 1 else None,
    )
    with translation.override(language):
        return reminder_pdf(told, words_of(step, language))


def send_by_themselves() -> int:
    """Send what is due at the sites that asked for it, on a working day. Returns how many letters.

    Each is a transaction of its own: killed in between, the next time goes on with the others. A
    company with credit that settles nothing yet, or with something doubtful, is left to a person.
    """
    if not is_working_day(today(), holiday_changes()):
        return 0
    steps = DunningStep.objects.filter(by_itself=True)
    site_ids = list(steps.order_by().values_list("site", flat=True).distinct())
    if not site_ids:
        return 0
    sent = 0
    for one in standings(None, on=today(), site_ids=site_ids):
        if one.step is not None and one.step.by_itself and not one.wants_a_look:
            sent += _sent(one)
    return sent


def _sent(standing: Standing) -> bool:
    try:
        send_reminder(site=standing.site, company=standing.company, acting_user=None)
    except ReminderNotDue:
        return False  # paid or reminded since it was looked at
    except Exception:
        logger.exception("The reminder %s could not be sent.", standing.key)
        return False
    return True


def _due(site: Site, company: Company) -> Standing:
    """Raises ReminderNotDue."""
    found = standings(None, on=today(), site_ids=[site.pk], company_id=company.pk)
    if not found:
        raise ReminderNotDue(company=company.name, why=NoReminder.NOTHING.label)
    (standing,) = found
    if standing.verdict.level is None:
        assert standing.verdict.why is not None
        raise ReminderNotDue(company=company.name, why=standing.verdict.why.label)
    return standing


def _told(standing: Standing, *, number: str) -> tuple[Told, str]:
    """What the letter says, and the words that say it."""
    site, company, step = standing.site, standing.company, standing.step
    lines = standing.verdict.lines
    assert step is not None
    ids = [line.owed.id for line in lines]
    invoices = Invoice.objects.select_related("company").in_bulk(ids)
    before = DunningLetterLine.objects.filter(invoice__in=ids).aggregate(day=Max("letter__on"))
    told = Told(
        site=site,
        company=company,
        level=step.level,
        number=number,
        day=today(),
        pay_by=_pay_by(site),
        lines=[(invoices[line.owed.id], line.owed.open) for line in lines],
        earlier=before["day"],
        address=_address(site, company),
    )
    return told, words_of(step, company.language)


def _pay_by(site: Site) -> dt.date:
    """The last day that a letter of today gives."""
    return due_on(today(), settings_of(site).days_to_answer, holiday_changes())


def _address(site: Site, company: Company) -> str:
    """Where it is written to since it left; "": at its own address."""
    leases = Lease.objects.filter(site=site, company=company).order_by("-period__startswith")
    return leases.values_list("forwarding_address", flat=True).first() or ""
