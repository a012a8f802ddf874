"""Routes of billing."""

from django.urls import path

from billing.api import (
    accounts,
    ageing,
    bank,
    books,
    certificates,
    dunning,
    invoices,
    payments,
    receipts,
    revenue,
    runs,
)

urlpatterns = [
    path("accounts/", accounts.Accounts.as_view(), name="accounts"),
    path("accounts/<int:pk>/ledger/", accounts.AccountLedger.as_view(), name="account_ledger"),
    path(
        "accounts/<int:pk>/statement/",
        accounts.AccountStatement.as_view(),
        name="account_statement",
    ),
    path("ageing/", ageing.Ageing.as_view(), name="ageing"),
    path("revenue/", revenue.RevenueByMonth.as_view(), name="revenue"),
    path("bank-statements/", bank.BankStatements.as_view(), name="bank_statements"),
    path("bank-statements/<int:pk>/", bank.BankStatementRow.as_view(), name="bank_statement"),
    path(
        "bank-statements/<int:pk>/accept-sure/", bank.AcceptSure.as_view(), name="bank_accept_sure"
    ),
    path("bank-lines/", bank.BankLines.as_view(), name="bank_lines"),
    path("bank-lines/<int:pk>/", bank.BankLineRow.as_view(), name="bank_line"),
    *(
        path(
            f"bank-lines/<int:pk>/{act.name}/",
            bank.LINE_ACTS.view(act).as_view(),
            name=f"bank_line_{act.name}",
        )
        for act in bank.ACTS
    ),
    path("bank-mappings/", bank.CsvMappings.as_view(), name="bank_mappings"),
    path("closings/", books.Closings.as_view(), name="closings"),
    path("closings/<int:pk>/reopen/", books.ReopenMonth.as_view(), name="closing_reopen"),
    path("vat-returns/", books.VatReturns.as_view(), name="vat_returns"),
    path("vat-returns/due/", books.VatDue.as_view(), name="vat_due"),
    path("vat-returns/<int:pk>/", books.VatReturnRow.as_view(), name="vat_return"),
    path("journals/", books.JournalExports.as_view(), name="journal_exports"),
    path("journals/pieces/", books.JournalPieces.as_view(), name="journal_pieces"),
    path("journals/<int:pk>/csv/", books.JournalFile.as_view(), name="journal_file"),
    path("runs/", runs.Runs.as_view(), name="runs"),
    path("runs/<int:pk>/", runs.Run.as_view(), name="run"),
    path("runs/<int:pk>/leases/", runs.RunLeases.as_view(), name="run_leases"),
    *(
        path(
            f"runs/<int:pk>/{act.name}/", runs.RUN_ACTS.view(act).as_view(), name=f"run_{act.name}"
        )
        for act in runs.ACTS
    ),
    path("invoices/", invoices.Invoices.as_view(), name="invoices"),
    path("invoices/<str:number>/", invoices.InvoiceRow.as_view(), name="invoice"),
    path("invoices/<str:number>/pdf/", invoices.InvoicePdf.as_view(), name="invoice_pdf"),
    path("invoices/<str:number>/ubl/", invoices.InvoiceUbl.as_view(), name="invoice_ubl"),
    path("invoices/<str:number>/send/", receipts.SendInvoice.as_view(), name="invoice_send"),
    path(
        "invoices/<str:number>/receipt/", receipts.ReceiveInvoice.as_view(), name="invoice_receipt"
    ),
    path("receipts/<str:number>/pdf/", receipts.ReceiptPdf.as_view(), name="receipt_pdf"),
    path("invoices/<str:number>/credit/", invoices.CreditInvoice.as_view(), name="invoice_credit"),
    path("invoices/<str:number>/used/", payments.NoteCredit.as_view(), name="note_credit"),
    path("invoices/<str:number>/settle/", payments.SettleNote.as_view(), name="note_settle"),
    path("invoices/<str:number>/refund/", payments.RefundNote.as_view(), name="note_refund"),
    path("payments/", payments.Payments.as_view(), name="payments"),
    path("payments/<str:number>/", payments.PaymentRow.as_view(), name="payment"),
    *(
        path(
            f"payments/<str:number>/{act.name}/",
            payments.PAYMENT_ACTS.view(act).as_view(),
            name=f"payment_{act.name}",
        )
        for act in payments.ACTS
    ),
    path(
        "payments/<str:number>/certificate/file/",
        certificates.CertificateBytes.as_view(),
        name="certificate_file",
    ),
    path(
        "payments/<str:number>/certificate/file/<str:name>",
        certificates.CertificateFileKept.as_view(),
        name="certificate_file_kept",
    ),
    path("reminders/", dunning.Reminders.as_view(), name="reminders"),
    path("reminders/<str:number>/", dunning.Reminder.as_view(), name="reminder"),
    path("reminders/<str:number>/pdf/", dunning.ReminderPdf.as_view(), name="reminder_pdf"),
    path("dunning-pauses/", dunning.Pauses.as_view(), name="dunning_pauses"),
    path("dunning-pauses/<int:pk>/end/", dunning.EndPause.as_view(), name="dunning_pause_end"),
    path("write-offs/", dunning.WriteOffs.as_view(), name="write_offs"),
    path(
        "write-offs/<int:pk>/approve/", dunning.ApproveWriteOff.as_view(), name="write_off_approve"
    ),
    path("write-offs/<int:pk>/refuse/", dunning.RefuseWriteOff.as_view(), name="write_off_refuse"),
    path(
        "write-offs/<int:pk>/take-back/",
        dunning.TakeBackWriteOff.as_view(),
        name="write_off_take_back",
    ),
]
