"""A company that is typed, not chosen from a list: by its name, its ICE or an invoice's number."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from billing.selectors.paying import companies_like, named
from sites.admin.work import WorkForm
from tenants.models import Company

COMPANIES: Final = "companies"
"""The list of suggestions, by the id of its element."""


class CompanyAsked(WorkForm):
    company = forms.CharField(
        label=_("company"),
        max_length=300,
        help_text=_("Name, ICE, or the number of an invoice."),
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "autofocus": True,
                "dir": "auto",
                "list": COMPANIES,
                "data-hx-post": "",
                "data-hx-target": f"#{COMPANIES}",
                "data-hx-trigger": "input changed delay:150ms",
            }
        ),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.found: list[Company] = []

    def clean_company(self) -> Company | None:
        self.found = companies_like(self.cleaned_data["company"], self.user)
        if not self.found:
            raise ValidationError(_("There is no such company."))
        if len(self.found) > 1:
            raise ValidationError(_("Several companies are called so: choose one."))
        return self.found[0]

    @property
    def choices(self) -> list[str]:
        """Companies to choose from, where what was typed means several."""
        return [named(company) for company in self.found] if len(self.found) > 1 else []


def suggestions(request: HttpRequest) -> HttpResponse | None:
    """What a script asks for while the company is typed; None: it asks for something else."""
    htmx: Any = getattr(request, "htmx", None)
    if request.method != "POST" or not htmx or htmx.target != COMPANIES:
        return None
    found = companies_like(request.POST.get("company", ""), request.user)
    names = [named(company) for company in found]
    return TemplateResponse(request, "billing/admin/companies.html", {"names": names})
