"""Tenants' accounts: their list with what each comes to, and the page of each, line by line."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rights import Action
from billing.ageing import BANDS, together
from billing.forms import asked_days
from billing.labels import BAND_NAMES
from billing.models import Account
from billing.papers.statement import statement_pdf, words
from billing.selectors.ageing import aged_account, ageing
from billing.selectors.ledger import Entry, awaited, ledger
from billing.selectors.paying import named
from core import formats
from core.languages import Language
from core.periods import today
from leases.admin.documents import shown
from leases.admin.own_page import OwnPages
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import language
from sites.admin.listing import StaffChangeList
from sites.admin.work import work
from sites.scopes import scope_of
from tenants.admin.companies import also_show

also_show(
    _("Account"),
    "payment",
    lambda company: (
        f"{reverse('admin:billing_account_changelist')}?company__id__exact={company.pk}"
    ),
)


class AccountChangeList(StaffChangeList):
    """What each account of the page comes to is asked for all of them at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        companies = {account.company_id for account in self.result_list}
        found = ageing(request.user, today(), company_ids=companies)
        for account in self.result_list:
            account.aged = together(
                row
                for of, row in found.items()
                if (of.lessor_id, of.company_id) == (account.lessor_id, account.company_id)
            )


def _amount(part: str, title: Any) -> Any:
    """A column of one part of what an account comes to today."""

    @admin.display(description=title)
    def shown(_admin: Any, account: Any) -> str:
        return formats.money(getattr(account.aged, part), language())

    return shown


@admin.register(Account)
class AccountAdmin(OwnPages, ReadOnlyAdmin):
    related = ("company", "lessor")
    list_display = ("company", "lessor", "open", "overdue", "credit", "awaiting", "balance")
    list_filter = ("lessor",)
    search_fields = ("company__name_key", "company__ice")
    search_help_text = _("Name, present or former, or ICE")
    ordering = ("company__name_key", "lessor")
    exported = ("company__name", "company__ice", "lessor__code")
    page_template = "billing/admin/account.html"
    actions_detail = ("statement",)
    open = _amount("open", pgettext_lazy("account", "open"))
    overdue = _amount("overdue", pgettext_lazy("account", "past due"))
    credit = _amount("credit", pgettext_lazy("account", "free credit"))
    awaiting = _amount("awaiting", pgettext_lazy("account", "awaiting certificate"))
    balance = _amount("balance", pgettext_lazy("account", "balance"))

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {
            "all": ("file.css", "lease.css", "billing.css")
        }

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StaffChangeList]:
        return AccountChangeList

    def told(self, request: HttpRequest, row: Account) -> dict[str, Any]:
        asked = asked_days(request.GET.dict())
        told = ledger(request.user, row, first=asked.first, last=asked.last)
        aged = aged_account(request.user, row, today())
        paper = reverse("admin:billing_account_statement", args=[row.pk])
        return {
            "title": str(row.company),
            "subtitle": str(row.lessor),
            "account": row,
            "asked": asked,
            "ledger": told,
            "lines": [(entry, words(entry), _address(entry)) for entry in told.entries],
            "aged": aged,
            "bands": [
                (BAND_NAMES[band], aged.band(band), _behind(row, band))
                for band in BANDS
                if aged.band(band)
            ],
            "entry": self._entry(request, row),
            "awaited": list(awaited(request.user, row)),
            "papers": [
                (label, f"{paper}?{asked.query}&language={code}", code)
                for code, label in Language.choices
            ],
        }

    def _entry(self, request: HttpRequest, row: Account) -> str:
        """Where a payment of the company is entered, for who may."""
        if not scope_of(request.user, Action.ADD, "payment"):
            return ""
        asked = urlencode({"company": named(row.company)})
        return f"{reverse('admin:billing_payment_add')}?{asked}"

    @work(_("Statement of account"), path="statement", right=Action.VIEW, icon="picture_as_pdf")
    def statement(self, request: HttpRequest, account: Account) -> HttpResponse:
        asked = asked_days(request.GET.dict())
        code = request.GET.get("language", "")
        told = ledger(request.user, account, first=asked.first, last=asked.last)
        data = statement_pdf(
            account,
            told,
            aged_account(request.user, account, asked.last),
            language=code if code in Language.values else account.company.language,
        )
        return shown(data, f"{account.company_id}-{asked.first}-{asked.last}.pdf")


def _address(entry: Entry) -> str:
    """Of the page that tells of a line."""
    return reverse(f"admin:billing_{entry.page}_change", args=[entry.key])


def _behind(account: Account, band: str) -> str:
    """The invoices of a band."""
    asked: dict[str, Any] = {"company": account.company_id, "lessor": account.lessor_id}
    return f"{reverse('admin:ageing_invoices')}?{urlencode({**asked, 'band': band})}"
