"""Penalties for late payment: what contracts say of them, and what is proposed."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.admin.dunning import ReasonForm
from billing.choices import PenaltyState
from billing.models import Invoice, Penalty, PenaltyClause
from billing.services.penalties import charge_penalties, drop_clause, drop_penalty, set_clause
from core import formats
from core.money import ZERO
from sites.admin.base import ReadOnlyAdmin, ScopedAdmin
from sites.admin.columns import language, period, state
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, work

BADGES: Final[Mapping[str, str]] = {
    PenaltyState.PROPOSED: "warning",
    PenaltyState.CHARGED: "success",
}


@admin.register(PenaltyClause)
class PenaltyClauseAdmin(ScopedAdmin):
    """Without one nothing is proposed."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.EXPORT})
    related = ("lease__company", "lease__site")
    list_display = ("lease", "company", "yearly_rate", "grace_days", "cap", "clause")
    list_filter = ("lease__site",)
    search_fields = ("lease__number", "lease__company__name_key")
    search_help_text = _("Lease or company")
    autocomplete_fields = ("lease",)
    fields = ("lease", ("yearly_rate", "grace_days", "cap"), "clause")
    exported = ("lease__number", "yearly_rate", "grace_days", "cap", "clause")
    actions_detail = ("remove",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("lease",) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: PenaltyClause, form: Any, change: bool) -> None:
        made = set_clause(
            lease=obj.lease,
            yearly_rate=obj.yearly_rate,
            grace_days=obj.grace_days,
            cap=obj.cap,
            clause=obj.clause,
            acting_user=acting(request),
        )
        obj.pk = made.pk
        obj._state.adding = False

    @admin.display(description=_("company"), ordering="lease__company__name_key")
    def company(self, clause: PenaltyClause) -> str:
        return clause.lease.company.name

    @work(_("Remove"), path="remove", right=Action.CHANGE, icon="delete")
    def remove(self, request: HttpRequest, clause: PenaltyClause) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            drop_clause(clause=clause, acting_user=acting(request))
            return gettext("Nothing is proposed for this lease any more.")

        return self.work_page(
            request,
            clause,
            act=act,
            title=_("Remove the clause"),
            submit=_("Remove"),
            hint=_("What is proposed goes with it; what was charged or dropped stays."),
            then="../../",
        )


class ChargeForm(WorkForm):
    together = forms.BooleanField(
        label=_("with all others that are proposed for the company at this site"),
        required=False,
        initial=True,
    )


def _is_proposed(penalty: Penalty) -> bool:
    return penalty.state == PenaltyState.PROPOSED


@admin.register(Penalty)
class PenaltyAdmin(ReadOnlyAdmin):
    related = ("invoice__company", "invoice__site", "charged_by", "acting_user")
    list_display = ("invoice", "company", "days", "base_shown", "rate", "amount_shown", "standing")
    list_filter = ("state", "invoice__site")
    search_fields = ("invoice__number", "invoice__company__name_key")
    search_help_text = _("Invoice or company")
    fields = (("invoice", "company"), "days", ("base_shown", "rate", "amount_shown"), "standing",
              "charged_by", "reason", "acting_user")  # fmt: skip
    exported = ("invoice__number", "invoice__company__name", "period", "base", "yearly_rate",
                "amount", "state", "charged_by__number", "reason")  # fmt: skip
    actions_detail = ("charge", "drop")
    days = staticmethod(period(title=_("days late")))
    standing = state(BADGES)

    @admin.display(description=_("company"), ordering="invoice__company__name_key")
    def company(self, penalty: Penalty) -> str:
        return penalty.invoice.company.name

    @admin.display(description=_("late amount"), ordering="base")
    def base_shown(self, penalty: Penalty) -> str:
        return formats.money(penalty.base, language())

    @admin.display(description=_("rate a year"), ordering="yearly_rate")
    def rate(self, penalty: Penalty) -> str:
        return formats.percent(penalty.yearly_rate / 100, language(), decimals=2)

    @admin.display(description=_("amount"), ordering="amount")
    def amount_shown(self, penalty: Penalty) -> str:
        return formats.money(penalty.amount, language())

    @work(_("Charge"), path="charge", right=Action.ISSUE, icon="request_quote", when=_is_proposed)
    def charge(self, request: HttpRequest, penalty: Penalty) -> HttpResponse:
        of = penalty.invoice
        proposed = Penalty.objects.proposed()
        every = list(proposed.filter(invoice__site=of.site_id, invoice__company=of.company_id))
        issued: list[Invoice] = []

        def act(given: dict[str, Any]) -> str:
            chosen = every if given["together"] else [penalty]
            issued.append(charge_penalties(penalties=chosen, acting_user=acting(request)))
            return gettext("Invoice %(number)s is issued.") % {"number": issued[0].number}

        told = gettext(
            "This one: %(amount)s; all that is proposed for %(company)s: %(all)s. An invoice is"
            " issued, outside the scope of VAT."
        ) % {
            "amount": formats.money(penalty.amount, language()),
            "company": formats.apart([of.company.name], language()),
            "all": formats.money(sum((each.amount for each in every), ZERO), language()),
        }
        return self.work_page(
            request,
            penalty,
            act=act,
            form_class=ChargeForm,
            title=_("Charge the penalty"),
            submit=_("Issue the invoice"),
            hint=told,
            then=lambda: reverse("admin:billing_invoice_change", args=[issued[0].pk]),
        )

    @work(_("Drop"), path="drop", right=Action.CHANGE, icon="delete", when=_is_proposed)
    def drop(self, request: HttpRequest, penalty: Penalty) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            drop_penalty(penalty=penalty, reason=given["reason"], acting_user=acting(request))
            return gettext("These days are not charged.")

        return self.work_page(
            request,
            penalty,
            act=act,
            form_class=ReasonForm,
            title=_("Drop the penalty"),
            submit=_("Drop"),
            hint=_("Its days are not proposed again."),
        )
