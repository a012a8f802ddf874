"""What can be refused about billing."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class BillingNotSet(DomainError):
    code = "billing_not_set"
    text = _("Site %(site)s has no billing start: set it first.")


class RunOpen(DomainError):
    code = "run_open"
    text = _("The run of %(month)s of this site is still open: issue or drop it first.")


class RunClosed(DomainError):
    code = "run_closed"
    text = _("This run is « %(state)s »: this cannot be done any more.")


class BeforeBilling(InvalidInput):
    code = "before_billing"
    text = _("Billing starts on %(day)s at this site: choose a later month.")
    field = "month"


class ItemClosed(DomainError):
    code = "item_closed"
    text = _("Lease %(number)s is « %(state)s » in this run: this cannot be done any more.")


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


class BadSale(InvalidInput):
    code = "bad_sale"
    text = _("Give at least one line: what it is, how many, and the price of one.")
    field = "lines"


class SumTooLarge(InvalidInput):
    code = "sum_too_large"
    text = _("No document comes to so much: look at quantity and price.")
    field = "lines"


class NoVatRule(DomainError):
    code = "no_vat_rule"
    text = _("The lessor has no VAT rule for « %(subject)s » today: add it first.")


class BadAmount(InvalidInput):
    code = "bad_amount"
    text = _("Give an amount above zero, in dirhams and centimes.")
    field = "amount"


class ReceivedLater(InvalidInput):
    code = "received_later"
    text = _("This day is still to come: give the day on which the money came in.")
    field = "received_on"


class BadDay(InvalidInput):
    code = "bad_day"
    text = _("Give a day from %(first)s to %(last)s.")
    field = "on"


class CashLimit(InvalidInput):
    code = "cash_limit"
    text = _(
        "Invoice %(number)s would be paid by %(cash)s MAD in cash: the law wants less than "
        "%(limit)s in total."
    )
    field = "shares"


class MoreThanOpen(InvalidInput):
    code = "more_than_open"
    text = _("Only %(open)s MAD are open of %(number)s.")
    field = "shares"


class MoreThanFree(InvalidInput):
    code = "more_than_free"
    text = _("Only %(free)s MAD of %(number)s are free.")
    field = "shares"


class OtherAccount(InvalidInput):
    code = "other_account"
    text = _("%(number)s is of another company or lessor.")
    field = "shares"


class NotSettledBy(DomainError):
    code = "not_settled_by"
    text = _("Only %(amount)s MAD of %(number)s are settled by that.")


class BadSeriesStart(InvalidInput):
    code = "bad_series_start"
    text = _("A series starts at a number from 1 to 999,999.")
    field = "number"


class BadSeriesYear(InvalidInput):
    code = "bad_series_year"
    text = _("Only the series of %(year)s and of the year after can be started.")
    field = "year"


class ReminderNotDue(DomainError):
    code = "reminder_not_due"
    text = _("%(company)s is not reminded today: %(why)s.")


class StepOutOfOrder(InvalidInput):
    code = "step_out_of_order"
    text = _("Each step comes later than the one before it.")
    field = "days"


class StepsThere(DomainError):
    code = "steps_there"
    text = _("Site %(site)s has its steps already.")


class BadReminderWords(InvalidInput):
    code = "bad_reminder_words"
    text = _("In braces, these words mean nothing: %(unknown)s. Known: %(known)s.")


class PauseOver(DomainError):
    code = "pause_over"
    text = _("This pause is over already.")


class PenaltyDecided(DomainError):
    code = "penalty_decided"
    text = _("This penalty is « %(state)s »: this cannot be done any more.")


class PenaltiesApart(InvalidInput):
    code = "penalties_apart"
    text = _("Only penalties of one company at one site go on one invoice.")


class DoubtfulAlready(DomainError):
    code = "doubtful_already"
    text = _("%(number)s is doubtful already.")


class NotDoubtful(DomainError):
    code = "not_doubtful"
    text = _("%(number)s is not doubtful.")


class NothingOpen(DomainError):
    code = "nothing_open"
    text = _("Nothing is open of %(number)s.")


class WriteOffAsked(DomainError):
    code = "write_off_asked"
    text = _("For %(number)s a write-off is asked for already.")


class WriteOffDecided(DomainError):
    code = "write_off_decided"
    text = _("This write-off is « %(state)s »: this cannot be done any more.")


class AnotherPerson(DomainError):
    code = "another_person"
    text = _("Whoever asked for the write-off does not decide it: another person does.")


class NothingFree(DomainError):
    code = "nothing_free"
    text = _("Nothing of %(number)s is free.")


class NothingOwed(DomainError):
    code = "nothing_owed"
    text = _("Nothing is open of this company here.")


class NotWithheld(DomainError):
    code = "not_withheld"
    text = _("%(number)s was not withheld: only what is withheld has a certificate.")


class CertificateAwaited(DomainError):
    code = "certificate_awaited"
    text = _("The certificate of %(number)s is awaited: enter its number and day first.")


class NotACheque(DomainError):
    code = "not_a_cheque"
    text = _("%(number)s is no cheque.")


class ChequeOver(DomainError):
    code = "cheque_over"
    text = _("Cheque %(number)s is « %(state)s »: this cannot be done any more.")


class ChequeNotCleared(DomainError):
    code = "cheque_not_cleared"
    text = _("Cheque %(number)s is not cleared: it can only be handed back whole.")


class ChequeGivenBack(DomainError):
    code = "cheque_given_back"
    text = _(
        "Cheque %(number)s was given back by %(refund)s, or a part of it: nothing more happens."
    )


class BadMethod(InvalidInput):
    code = "bad_method"
    text = _("This cannot be done by « %(method)s ».")
    field = "method"


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


class BadAccount(InvalidInput):
    code = "bad_account"
    text = _("An account is a number of 2 to 12 digits.")
    field = "code"


class BadRegime(InvalidInput):
    code = "bad_regime"
    text = _("%(reason)s")
    field = "period"


class LineDone(DomainError):
    code = "bank_line_done"
    text = _("This line is « %(state)s » already.")


class LineNotSetAside(DomainError):
    code = "bank_line_not_set_aside"
    text = _("This line is « %(state)s »: only what was set aside is taken up again.")


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
