"""What can be refused about invoices, sales and credits."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class BadSale(InvalidInput):
    code = "bad_sale"
    text = _("Give at least one line: what it is, how many, and the price of one.")
    field = "lines"


class SumTooLarge(InvalidInput):
    code = "sum_too_large"
    text = _("No document comes to so much: look at quantity and price.")
    field = "lines"


class SellerIncomplete(DomainError):
    code = "seller_incomplete"
    text = _(
        "An invoice must bear these marks of %(lessor)s: %(marks)s. Enter them on the lessor's page"
        " first."
    )


class NoVatRule(DomainError):
    code = "no_vat_rule"
    text = _("The lessor has no VAT rule for « %(subject)s » today: add it first.")


class BadSeriesStart(InvalidInput):
    code = "bad_series_start"
    text = _("A series starts at a number from 1 to 999,999.")
    field = "number"


class BadSeriesYear(InvalidInput):
    code = "bad_series_year"
    text = _("Only the series of %(year)s and of the year after can be started.")
    field = "year"


class CreditTooLarge(InvalidInput):
    code = "credit_too_large"
    text = _("Only %(left)s MAD are left to credit here.")
    field = "amount"


class NothingToCredit(DomainError):
    code = "nothing_to_credit"
    text = _("Nothing is left to credit.")


class NotAnInvoice(DomainError):
    code = "not_an_invoice"
    text = _("%(number)s is a credit note: only invoices are credited.")


class NoSuchDays(InvalidInput):
    code = "no_such_days"
    text = _("Line %(position)s: give days of the line, or credit an amount as goodwill.")


class DaysTaken(DomainError):
    code = "days_taken"
    text = _("Line %(position)s: these days were taken back before.")
