"""What can be refused about bank statements and their lines."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class LineDone(DomainError):
    code = "bank_line_done"
    text = _("This line is « %(state)s » already.")


class LineNotSetAside(DomainError):
    code = "bank_line_not_set_aside"
    text = _(
        "This line is « %(state)s »: only what was set aside, or entered before, is taken up again."
        " A payment that was made of it can be undone."
    )


class MoneyWentOut(DomainError):
    code = "money_went_out"
    text = _("This money went out: it is a bounced cheque, a refund, or to be set aside.")


class MoneyCameIn(DomainError):
    code = "money_came_in"
    text = _("This money came in: it is no refund.")


class NotBefore(InvalidInput):
    code = "not_before"
    text = _("The money was booked on %(day)s: give this day or a later one.")
    field = "received_on"


class BalancesDiffer(InvalidInput):
    code = "balances_differ"
    text = _(
        "The lines do not lead from the opening to the closing balance: %(difference)s MAD are"
        " missing. Export the whole statement anew; nothing of this file was kept."
    )
    field = "file"


class BankOfAnother(InvalidInput):
    code = "bank_of_another"
    text = _("The account %(account)s is of %(lessor)s: choose that lessor.")
    field = "file"


class ColumnsUnknown(InvalidInput):
    code = "columns_unknown"
    text = _("Say which column of the file is what.")
    field = "mapping"


class SiteUnknown(InvalidInput):
    code = "site_unknown"
    text = _("Nothing was billed to this company: say at which site it pays.")
    field = "site"
