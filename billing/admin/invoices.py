"""Invoices and credit notes: their list, and the page of each with what came of it."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.admin.crediting import Crediting, is_invoice
from billing.admin.note_credit import NoteCredit
from billing.admin.selling import SaleEntry
from billing.choices import InvoiceKind
from billing.models import Invoice
from billing.papers.expected import expected_of
from billing.papers.invoice import invoice_ubl, what
from billing.papers.receipt import how
from billing.papers.stored import pdf_of
from billing.papers.ubl import MEDIA_TYPE, by_rate
from billing.selectors.claims import claim_of
from billing.selectors.invoice_page import credit_of, fate_of, paper_of, to_nobody, with_problem
from billing.selectors.invoices import in_full
from billing.selectors.left import left_of
from billing.selectors.open_items import with_open
from billing.selectors.paying import named
from billing.selectors.receipts import Settling
from billing.selectors.recipients import billing_addresses, known_addresses
from billing.services.papers import send, try_again
from billing.services.receipts import issue_receipt
from core import formats
from core.money import ZERO
from core.periods import today
from leases.admin.own_page import OwnPages
from sites.admin.base import ScopedAdmin
from sites.admin.columns import badge, day_column, language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, work
from sites.scopes import scope_of

PDF: Final = "application/pdf"


def _is_ours(invoice: Invoice) -> bool:
    return invoice.is_ours


def _has_problem(invoice: Invoice) -> bool:
    paper = paper_of(invoice)
    return paper is not None and paper.made_at is None and bool(paper.problem)


class PaperFilter(admin.SimpleListFilter):
    """What somebody must do something about before the client knows."""

    title = _("paper")
    parameter_name = "paper"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [
            ("waiting", _("PDF to be made")),
            ("problem", _("PDF could not be made")),
            ("to_nobody", _("nobody to send to")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "waiting":
            return queryset.filter(paper__made_at__isnull=True, paper__isnull=False)
        if self.value() == "problem":
            return with_problem(queryset)
        return to_nobody(queryset) if self.value() == "to_nobody" else queryset


class OpenFilter(admin.SimpleListFilter):
    """What is still to be paid, and what of it is late."""

    title = pgettext_lazy("of an invoice", "open")
    parameter_name = "left"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [
            ("open", pgettext_lazy("invoice", "open")),
            ("late", _("overdue")),
            ("settled", pgettext_lazy("of an invoice", "settled")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in {"open", "late", "settled"}:
            return queryset
        invoices = with_open(queryset.filter(kind=InvoiceKind.INVOICE))
        if self.value() == "settled":
            return invoices.filter(open__lte=ZERO)
        late = {"due_on__lt": today()} if self.value() == "late" else {}
        return invoices.filter(open__gt=ZERO, **late)


class SendForm(WorkForm):
    to = forms.MultipleChoiceField(
        label=pgettext_lazy("letter", "to"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, addresses: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = [(email, email) for email in addresses]
        self.dress()


class ReceiptForm(WorkForm):
    send = forms.BooleanField(
        label=_("send it by e-mail to those who receive invoices"), required=False
    )


def _claim_acts(request: HttpRequest, invoice: Invoice) -> list[tuple[str, Any]]:
    """The pages on which something is done about what is overdue of it, each with its title."""
    if not scope_of(request.user, Action.CHANGE, "dunning").covers(invoice.site_id):
        return []
    asked = urlencode({"number": invoice.number})
    return [
        (f"{reverse(f'admin:billing_{model}_add')}?{asked}", title)
        for model, title in (
            ("dunningpause", _("Pause reminders")),
            ("doubtful", _("Mark as doubtful")),
            ("writeoff", _("Ask for a write-off")),
        )
    ]


def _entry(request: HttpRequest, invoice: Invoice) -> str:
    """Where a payment of it is entered, for who may."""
    if not scope_of(request.user, Action.ADD, "payment").covers(invoice.site_id):
        return ""
    asked = urlencode({"company": named(invoice.company), "site": f"{invoice.site_id}"})
    return f"{reverse('admin:billing_payment_add')}?{asked}"


def _account(request: HttpRequest, invoice: Invoice) -> str:
    """Where all that the company owes and paid stands, for who may see it."""
    if not scope_of(request.user, Action.VIEW, "payment"):
        return ""
    asked = urlencode({"company__id__exact": invoice.company_id})
    return f"{reverse('admin:billing_account_changelist')}?{asked}"


@admin.register(Invoice)
class InvoiceAdmin(Crediting, NoteCredit, OwnPages, SaleEntry, ScopedAdmin):
    """Issued by runs, or by `selling` outside any lease; everything after that is an act."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.EXPORT})
    related = ("company", "site", "lease", "corrects", "paper")
    list_display = (
        "number",
        "kind",
        "company",
        "site",
        "issued",
        "due",
        "net_shown",
        "total_shown",
        "left_shown",
    )
    list_filter = (OpenFilter, "kind", PaperFilter, "site", "year")
    search_fields = ("number", "company__name_key", "lease__number")
    search_help_text = _("Number, company or lease")
    found_by_name = True
    ordering = ("-id",)
    exported = ("number", "kind", "site__code", "company__name", "lease__number", "issued_on",
                "due_on", "net", "vat", "total", "corrects__number", "credit_kind",
                "reason")  # fmt: skip
    page_template = "billing/admin/invoice.html"
    actions_detail = ("pdf", "ubl", "send", "receipt", "try_again", "credit",
                      *NoteCredit.NOTE_ACTS)  # fmt: skip
    issued = day_column("issued_on", _("issued on"))
    due = day_column("due_on", _("due on"))

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {
            "all": ("file.css", "lease.css", "billing.css", "payment.css")
        }

    def listed(self, request: HttpRequest, rows: QuerySet[Invoice]) -> QuerySet[Any]:
        return with_open(rows)

    def told(self, request: HttpRequest, row: Invoice) -> dict[str, Any]:
        invoice = in_full(row)
        lines = list(invoice.lines.all())
        left = left_of(lines)
        fate = fate_of(invoice, request.user)
        return {
            "title": row.number,
            "subtitle": str(row.company),
            "invoice": invoice,
            "badge": badge(row.get_kind_display(), "info" if is_invoice(row) else "warning"),
            "acts": self.acts(request, row),
            "entry": _entry(request, invoice) if fate.open else "",
            "account": _account(request, invoice),
            "lines": [(line, what(line), left[line.pk]) for line in lines],
            "credited": any(left[line.pk].net != line.amount for line in lines) and is_invoice(row),
            "rates": list(by_rate(lines).items()),
            "notes": list(invoice.credit_notes.all()),
            "fate": fate,
            "credit": credit_of(invoice, request.user),
            "settled_by": [(each, how(each), _address(each)) for each in fate.settled_by],
            "expected": expected_of(invoice),
            "claim": claim_of(invoice, request.user),
            "claim_acts": _claim_acts(request, invoice) if fate.late else [],
        }

    # --- Columns --------------------------------------------------------------------------------
    @admin.display(description=_("excl. tax"), ordering="net")
    def net_shown(self, invoice: Invoice) -> str:
        return formats.money(invoice.net, language())

    @admin.display(description=_("incl. tax"), ordering="total")
    def total_shown(self, invoice: Invoice) -> str:
        return formats.money(invoice.total, language())

    @admin.display(description=pgettext_lazy("of an invoice", "open"))
    def left_shown(self, invoice: Any) -> str:
        """What is still to be paid; late, it stands out."""
        if not is_invoice(invoice):
            return ""
        if invoice.open <= ZERO:
            return badge(pgettext("of an invoice", "settled"), "success")
        left = formats.money(invoice.open, language())
        return badge(left, "danger") if invoice.due_on < today() else left

    # --- Acts -----------------------------------------------------------------------------------
    @work(_("PDF"), path="pdf", right=Action.VIEW, icon="picture_as_pdf", when=_is_ours)
    def pdf(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        return _file(pdf_of(invoice), f"{invoice.number}.pdf", PDF)

    @work(_("UBL"), path="ubl", right=Action.VIEW, icon="code", when=_is_ours)
    def ubl(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        return _file(invoice_ubl(in_full(invoice)), f"{invoice.number}.xml", MEDIA_TYPE)

    @work(
        _("Send by e-mail"),
        path="send",
        right=Action.CHANGE,
        icon="forward_to_inbox",
        when=_is_ours,
    )
    def send(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            to = send(invoice=invoice, to=given["to"], acting_user=acting(request))
            return gettext("On its way to %(addresses)s.") % {"addresses": ", ".join(to)}

        addresses = known_addresses(invoice.company)
        return self.work_page(
            request,
            invoice,
            act=act,
            form_class=SendForm,
            form_kwargs={"addresses": addresses},
            initial={"to": billing_addresses([invoice.company])[invoice.company_id]},
            title=_("Send by e-mail"),
            submit=_("Send"),
            hint=_("The letter has a link that is good for 60 days.")
            if addresses
            else _("No address of this company is known: enter one on its page."),
        )

    @work(_("Receipt"), path="receipt", right=Action.CHANGE, icon="verified", when=is_invoice)
    def receipt(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            receipt = issue_receipt(
                invoice=invoice, acting_user=acting(request), send=given["send"]
            )
            return gettext("Receipt %(number)s is there.") % {"number": receipt.number}

        return self.work_page(
            request,
            invoice,
            act=act,
            form_class=ReceiptForm,
            title=_("Receipt"),
            submit=_("Issue the receipt"),
            hint=_("For an invoice that is settled, once its cheques are cleared."),
        )

    @work(
        _("Make the PDF again"),
        path="try-again",
        right=Action.CHANGE,
        icon="refresh",
        when=_has_problem,
    )
    def try_again(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            try_again(invoice=invoice, acting_user=acting(request))
            return gettext("It is tried once more.")

        title = _("Make the PDF again")
        return self.work_page(request, invoice, act=act, title=title, submit=title)


def _address(each: Settling) -> str:
    """Of the page of what settles an invoice."""
    return reverse(f"admin:billing_{each.source._meta.model_name}_change", args=[each.source.pk])


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
