"""Credit notes by hand: of a whole invoice, a line, some of its days, or an amount."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.choices import CreditKind, InvoiceKind
from billing.models import Invoice, InvoiceLine
from billing.papers.invoice import what
from billing.selectors.invoices import last_note
from billing.services.crediting import Part, credit_all, credit_amount, credit_parts
from core import formats
from core.forms import DecimalFormField, PeriodFormField
from core.periods import Period
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work


def is_invoice(invoice: Invoice) -> bool:
    return invoice.kind == InvoiceKind.INVOICE


class _LineField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: InvoiceLine) -> str:
        told = [what(obj), formats.money(obj.amount, language())]
        if obj.period is not None:
            told.insert(1, formats.days(obj.period.start, obj.period.last_day, language()))
        return formats.apart(told, language())


class CreditForm(WorkForm):
    kind = forms.ChoiceField(
        label=_("kind of credit"),
        choices=CreditKind.choices,
        help_text=_("Cancelled days may be billed again; goodwill is given for good."),
    )
    line = _LineField(
        InvoiceLine.objects.none(),
        label=_("line"),
        required=False,
        empty_label=_("all lines"),
    )
    days = PeriodFormField(
        label=_("days"), required=False, help_text=_("Of one line. Empty: all of them.")
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
    after = forms.IntegerField(widget=forms.HiddenInput)  # sent twice, it is issued once

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line: Any = self.fields["line"]
        line.queryset = invoice.lines.order_by("position")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("net") is not None and given.get("kind") == CreditKind.CANCELLING:
            self.add_error("net", _("An amount is goodwill: what is cancelled goes whole."))
        line, days = given.get("line"), given.get("days")
        if days is None:
            return given
        if line is None or line.period is None:
            self.add_error("line", _("Choose the line whose days they are."))
        elif given.get("net") is not None:
            self.add_error("days", _("Give days or an amount, not both."))
        elif days.end is None and days.start < line.period.end:
            given["days"] = Period(days.start, line.period.end)  # to the line's last
        return given


class Crediting(WorkPages):
    """To stand before the admin class of invoices."""

    @work(_("Credit"), path="credit", right=Action.ISSUE, icon="undo", when=is_invoice)
    def credit(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        notes: list[Invoice] = []

        def act(given: dict[str, Any]) -> str:
            notes.append(_credited(invoice, acting(request), **given))
            return gettext("Credit note %(number)s is issued.") % {"number": notes[0].number}

        return self.work_page(
            request,
            invoice,
            act=act,
            form_class=CreditForm,
            form_kwargs={"invoice": invoice},
            initial={"after": last_note(invoice)},
            title=_("Credit"),
            submit=_("Issue the credit note"),
            hint=_("The invoice stays as it is; the credit note corrects it."),
            then=lambda: reverse("admin:billing_invoice_change", args=[notes[0].pk]),
        )


def _credited(
    invoice: Invoice,
    user: Any,
    *,
    kind: str,
    line: InvoiceLine | None,
    days: Period | None,
    net: Any,
    reason: str,
    after: int,
) -> Invoice:
    told: dict[str, Any] = {"reason": reason, "after": after, "acting_user": user}
    if line is not None:
        parts = [Part(line.pk, net=net, days=days)]
        return credit_parts(invoice=invoice, parts=parts, kind=CreditKind(kind), **told)
    if net is not None:  # nothing is an amount too, and refused
        return credit_amount(invoice=invoice, net=net, **told)
    return credit_all(invoice=invoice, kind=CreditKind(kind), **told)
