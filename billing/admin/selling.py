"""Invoices outside any lease, on the staff site: typed, shown with their sums, then issued.

What is issued was seen: the first « Show » tells what it comes to, the second issues it as long as
nothing typed has changed and nobody issued another one to the company meanwhile.
"""

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.admin.company_asked import CompanyAsked, suggestions
from billing.due_dates import due_on
from billing.papers.ubl import by_rate
from billing.selectors.holidays import holiday_changes
from billing.selectors.invoices import last_sale
from billing.services.documents import Draft
from billing.services.runs import settings_of
from billing.services.sales import SaleLine, drafted_sale, issue_sale
from core.errors import DomainError
from core.forms import DecimalFormField
from core.periods import today
from sites.admin.scoping import ScopedRows, acting
from sites.admin.work import WorkForm, refuse
from sites.choices import VatSubject
from sites.models import Site
from sites.scopes import scope_of
from tenants.models import Company

LINES: Final = 6


class SaleForm(CompanyAsked):
    site = forms.ModelChoiceField(Site.objects.none(), label=_("site"), empty_label=None)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        site: Any = self.fields["site"]
        scope = scope_of(user, Action.ISSUE, "invoice")
        site.queryset = Site.objects.within(scope).select_related("lessor")


class LineForm(WorkForm):
    label = forms.CharField(label=_("Designation"), max_length=200)
    quantity = DecimalFormField(
        label=_("quantity"), max_digits=9, decimal_places=3, min_value=0, initial=1
    )
    price = DecimalFormField(
        label=_("price of one without tax, DH"), max_digits=12, decimal_places=2, min_value=0
    )
    vat_subject = forms.ChoiceField(
        label=_("VAT on"), choices=VatSubject.choices, initial=VatSubject.SERVICE
    )


LineForms = forms.formset_factory(LineForm, extra=LINES, max_num=LINES, absolute_max=LINES)


class SaleEntry(ScopedRows):
    """To stand before the admin class of invoices: its page of adding."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        user = acting(request)
        posted = request.method == "POST"
        if (suggested := suggestions(request)) is not None:
            return suggested
        form = SaleForm(request.POST if posted else None, user=user)
        rows = LineForms(request.POST if posted else None, prefix="line")
        sale: _Sale | None = None
        if posted and rows.is_valid() and form.is_valid():
            try:
                sale = _Sale(form, [row.cleaned_data for row in rows if row.has_changed()])
                if sale.key == request.POST.get("shown"):
                    number = sale.issue(user)
                    told = gettext("Invoice %(number)s is issued.") % {"number": number}
                    messages.success(request, told)
                    return redirect("admin:billing_invoice_change", sale.pk)
            except (DomainError, ValidationError) as refusal:
                refuse(form, refusal)
        pages: Any = self
        return TemplateResponse(
            request,
            "billing/admin/sale.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Invoice outside any lease"),
                "subtitle": None,
                "opts": self.opts,
                "media": pages.media + form.media,
                "form": form,
                "rows": rows,
                "sale": sale,
                **(extra_context or {}),
            },
        )


class _Sale:
    """An invoice that could be issued, with what the page shows of it. Raises BadSale, NoVatRule,
    BillingNotSet."""

    def __init__(self, form: SaleForm, rows: Sequence[dict[str, Any]]) -> None:
        self.company: Company = form.cleaned_data["company"]
        self.site: Site = form.cleaned_data["site"]
        self.lines = [SaleLine(**row) for row in rows]
        self.draft: Draft = drafted_sale(site=self.site, company=self.company, lines=self.lines)
        self.rates = list(by_rate(self.draft.lines).items())
        self.last = last_sale(self.site.lessor_id, self.company.pk)
        told = (self.company.pk, self.site.pk, self.draft.lines, self.last)
        self.key = sha256(repr(told).encode()).hexdigest()[:16]
        self.pk = 0

    @property
    def total(self) -> Any:
        return self.draft.net + self.draft.vat

    @cached_property
    def due_on(self) -> Any:
        return due_on(today(), settings_of(self.site).payment_days, holiday_changes())

    def issue(self, user: Any) -> str:
        """The number. Raises Stale where another was issued to the company meanwhile."""
        invoice = issue_sale(
            site=self.site,
            company=self.company,
            lines=self.lines,
            after=self.last,
            acting_user=user,
        )
        self.pk = invoice.pk
        return invoice.number
