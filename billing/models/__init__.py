from billing.models.accounts import Account, WithholdingRule
from billing.models.allocations import Allocation, Doubtful, WriteOff
from billing.models.bank import BankLine, BankStatement, CsvMapping
from billing.models.billed import BilledPeriod, Settled
from billing.models.books import (
    ExportedPiece,
    JournalExport,
    JournalLayout,
    LedgerAccount,
    MonthClosing,
    VatRegime,
    VatReturn,
)
from billing.models.dunning import (
    DunningLetter,
    DunningLetterLine,
    DunningPause,
    DunningStep,
    Penalty,
    PenaltyClause,
)
from billing.models.invoices import Invoice, InvoiceLine
from billing.models.papers import InvoicePaper, Receipt
from billing.models.payments import Certificate, ChequeStep, Payment, Refund
from billing.models.runs import RentRun, RunItem
from billing.models.settings import Holiday, SiteBilling

__all__ = [
    "Account",
    "Allocation",
    "BankLine",
    "BankStatement",
    "BilledPeriod",
    "Certificate",
    "ChequeStep",
    "CsvMapping",
    "Doubtful",
    "DunningLetter",
    "DunningLetterLine",
    "DunningPause",
    "DunningStep",
    "ExportedPiece",
    "Holiday",
    "Invoice",
    "InvoiceLine",
    "InvoicePaper",
    "JournalExport",
    "JournalLayout",
    "LedgerAccount",
    "MonthClosing",
    "Payment",
    "Penalty",
    "PenaltyClause",
    "Receipt",
    "Refund",
    "RentRun",
    "RunItem",
    "Settled",
    "SiteBilling",
    "VatRegime",
    "VatReturn",
    "WithholdingRule",
    "WriteOff",
]
