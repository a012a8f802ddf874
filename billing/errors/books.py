"""What can be refused about months, journals and VAT returns."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class MonthClosed(DomainError):
    """`field` is the form's day where the caller has one."""

    code = "month_closed"
    text = _(
        "%(lessor)s: the month of %(day)s is closed. The first open day is %(first)s: date it from"
        " then on, or have the month reopened."
    )


class NotToClose(DomainError):
    code = "not_to_close"
    text = _("%(month)s cannot be closed: the next one to close is %(next)s.")


class MonthNotOver(DomainError):
    code = "month_not_over"
    text = _("%(month)s is not over: it can be closed from %(day)s on.")


class NotReadyToClose(DomainError):
    """`checks`: the codes of what somebody should look at first."""

    code = "not_ready_to_close"
    text = _("Something of this month is unfinished: look at the list, or close it all the same.")


class NotToReopen(DomainError):
    code = "not_to_reopen"
    text = _("Only the last closed month can be reopened.")


class MonthDeclared(DomainError):
    code = "month_declared"
    text = _(
        "The VAT of %(month)s is declared: it stays closed. What is to be put right is dated into"
        " the month that is open."
    )


class MonthsOpen(DomainError):
    code = "months_open"
    text = _("Close the months of the return first, so that nothing of it changes any more.")


class VatDeclared(DomainError):
    code = "vat_declared"
    text = _("This return is declared already.")


class NothingToExport(DomainError):
    code = "nothing_to_export"
    text = _("Nothing of this journal is left to be exported for these days.")


class BadLayout(InvalidInput):
    code = "bad_layout"
    text = _("Write the columns by their letters, each once, with an account and both amounts.")
    field = "columns"


class BadCode(InvalidInput):
    code = "bad_journal_code"
    text = _("A journal's code is 1 to 6 letters and digits.")
    field = "sales"


class BadAccount(InvalidInput):
    code = "bad_account"
    text = _("An account is a number of 2 to 12 digits.")
    field = "code"


class BadRegime(InvalidInput):
    code = "bad_regime"
    text = _("%(reason)s")
    field = "period"
