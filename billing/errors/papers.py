"""What can be refused about invoices' papers, their links and receipts."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class PaperDamaged(DomainError):
    """What is stored is not what was written: it is given to nobody."""

    code = "paper_damaged"
    text = _("The stored file of %(number)s is missing or damaged: fetch it from a backup.")


class OfOldSystem(DomainError):
    code = "of_old_system"
    text = _("%(number)s was issued by the old system: its paper is there.")


class PaperMade(DomainError):
    code = "paper_made"
    text = _("The PDF of %(number)s is made already, or none is to be made.")


class NotTheirAddress(InvalidInput):
    code = "not_their_address"
    text = _("%(email)s is not an address of %(company)s: enter it as a contact first.")
    field = "to"


class LinkClosed(DomainError):
    code = "link_closed"
    text = _("This link is closed: its address is no longer one of the company's.")
    status = 410


class NotSettled(DomainError):
    code = "not_settled"
    text = _("%(open)s MAD of %(number)s are open: a receipt is for what is settled.")


class NothingPaid(DomainError):
    code = "nothing_paid"
    text = _("Nothing was paid on %(number)s: a receipt is for money.")


class ChequeAwaited(DomainError):
    code = "cheque_awaited"
    text = _("Cheque %(cheque)s is not cleared yet.")
