"""Invoices and credit notes: their list, and the page of each with what came of it."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.choices import CreditKind, InvoiceKind
from billing.models import Invoice
from billing.papers.invoice import invoice_pdf, invoice_ubl, what
from billing.papers.ubl import MEDIA_TYPE, by_rate
from billing.selectors.invoices import in_full
from billing.selectors.left import left_of
from billing.services.crediting import credit_all, credit_amount
from core import formats
from core.forms import DecimalFormField
from core.money import ZERO
from leases.admin.own_page import OwnPages
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import badge, day_column, language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, work


def _is_invoice(invoice: Invoice) -> bool:
    return invoice.kind == InvoiceKind.INVOICE


class CreditForm(WorkForm):
    kind = forms.ChoiceField(
        label=_("kind of credit"),
        choices=CreditKind.choices,
        help_text=_("Cancelled days may be billed again; goodwill is given for good."),
    )
    net = DecimalFormField(
        label=_("amount without tax, DH"),
        max_digits=14,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("Of goodwill, shared by the lines. Empty: all that is left."),
    )
    reason = forms.CharField(label=_("reason"), max_length=300)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("net") and given.get("kind") == CreditKind.CANCELLING:
            self.add_error("net", _("An amount is goodwill: what is cancelled goes whole."))
        return given


@admin.register(Invoice)
class InvoiceAdmin(OwnPages, ReadOnlyAdmin):
    related = ("company", "site", "lease", "corrects")
    list_display = (
        "number",
        "kind",
        "company",
        "site",
        "issued",
        "due",
        "net_shown",
        "total_shown",
    )
    list_filter = ("kind", "site", "year")
    search_fields = ("number", "company__name_key", "lease__number")
    search_help_text = _("Number, company or lease")
    found_by_name = True
    ordering = ("-id",)
    exported = ("number", "kind", "site__code", "company__name", "lease__number", "issued_on",
                "due_on", "net", "vat", "total", "corrects__number", "credit_kind",
                "reason")  # fmt: skip
    page_template = "billing/admin/invoice.html"
    actions_detail = ("pdf", "ubl", "credit")
    issued = day_column("issued_on", _("issued on"))
    due = day_column("due_on", _("due on"))

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {
            "all": ("file.css", "lease.css", "billing.css")
        }

    def told(self, request: HttpRequest, row: Invoice) -> dict[str, Any]:
        invoice = in_full(row)
        lines = list(invoice.lines.all())
        left = left_of(lines)
        return {
            "title": row.number,
            "subtitle": str(row.company),
            "invoice": invoice,
            "badge": badge(row.get_kind_display(), "info" if _is_invoice(row) else "warning"),
            "acts": self.acts(request, row),
            "lines": [(line, what(line), left[line.pk]) for line in lines],
            "credited": any(left[line.pk].net != line.amount for line in lines)
            and _is_invoice(row),
            "rates": list(by_rate(lines).items()),
            "notes": list(invoice.credit_notes.all()),
            "left": sum((each.net for each in left.values()), ZERO),
        }

    # --- Columns --------------------------------------------------------------------------------
    @admin.display(description=_("excl. tax"), ordering="net")
    def net_shown(self, invoice: Invoice) -> str:
        return formats.money(invoice.net, language())

    @admin.display(description=_("incl. tax"), ordering="total")
    def total_shown(self, invoice: Invoice) -> str:
        return formats.money(invoice.total, language())

    # --- Acts -----------------------------------------------------------------------------------
    @work(_("PDF"), path="pdf", right=Action.VIEW, icon="picture_as_pdf")
    def pdf(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        return _file(invoice_pdf(in_full(invoice)), f"{invoice.number}.pdf", "application/pdf")

    @work(_("UBL"), path="ubl", right=Action.VIEW, icon="code")
    def ubl(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        return _file(invoice_ubl(in_full(invoice)), f"{invoice.number}.xml", MEDIA_TYPE)

    @work(_("Credit"), path="credit", right=Action.ISSUE, icon="undo", when=_is_invoice)
    def credit(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        notes: list[Invoice] = []

        def act(given: dict[str, Any]) -> str:
            user, reason = acting(request), given["reason"]
            if given["net"]:
                note = credit_amount(
                    invoice=invoice, net=given["net"], reason=reason, acting_user=user
                )
            else:
                kind = CreditKind(given["kind"])
                note = credit_all(invoice=invoice, kind=kind, reason=reason, acting_user=user)
            notes.append(note)
            return gettext("Credit note %(number)s is issued.") % {"number": note.number}

        return self.work_page(
            request,
            invoice,
            act=act,
            form_class=CreditForm,
            title=_("Credit"),
            submit=_("Issue the credit note"),
            hint=_("The invoice stays as it is; the credit note corrects it."),
            then=lambda: reverse("admin:billing_invoice_change", args=[notes[0].pk]),
        )


def _file(data: bytes, name: str, media_type: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
