"""Staff pages of billing."""

from billing.admin.accounts import AccountAdmin
from billing.admin.bank_lines import BankLineAdmin
from billing.admin.bank_statements import BankStatementAdmin
from billing.admin.bank_upload import CsvMappingAdmin
from billing.admin.books import LedgerAccountAdmin, VatRegimeAdmin
from billing.admin.dunning import DunningLetterAdmin, DunningPauseAdmin, DunningStepAdmin
from billing.admin.holidays import HolidayAdmin
from billing.admin.invoices import InvoiceAdmin
from billing.admin.payments import PaymentAdmin
from billing.admin.penalties import PenaltyAdmin, PenaltyClauseAdmin
from billing.admin.runs import RentRunAdmin
from billing.admin.settings import SiteBillingAdmin
from billing.admin.withholding import WithholdingRuleAdmin
from billing.admin.write_offs import DoubtfulAdmin, WriteOffAdmin

__all__ = [
    "AccountAdmin",
    "BankLineAdmin",
    "BankStatementAdmin",
    "CsvMappingAdmin",
    "DoubtfulAdmin",
    "DunningLetterAdmin",
    "DunningPauseAdmin",
    "DunningStepAdmin",
    "HolidayAdmin",
    "InvoiceAdmin",
    "LedgerAccountAdmin",
    "PaymentAdmin",
    "PenaltyAdmin",
    "PenaltyClauseAdmin",
    "RentRunAdmin",
    "SiteBillingAdmin",
    "VatRegimeAdmin",
    "WithholdingRuleAdmin",
    "WriteOffAdmin",
]
