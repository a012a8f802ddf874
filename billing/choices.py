from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(models.TextChoices):
    """Human acts, but for the first, which ends by itself."""

    COMPUTING = "computing", pgettext_lazy("run", "being computed")
    DRAFT = "draft", pgettext_lazy("run", "to be looked at")
    ISSUING = "issuing", pgettext_lazy("run", "being issued")
    PAUSED = "paused", pgettext_lazy("run", "paused")
    ISSUED = "issued", pgettext_lazy("run", "issued")
    DROPPED = "dropped", pgettext_lazy("run", "dropped")


class ItemState(models.TextChoices):
    """What became of a lease in a run."""

    PROPOSED = "proposed", pgettext_lazy("run", "proposed")
    NOTHING = "nothing", pgettext_lazy("run", "nothing to bill")
    LEFT_OUT = "left_out", pgettext_lazy("run", "left out")
    ISSUED = "issued", pgettext_lazy("run", "issued")
    CHANGED = "changed", pgettext_lazy("run", "changed since the preview")
    FAILED = "failed", pgettext_lazy("run", "failed")


class Change(models.TextChoices):
    """Why a lease is billed something else than the month before."""

    NEW = "new", pgettext_lazy("billing", "new")
    ENDED = "ended", pgettext_lazy("billing", "ended")
    STEP = "step", pgettext_lazy("billing", "rent step")
    AMENDED = "amended", pgettext_lazy("billing", "amendment")
    PART = "part", pgettext_lazy("billing", "part of a month")
    BACK = "back", pgettext_lazy("billing", "changed for the past")
    LATE = "late", pgettext_lazy("billing", "not billed before")
    OTHER = "other", pgettext_lazy("billing", "other charges")


class Anomaly(models.TextChoices):
    """What somebody should look at before a lease is billed."""

    NO_RENT = "no_rent", _("no rent, and nobody agreed to that")
    JUMP = "jump", _("more than 20 % away from the month before")
    NO_ICE = "no_ice", _("the company's ICE is missing")
    NO_ADDRESS = "no_address", _("the company's address is missing")
    NO_DEPOSIT = "no_deposit", _("the deposit is missing")
    NO_VAT_RULE = "no_vat_rule", _("no VAT rule says a rate")
    NEGATIVE = "negative", _("more is taken back than is left")
    HOLDING_OVER = "holding_over", _("holding over")


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice", _("invoice")
    CREDIT_NOTE = "credit", _("credit note")


class CreditKind(models.TextChoices):
    """Whether what is credited may be billed again."""

    CANCELLING = "cancelling", pgettext_lazy("credit note", "cancelling")
    COMMERCIAL = "commercial", pgettext_lazy("credit note", "goodwill")


class LineSide(models.IntegerChoices):
    """Of a charge: what is asked, or what its discount takes off. Days are counted on each."""

    CHARGE = 0, _("charge")
    DISCOUNT = 1, _("discount")


class PaymentMethod(models.TextChoices):
    """How money came in, or why it is settled without."""

    TRANSFER = "transfer", pgettext_lazy("payment", "transfer")
    CHEQUE = "cheque", pgettext_lazy("payment", "cheque")
    CASH = "cash", pgettext_lazy("payment", "cash")
    CARD = "card", pgettext_lazy("payment", "card")
    # Kept back by the client and paid to the treasury for the lessor.
    WITHHOLDING = "rent_wht", pgettext_lazy("payment", "withholding on rent")
    VAT_WITHHOLDING = "vat_wht", pgettext_lazy("payment", "withholding of VAT")
    # What the old system owed a client on the day that billing began here.
    BALANCE = "balance", pgettext_lazy("payment", "balance brought forward")
    # What a settlement keeps of a deposit for unpaid rent.
    DEPOSIT = "deposit", pgettext_lazy("payment", "kept of the deposit")


NEVER_ENTERED = frozenset({PaymentMethod.BALANCE, PaymentMethod.DEPOSIT})
"""By hand: an import or a settlement brings them."""
ENTERED: Final = [(code, text) for code, text in PaymentMethod.choices if code not in NEVER_ENTERED]
REFUNDED: Final = [each for each in PaymentMethod.choices if each[0] != PaymentMethod.DEPOSIT]
"""How credit goes back: a mistake the way it came. What was kept goes back with its settlement."""
WITHHELD = frozenset({PaymentMethod.WITHHOLDING, PaymentMethod.VAT_WITHHOLDING})


class ChequeState(models.TextChoices):
    """What became of a cheque after it was received."""

    BANKED = "banked", pgettext_lazy("cheque", "banked")
    CLEARED = "cleared", pgettext_lazy("cheque", "cleared")
    BOUNCED = "bounced", pgettext_lazy("cheque", "bounced")


class WithholdingKind(models.TextChoices):
    RENT = "rent", pgettext_lazy("withholding", "on rent")
    VAT = "vat", pgettext_lazy("withholding", "of VAT")


class WriteOffState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("write-off", "asked for")
    APPROVED = "approved", pgettext_lazy("write-off", "approved")
    REFUSED = "refused", pgettext_lazy("write-off", "refused")


class BankLineState(models.TextChoices):
    NEW = "new", pgettext_lazy("bank line", "to be matched")
    MATCHED = "matched", pgettext_lazy("bank line", "matched")
    IGNORED = "ignored", pgettext_lazy("bank line", "set aside")


class StatementFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    CAMT = "camt053", "CAMT.053"


class MatchAct(models.TextChoices):
    """What accepting a proposal for a bank's line does."""

    PAY = "pay", _("Enter the payment")
    CLEAR = "clear", _("The cheque is cleared")
    BOUNCE = "bounce", _("The cheque bounced")
    SEEN = "seen", _("It is the payment entered before")
    REFUND = "refund", _("It is the refund entered before")


class MatchReason(models.TextChoices):
    """Why a bank's line may be something, and why it is not sure."""

    NUMBER = "number", _("the invoice's number is in the line")
    LEASE = "lease", _("the lease's number is in the line")
    NAME = "name", _("the company's name is in the line")
    AMOUNT = "amount", _("the amount is the same")
    SUM = "sum", _("the amount is that of these invoices together")
    ALL_OPEN = "all_open", _("the amount is all that the company owes")
    LESS_WITHHELD = "less_withheld", _("less what the client withholds")
    CHEQUE = "cheque", _("the cheque's number is in the line")
    REMITTANCE = "remittance", _("the amount is that of all cheques banked on one day")
    ENTERED = "entered", _("it was entered before, by hand")
    # Doubts:
    PARTIAL = "partial", _("it is less than what is open")
    OVER = "over", _("it is more than what is open: the rest stays credit")
    SETTLED = "settled", _("the invoice named is settled already")
    NOTHING_OPEN = "nothing_open", _("nothing is open: it stays credit")
    ONE_OF_SEVERAL = "one_of_several", _("it may be meant for something else of what is open")
    OTHER_NAME = "other_name", _("the line names another company too")
    SEVERAL = "several", _("something else fits as well")
    CONTESTED = "contested", _("another line takes the same")
    TWIN = "twin", _("the same came from this company on that day already")
    REVERSAL = "reversal", _("the bank says that it takes back another line")
    TAKES_BACK = "takes_back", _("what the cheque settled would be open again")


class CsvRole(models.TextChoices):
    """What a column of a bank's CSV may be; `amount` is signed, or `side` says its sign; debit and
    credit are one of two."""

    BOOKED = "booked", _("booked on")
    VALUE = "value", _("value date")
    AMOUNT = "amount", _("amount")
    SIDE = "side", _("debit or credit")
    DEBIT = "debit", _("debit")
    CREDIT = "credit", _("credit")
    COUNTERPARTY = "counterparty", _("counterparty")
    REFERENCE = "reference", _("reference")
    WORDS = "words", _("wording")


class DunningLevel(models.IntegerChoices):
    """The steps of a reminder (relance), one after the other."""

    COURTESY = 1, pgettext_lazy("dunning", "courtesy reminder")
    REMINDER = 2, pgettext_lazy("dunning", "reminder")
    NOTICE = 3, pgettext_lazy("dunning", "formal notice")


LOOKS: Final[Mapping[int, str]] = {
    DunningLevel.COURTESY: "info",
    DunningLevel.REMINDER: "warning",
    DunningLevel.NOTICE: "danger",
}
"""How each step is shown to staff."""


class NoReminder(models.TextChoices):
    """Why a company of which something is overdue gets no letter on a day."""

    NOTHING = "nothing", pgettext_lazy("dunning", "nothing is overdue")
    PAUSED = "paused", pgettext_lazy("dunning", "paused")
    EARLY = "early", pgettext_lazy("dunning", "no further step yet")
    SOON = "soon", pgettext_lazy("dunning", "reminded a few days ago")
    DONE = "done", pgettext_lazy("dunning", "all steps are taken")
    NO_STEPS = "no_steps", pgettext_lazy("dunning", "the site has no steps")


class PauseKind(models.TextChoices):
    """Why nobody is reminded for now."""

    DISPUTE = "dispute", pgettext_lazy("dunning", "dispute")
    PLAN = "plan", pgettext_lazy("dunning", "payment plan")


class PenaltyState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("penalty", "proposed")
    CHARGED = "charged", pgettext_lazy("penalty", "charged")
    DROPPED = "dropped", pgettext_lazy("penalty", "dropped")


class VatBasis(models.TextChoices):
    """When the VAT of an invoice is due (fait générateur)."""

    COLLECTION = "collection", pgettext_lazy("VAT", "on collection")
    ISSUE = "issue", pgettext_lazy("VAT", "on invoice")


class VatRhythm(models.TextChoices):
    MONTH = "month", pgettext_lazy("VAT", "monthly")
    QUARTER = "quarter", pgettext_lazy("VAT", "quarterly")


class Journal(models.TextChoices):
    SALES = "sales", pgettext_lazy("journal", "sales")
    RECEIPTS = "receipts", pgettext_lazy("journal", "receipts")
    DEPOSITS = "deposits", pgettext_lazy("journal", "deposits")


class LedgerKey(models.TextChoices):
    """What an amount is, before a lessor's chart says which account bears it."""

    CLIENTS = "clients", pgettext_lazy("ledger", "clients")
    ADVANCES = "advances", pgettext_lazy("ledger", "advances received")
    DOUBTFUL = "doubtful", pgettext_lazy("ledger", "doubtful clients")
    LOSSES = "losses", pgettext_lazy("ledger", "claims written off")
    RENT = "rent", pgettext_lazy("ledger", "rents")
    SERVICES = "services", pgettext_lazy("ledger", "services")
    VAT = "vat", pgettext_lazy("ledger", "VAT billed")
    STAMP = "stamp", pgettext_lazy("ledger", "stamp duty")
    BANK = "bank", pgettext_lazy("ledger", "bank")
    CHEQUES = "cheques", pgettext_lazy("ledger", "cheques to be cleared")
    CASH = "cash", pgettext_lazy("ledger", "cash")
    CARD = "card", pgettext_lazy("ledger", "cards")
    WITHHELD = "withheld", pgettext_lazy("ledger", "withheld on rents")
    VAT_WITHHELD = "vat_withheld", pgettext_lazy("ledger", "VAT withheld")
    AWAITED = "awaited", pgettext_lazy("ledger", "withheld with cheques to be cleared")
    OPENING = "opening", pgettext_lazy("ledger", "balances brought forward")
    DEPOSITS = "deposits", pgettext_lazy("ledger", "deposits received")


class NumberSeries(models.TextChoices):
    """What a lessor numbers, each from 1 every year; the first two without gaps (CGI art. 145)."""

    INVOICE = "invoice", _("invoices")
    CREDIT_NOTE = "credit", _("credit notes")
    PAYMENT = "payment", _("payments")
    REFUND = "refund", _("refunds")
    RECEIPT = "receipt", _("receipts")
    REMINDER = "reminder", _("reminders")


class PieceKind(models.TextChoices):
    """What happened, as a piece of a journal; with the row's id it is the piece's key."""

    INVOICE = "invoice", _("invoice")
    CREDIT_NOTE = "credit", _("credit note")
    OPENING = "opening", pgettext_lazy("payment", "balance brought forward")
    WRITTEN_OFF = "written_off", pgettext_lazy("ledger", "claims written off")
    DOUBTFUL = "doubtful", pgettext_lazy("ledger", "doubtful clients")
    PAYMENT = "payment", _("payment")
    ALLOCATION = "allocation", _("allocation")
    CLEARED = "cleared", pgettext_lazy("piece", "cheque cleared")
    WITHHELD = "withheld", pgettext_lazy("account", "withheld")
    BOUNCED = "bounced", pgettext_lazy("piece", "cheque bounced")
    REFUND = "refund", _("refund")
    DEPOSIT = "deposit", pgettext_lazy("piece", "deposit")


class ClosingCheck(models.TextChoices):
    """What may be unfinished when a month is to be closed."""

    RUNS = "runs", pgettext_lazy("closing", "rent runs that are open")
    BANK_LINES = "bank_lines", pgettext_lazy("closing", "bank lines to be matched")
    CHEQUES = "cheques", pgettext_lazy("closing", "cheques that are not banked")
    PIECES = "pieces", pgettext_lazy("closing", "pieces that are not exported")


class VatReason(models.TextChoices):
    """Why VAT stands in a return."""

    ISSUED = "issued", pgettext_lazy("VAT", "invoice")
    CREDITED = "credited", pgettext_lazy("VAT", "credit note")
    RECEIVED = "received", pgettext_lazy("VAT", "received")
    ADVANCE = "advance", pgettext_lazy("VAT", "advance")
    TAKEN_BACK = "taken_back", pgettext_lazy("VAT", "taken back")


class EntryKind(models.TextChoices):
    """What a line of a tenant's account is, in the order of a day."""

    INVOICE = "invoice", _("invoice")
    CREDIT_NOTE = "credit", _("credit note")
    PAYMENT = "payment", _("payment")
    WITHHELD = "withheld", pgettext_lazy("account", "withheld")
    BOUNCED = "bounced", pgettext_lazy("account", "bounced cheque")
    REFUND = "refund", _("refund")
    WRITE_OFF = "written_off", _("write-off")
