"""Lines of bank statements: each explained, and the acts that settle what it is."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.choices import BankLineState, InvoiceKind
from billing.models import BankLine, Invoice, Payment
from billing.selectors.bank_book import Proposed, portions, proposed_for
from billing.selectors.bank_page import Group, Shown, explained
from billing.selectors.paying import credit_numbered
from billing.services import matching
from core import formats
from core.cells import Unreadable, as_amount
from core.errors import Stale
from core.forms import DayFormField
from leases.admin.own_page import OwnPages
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import badge, day_column, language, state
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, work
from sites.models import Site
from tenants.models import Company

CSS: Final[dict[str, tuple[str, ...]]] = {"all": ("file.css", "lease.css", "billing.css")}
BADGES: Final[Mapping[str, str]] = {
    BankLineState.NEW: "warning",
    BankLineState.MATCHED: "success",
}
_PART: Final = re.compile(r"\s*([^=\s]+)\s*(?:=\s*(.+?))?\s*")


def card(shown: Shown) -> dict[str, Any]:
    """A line as its card shows it."""
    line = shown.line
    return {
        "line": line,
        "badge": badge(line.get_state_display(), BADGES.get(line.state)),
        "best": shown.proposals[0] if shown.proposals else None,
        "others": shown.proposals[1:],
        "waits": line.state == BankLineState.NEW,
        "may_be_taken_up": line.may_be_taken_up,
        "comes_in": line.amount > 0,
        "payments": shown.payments,
        "refunds": shown.refunds,
    }


def _waits(line: BankLine) -> bool:
    return line.state == BankLineState.NEW


def _went_out(line: BankLine) -> bool:
    return _waits(line) and line.amount < 0


def _may_be_taken_up(line: BankLine) -> bool:
    return line.may_be_taken_up


class AcceptForm(WorkForm):
    key = forms.ChoiceField(
        label=_("proposal"), widget=forms.RadioSelect, error_messages={"invalid_choice": Stale.text}
    )

    def __init__(self, *args: Any, line: BankLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        (shown,) = explained(
            BankLine.objects.filter(pk=line.pk), proposed_for(line.lessor_id, [line.pk])
        )
        key: Any = self.fields["key"]
        key.choices = [
            (
                each.candidate.key,
                formats.apart([each.candidate.act.label, each.company], language()),
            )
            for each in shown.proposals
        ]


class ReasonForm(WorkForm):
    reason = forms.CharField(label=_("reason"), max_length=300)


class RefundForm(ReasonForm):
    """Whose credit it was: of a payment, or of a credit note."""

    source = forms.CharField(
        label=_("payment or credit note"),
        max_length=40,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
        help_text=_("The number of what the credit was of."),
    )
    field_order = ("source", "reason")

    def __init__(self, *args: Any, user: Any, line: BankLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line, self.user = line, user

    def clean_source(self) -> Payment | Invoice:
        found = credit_numbered(self.cleaned_data["source"], self.line.lessor_id, self.user)
        if found is None:
            raise ValidationError(_("There is no such payment or credit note."))
        return found


class HandForm(WorkForm):
    """A company, or invoices that say it."""

    company = forms.ModelChoiceField(Company.objects.none(), label=_("company"), required=False)
    invoices = forms.CharField(
        label=_("invoices"),
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "ltr"}),
        help_text=_("A number on each line; with = and an amount for a part. None: the oldest."),
    )
    site = forms.ModelChoiceField(
        Site.objects.none(),
        label=_("site"),
        required=False,
        help_text=_("Only where nothing was billed to the company yet."),
    )
    received_on = DayFormField(
        label=_("received on"),
        required=False,
        help_text=_("Only where the line's month is closed: a later day."),
    )

    def __init__(self, *args: Any, user: Any, line: BankLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line, self.user = line, user
        company: Any = self.fields["company"]
        company.widget = AutocompleteSelect(Invoice._meta.get_field("company"), admin.site)
        company.queryset = Company.objects.current().visible_to(user)
        site: Any = self.fields["site"]
        site.queryset = Site.objects.visible_to(user).filter(lessor=line.lessor_id)

    def clean_invoices(self) -> Sequence[tuple[Invoice, Decimal | None]]:
        rows = Invoice.objects.visible_to(self.user).filter(
            lessor=self.line.lessor_id, kind=InvoiceKind.INVOICE
        )
        wanted: list[tuple[Invoice, Decimal | None]] = []
        for text in filter(str.strip, self.cleaned_data["invoices"].splitlines()):
            found = _PART.fullmatch(text)
            invoice = rows.filter(number__iexact=found[1]).first() if found else None
            if found is None or invoice is None:
                raise ValidationError(_("There is no invoice “%(number)s”."),
                                      params={"number": text.strip()})  # fmt: skip
            try:
                wanted.append((invoice, as_amount(found[2]) if found[2] else None))
            except Unreadable as error:
                raise ValidationError(str(error)) from error
        return wanted

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wanted = given.get("invoices") or []
        companies = {invoice.company_id for invoice, _amount in wanted}
        if given.get("company") is not None:
            companies.add(given["company"].pk)
        if len(companies) > 1:
            self.add_error("invoices", _("A line is one company's: these are of several."))
        elif not companies and not self.errors:
            self.add_error("company", _("Say the company, or its invoices."))
        elif companies:
            given["company"] = Company.objects.get(pk=companies.pop())
        try:
            given["shares"] = portions(self.line, wanted) if wanted else None
        except ValueError:
            self.add_error("invoices", _("More than is open."))
        return given


@admin.register(BankLine)
class BankLineAdmin(OwnPages, ReadOnlyAdmin):
    related = ("statement", "lessor", "acting_user")
    list_display = ("booked", "amount_shown", "counterparty", "reference", "words_shown",
                    "standing", "statement")  # fmt: skip
    list_filter = ("state", "lessor")
    search_fields = ("reference", "counterparty", "words")
    search_help_text = _("Counterparty, reference or wording")
    ordering = ("-booked_on", "-id")
    exported = ("lessor__code", "statement__name", "position", "booked_on", "value_on", "amount",
                "counterparty", "reference", "words", "state", "note")  # fmt: skip
    page_template = "billing/admin/bank_line.html"
    actions_detail = ("accept", "by_hand", "give_back", "set_aside", "take_up_again")
    booked = day_column("booked_on", _("booked on"))
    standing = state(BADGES)

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = CSS

    @admin.display(description=_("amount"), ordering="amount")
    def amount_shown(self, line: BankLine) -> str:
        return formats.money(line.amount, language())

    @admin.display(description=_("wording"))
    def words_shown(self, line: BankLine) -> str:
        return line.words[:80]

    def told(self, request: HttpRequest, row: BankLine) -> dict[str, Any]:
        proposed = proposed_for(row.lessor_id, [row.pk]) if _waits(row) else Proposed()
        (shown,) = explained(BankLine.objects.filter(pk=row.pk), proposed)
        return {
            "title": str(row),
            "subtitle": str(row.statement),
            "row": card(shown),
            "may_match": self.allows(request, Action.CHANGE, row),
            "back_to": urlencode({"line": row.pk}),
        }

    @work(_("Accept"), path="accept", right=Action.CHANGE, icon="done", when=_waits)
    def accept(self, request: HttpRequest, line: BankLine) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            matching.accept_match(line=line, key=given["key"], acting_user=acting(request))
            return gettext("The line is accepted.")

        return self._asked(
            request, line, act, _("Accept"), form_class=AcceptForm, form_kwargs={"line": line}
        )

    @work(_("Match by hand"), path="by-hand", right=Action.CHANGE, icon="edit", when=_waits)
    def by_hand(self, request: HttpRequest, line: BankLine) -> HttpResponse:
        user = acting(request)

        def act(given: dict[str, Any]) -> str:
            payment = matching.match_by_hand(
                line=line,
                company=given["company"],
                shares=given["shares"],
                site=given["site"],
                received_on=given["received_on"],
                acting_user=user,
            )
            return gettext("Payment %(number)s is entered.") % {"number": payment.number}

        kwargs = {"user": user, "line": line}
        return self._asked(
            request, line, act, _("Match by hand"), form_class=HandForm, form_kwargs=kwargs
        )

    @work(
        _("Give back"), path="give-back", right=Action.CHANGE, icon="currency_exchange",
        when=_went_out,
    )  # fmt: skip
    def give_back(self, request: HttpRequest, line: BankLine) -> HttpResponse:
        user = acting(request)

        def act(given: dict[str, Any]) -> str:
            made = matching.refund_by_hand(line=line, acting_user=user, **given)
            return gettext("Refund %(number)s is entered.") % {"number": made.number}

        kwargs = {"user": user, "line": line}
        return self._asked(
            request, line, act, _("Give back"), form_class=RefundForm, form_kwargs=kwargs
        )

    @work(_("Set aside"), path="set-aside", right=Action.CHANGE, icon="block", when=_waits)
    def set_aside(self, request: HttpRequest, line: BankLine) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            matching.set_aside(line=line, reason=given["reason"], acting_user=acting(request))
            return gettext("The line is set aside.")

        return self._asked(request, line, act, _("Set aside"), form_class=ReasonForm)

    @work(
        _("Take up again"),
        path="take-up-again",
        right=Action.CHANGE,
        icon="undo",
        when=_may_be_taken_up,
    )
    def take_up_again(self, request: HttpRequest, line: BankLine) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            matching.take_up_again(line=line, acting_user=acting(request))
            return gettext("The line is to be matched again.")

        return self._asked(request, line, act, _("Take up again"))

    def _asked(
        self, request: HttpRequest, line: BankLine, act: Any, title: Any, **more: Any
    ) -> HttpResponse:
        """Its page; then back to where one came from: the line, or its group of the statement."""
        then = None
        if (group := request.GET.get("group", "")) in set(Group):
            page = reverse("admin:billing_bankstatement_change", args=[line.statement_id])
            then = f"{page}?{urlencode({'group': group})}"
        return self.work_page(
            request,
            line,
            act=act,
            title=title,
            submit=title,
            hint=formats.apart(
                [
                    formats.day(line.booked_on, language()),
                    formats.money(line.amount, language()),
                    *filter(None, (line.counterparty, line.reference, line.words)),
                ],
                language(),
            ),
            then=then,
            **more,
        )
