"""Doubtful invoices, and write-offs, which two people decide."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.admin.by_number import ByNumber, NumberForm
from billing.admin.dunning import ReasonForm
from billing.choices import WriteOffState
from billing.models import Doubtful, WriteOff
from billing.selectors.open_items import doubts_with_open
from billing.services.write_offs import (
    approve_write_off,
    ask_write_off,
    lift_doubt,
    mark_doubtful,
    refuse_write_off,
    take_back_write_off,
)
from core import formats
from core.forms import DecimalFormField
from sites.admin.columns import badge, day_column, language
from sites.admin.scoping import acting
from sites.admin.work import work

BADGES: Final[Mapping[str, str]] = {
    WriteOffState.ASKED: "warning",
    WriteOffState.APPROVED: "success",
    WriteOffState.REFUSED: "danger",
}


def _company(row: Any) -> str:
    name: str = row.invoice.company.name
    return name


@admin.register(Doubtful)
class DoubtfulAdmin(ByNumber):
    offered = frozenset({Action.VIEW, Action.ADD, Action.EXPORT})
    related = ("invoice__company", "invoice__site", "acting_user")
    list_display = ("invoice", "company", "open_shown", "from_day", "lifted", "reason",
                    "acting_user")  # fmt: skip
    list_filter = (("lifted_on", admin.EmptyFieldListFilter), "invoice__site")
    search_fields = ("invoice__number", "invoice__company__name_key")
    search_help_text = _("Invoice or company")
    fields = (("invoice", "company"), ("from_day", "lifted"), "reason", "acting_user")
    readonly_fields = ("company", "from_day", "lifted")
    add_fieldsets = ((None, {"fields": ("number", "reason")}),)
    exported = ("invoice__number", "invoice__company__name", "since", "lifted_on", "reason")
    actions_detail = ("lift",)
    company = staticmethod(admin.display(description=_("company"))(_company))
    from_day = day_column("since", _("since"))
    lifted = day_column("lifted_on", _("lifted on"))

    def get_queryset(self, request: HttpRequest) -> Any:
        return doubts_with_open(super().get_queryset(request))

    @admin.display(description=pgettext_lazy("of an invoice", "open"))
    def open_shown(self, doubt: Any) -> str:
        return formats.money(doubt.open, language())

    def save_model(self, request: HttpRequest, obj: Doubtful, form: Any, change: bool) -> None:
        made = mark_doubtful(
            invoice=form.cleaned_data["number"], reason=obj.reason, acting_user=acting(request)
        )
        obj.pk, obj.invoice = made.pk, made.invoice
        obj._state.adding = False

    @work(
        _("Lift"),
        path="lift",
        right=Action.CHANGE,
        icon="undo",
        when=lambda doubt: doubt.lifted_on is None,
    )
    def lift(self, request: HttpRequest, doubt: Doubtful) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            lift_doubt(invoice=doubt.invoice, reason=given["reason"], acting_user=acting(request))
            return gettext("%(number)s is counted on again.") % {"number": doubt.invoice.number}

        return self.work_page(
            request,
            doubt,
            act=act,
            form_class=ReasonForm,
            title=_("Count on it again"),
            submit=_("Lift"),
        )


class AskForm(NumberForm):
    amount = DecimalFormField(
        label=_("amount, DH"),
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=_("Empty: all that is open."),
    )


def _waits(write_off: WriteOff) -> bool:
    return write_off.state == WriteOffState.ASKED


def _holds(write_off: Any) -> bool:
    return write_off.state == WriteOffState.APPROVED and not write_off.taken_back


@admin.register(WriteOff)
class WriteOffAdmin(ByNumber):
    offered = frozenset({Action.VIEW, Action.ADD, Action.EXPORT})
    form = AskForm
    related = ("invoice__company", "invoice__site", "asked_by", "decided_by")
    list_display = ("invoice", "company", "amount_shown", "reason", "standing", "asked_by",
                    "decided_by")  # fmt: skip
    list_filter = ("state", "invoice__site")
    search_fields = ("invoice__number", "invoice__company__name_key")
    search_help_text = _("Invoice or company")
    fields = (("invoice", "company"), ("amount_shown", "standing"), "reason",
              ("asked_by", "asked"), ("decided_by", "decided"))  # fmt: skip
    readonly_fields = ("company", "amount_shown", "standing", "asked", "decided")
    add_fieldsets = (
        (
            None,
            {
                "fields": (("number", "amount"), "reason"),
                "description": _("Another person approves it; until then the invoice is doubtful."),
            },
        ),
    )
    exported = ("invoice__number", "invoice__company__name", "amount", "reason", "state",
                "asked_at", "decided_on")  # fmt: skip
    actions_detail = ("approve", "refuse", "take_back")
    company = staticmethod(admin.display(description=_("company"))(_company))
    asked = day_column("asked_at", _("asked for"))
    decided = day_column("decided_on", _("decided on"))

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_taken_back()

    @admin.display(description=_("state"), ordering="state")
    def standing(self, write_off: Any) -> str:
        if getattr(write_off, "taken_back", False):
            return badge(gettext("taken back"), None)
        return badge(write_off.get_state_display(), BADGES.get(write_off.state))

    @admin.display(description=_("amount"), ordering="amount")
    def amount_shown(self, write_off: WriteOff) -> str:
        return formats.money(write_off.amount, language())

    def save_model(self, request: HttpRequest, obj: WriteOff, form: Any, change: bool) -> None:
        given = form.cleaned_data
        made = ask_write_off(
            invoice=given["number"],
            amount=given["amount"],
            reason=obj.reason,
            acting_user=acting(request),
        )
        obj.pk, obj.invoice, obj.amount = made.pk, made.invoice, made.amount
        obj._state.adding = False

    @work(_("Approve"), path="approve", right=Action.DECIDE, icon="check", when=_waits)
    def approve(self, request: HttpRequest, write_off: WriteOff) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            approve_write_off(write_off=write_off, acting_user=acting(request))
            return gettext("%(amount)s are written off.") % {
                "amount": formats.money(write_off.amount, language())
            }

        hint = gettext("%(amount)s of %(company)s are given up for good: %(reason)s") % {
            "amount": formats.money(write_off.amount, language()),
            "company": formats.apart([write_off.invoice.company.name], language()),
            "reason": formats.apart([write_off.reason], language()),
        }
        title = _("Approve the write-off")
        return self.work_page(
            request, write_off, act=act, title=title, submit=_("Approve"), hint=hint
        )

    @work(_("Refuse"), path="refuse", right=Action.DECIDE, icon="close", when=_waits)
    def refuse(self, request: HttpRequest, write_off: WriteOff) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            refuse_write_off(
                write_off=write_off, reason=given["reason"], acting_user=acting(request)
            )
            return gettext("The claim stands.")

        return self.work_page(
            request,
            write_off,
            act=act,
            form_class=ReasonForm,
            title=_("Refuse the write-off"),
            submit=_("Refuse"),
        )

    @work(_("Take back"), path="take-back", right=Action.DECIDE, icon="undo", when=_holds)
    def take_back(self, request: HttpRequest, write_off: WriteOff) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            take_back_write_off(
                write_off=write_off, reason=given["reason"], acting_user=acting(request)
            )
            return gettext("%(number)s is open again by that.") % {
                "number": write_off.invoice.number
            }

        return self.work_page(
            request,
            write_off,
            act=act,
            form_class=ReasonForm,
            title=_("Take back the write-off"),
            submit=_("Take back"),
            hint=_("What was given up is asked for again: the company pays after all."),
        )
