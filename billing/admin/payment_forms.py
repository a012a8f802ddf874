"""What the acts on a payment ask on their pages, and what the list of payments is narrowed by."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from billing.admin.shares import Shares
from billing.choices import NEVER_ENTERED, WITHHELD, ChequeState, PaymentMethod
from billing.models import Invoice, Payment
from billing.selectors.open_items import with_free
from billing.selectors.paying import Settled, last_step
from core import formats
from core.errors import Stale
from core.forms import DayFormField, DecimalFormField
from core.periods import today
from core.uploads import accepted_extensions
from sites.admin.columns import language
from sites.admin.work import WorkForm


class DayForm(WorkForm):
    on = DayFormField(label=_("day"), initial=today)


class BounceForm(DayForm):
    reason = forms.CharField(label=_("reason"), max_length=300, help_text=_("As the bank says it."))


class _SettledField(forms.ModelChoiceField):  # type: ignore[type-arg]
    amounts: Mapping[int, Any]

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {formats.money(self.amounts[obj.pk], language())}"


class TakeBackForm(WorkForm):
    invoice = _SettledField(None, label=_("invoice"))
    amount = DecimalFormField(
        label=_("amount, DH"),
        max_digits=14,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("Empty: all of it."),
    )
    reason = forms.CharField(label=_("reason"), max_length=300)

    def __init__(self, *args: Any, settled: list[Settled], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["invoice"]
        field.amounts = {each.invoice.pk: each.amount for each in settled}
        field.queryset = Invoice.objects.filter(pk__in=field.amounts)


class RefundForm(WorkForm):
    """`came`: how a payment came, which is how a mistake goes; None for a credit note."""

    amount = DecimalFormField(label=_("amount, DH"), max_digits=14, decimal_places=2, min_value=0)
    on = DayFormField(label=_("day"), initial=today)
    method = forms.ChoiceField(label=_("method"), choices=())
    reference = forms.CharField(label=_("reference"), max_length=80, required=False)
    reason = forms.CharField(label=_("reason"), max_length=300)

    def __init__(self, *args: Any, came: str | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["method"]
        ways = {came} - {PaymentMethod.DEPOSIT}
        if came not in WITHHELD:
            ways |= set(PaymentMethod) - WITHHELD - NEVER_ENTERED
        field.choices = [(code, text) for code, text in PaymentMethod.choices if code in ways]


class CertificateForm(WorkForm):
    number = forms.CharField(label=_("number"), max_length=60)
    received_on = DayFormField(label=_("received on"), initial=today)
    file = forms.FileField(label=_("file"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(accepted_extensions())


class ReasonForm(WorkForm):
    reason = forms.CharField(label=_("reason"), max_length=300)


class TableForm(WorkForm):
    """The table of shares is read by `shares.read`; here is only whether it may be sent."""

    def __init__(self, *args: Any, shares: Shares, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shares = shares

    def clean(self) -> dict[str, Any]:
        if self.shares.gone:
            raise forms.ValidationError(Stale.text)
        if self.shares.wrong:
            raise forms.ValidationError(_("Look at the amounts again."))
        if not self.shares.portions:
            raise forms.ValidationError(_("Say what it settles."))
        return super().clean() or {}


class ChequeFilter(admin.SimpleListFilter):
    title = _("cheque")
    parameter_name = "cheque"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("received", pgettext("cheque", "received")), *ChequeState.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        if self.value() not in {"received", *ChequeState.values}:
            return queryset
        rows = queryset.filter(method=PaymentMethod.CHEQUE).annotate(last=last_step())
        wanted = {"last": None} if self.value() == "received" else {"last": self.value()}
        return rows.filter(**wanted)


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("free", _("credit that is free")), ("awaited", _("certificate awaited"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        if self.value() == "free":
            return with_free(queryset).filter(free__gt=0)
        if self.value() == "awaited":
            rows: Any = queryset
            found: QuerySet[Payment] = rows.awaiting_certificate()
            return found
        return queryset
