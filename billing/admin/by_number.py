"""Forms about one invoice, which people name by its number."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.choices import InvoiceKind
from billing.models import Invoice
from sites.admin.base import ScopedAdmin, StaffForm
from sites.admin.widgets import dress


class NumberForm(StaffForm):
    """`invoices`: those that the user may see."""

    invoices: ClassVar[Any]
    number = forms.CharField(
        label=_("invoice"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
        help_text=_("Its number, such as MITC-F2026-000123."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.declared_fields.keys() & self.fields.keys():
            dress(self.fields[name])

    def clean_number(self) -> Invoice:
        number = self.cleaned_data["number"].strip()
        invoice: Invoice | None = self.invoices.filter(number=number).first()
        if invoice is None:
            raise ValidationError(_("There is no such invoice."))
        return invoice


class ByNumber(ScopedAdmin):
    """Rows that are added by an invoice's number; `?number=` comes from the invoice's own page."""

    form = NumberForm

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        rows = Invoice.objects.visible_to(request.user).filter(kind=InvoiceKind.INVOICE)
        form.invoices = rows.select_related("site__lessor", "company")
        return form
