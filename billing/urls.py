"""Routes of the pages behind the links in our letters, and of the staff site's working pages."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http.response import HttpResponseBase
from django.urls import path

from billing.views import ageing, closing, journals, papers, reminding, revenue, vat

urlpatterns = [
    path("invoice/<str:token>/", papers.invoice, name="invoice"),
    path("invoice/<str:token>/pdf/", papers.pdf, name="invoice_pdf"),
    path("invoice/<str:token>/ubl/", papers.ubl, name="invoice_ubl"),
    path("invoice/<str:token>/receipts/<int:pk>/", papers.receipt, name="invoice_receipt"),
    path("invoice/<str:token>/anew/", papers.anew, name="invoice_anew"),
]

STAFF_PAGES: Final[Mapping[str, tuple[str, Callable[..., HttpResponseBase]]]] = {
    "ageing": ("billing/ageing/", ageing.ageing_page),
    "revenue": ("billing/revenue/", revenue.revenue_page),
    "ageing_invoices": ("billing/ageing/invoices/", ageing.invoices_page),
    "invoice_receipt_pdf": ("receipts/<int:pk>/", papers.staff_receipt),
    "to_remind": ("billing/reminders/", reminding.to_remind_page),
    "reminder_preview": (
        "billing/reminders/<int:site_id>/<int:company_id>/",
        reminding.preview_page,
    ),
    "books_closing": ("books/closing/", closing.closing_page),
    "books_vat": ("books/vat/", vat.vat_page),
    "books_journals": ("books/journals/", journals.journals_page),
    "journal_export": ("books/exports/<int:pk>/", journals.export_file),
}
"""By name, for `technopark.staff.site`, which puts its door before each."""
