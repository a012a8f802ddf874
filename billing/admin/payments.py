"""Payments: their list, the page of each with all that became of it, and its acts."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.admin import payment_standing as its
from billing.admin.entering import PaymentEntry
from billing.admin.payment_forms import (
    BounceForm,
    CertificateForm,
    ChequeFilter,
    DayForm,
    ReasonForm,
    RefundForm,
    StandingFilter,
    TableForm,
    TakeBackForm,
)
from billing.admin.shares import Shares, read, shown
from billing.choices import ChequeState, PaymentMethod
from billing.models import Certificate, Payment, Receipt
from billing.selectors.open_items import with_free
from billing.selectors.paying import awaited, last_step, mistaken, withheld_with
from billing.selectors.withholding import items_for
from billing.services import certificates, cheques
from billing.services.allocating import take_back
from billing.services.mistakes import undo_payment
from billing.services.payments import settle_with
from billing.services.refunds import refund
from billing.sharing import oldest_first
from core import formats
from core.downloads import attached
from core.forms import whole_number
from core.periods import today
from leases.admin.own_page import OwnPages
from sites.admin.base import ScopedAdmin
from sites.admin.columns import badge, day_column, language
from sites.admin.scoping import acting
from sites.admin.work import work
from sites.scopes import scope_of


@admin.register(Payment)
class PaymentAdmin(OwnPages, PaymentEntry, ScopedAdmin):
    """Entered by `entering`; everything after that is an act."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.EXPORT})
    related = ("company", "site", "withheld_with", "acting_user")
    list_display = ("number", "received", "company", "site", "method", "amount_shown",
                    "free_shown", "standing")  # fmt: skip
    list_filter = (StandingFilter, ChequeFilter, "method", "site")
    search_fields = ("number", "company__name_key", "company__ice", "reference", "payer")
    search_help_text = _("Number, company, reference or payer")
    found_by_name = True
    ordering = ("-id",)
    exported = ("number", "site__code", "company__name", "company__ice", "method", "received_on",
                "amount", "stamp_duty", "free", "cheque_state", "mistaken", "awaited", "reference",
                "bank", "payer", "withheld_with__number", "note")  # fmt: skip
    page_template = "billing/admin/payment.html"
    actions_detail = ("settle", "bank", "clear", "bounce", "certificate", "take_back", "give_back",
                      "undo", "drop_certificate")  # fmt: skip
    received = day_column("received_on", _("received on"))

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {
            "all": ("file.css", "lease.css", "billing.css", "payment.css")
        }
        js = ("payment.js",)

    def get_list_display(self, request: HttpRequest) -> Any:
        """What awaits its certificate is a list of tasks: for how long, and with what it came."""
        if request.GET.get(StandingFilter.parameter_name) != "awaited":
            return self.list_display
        return (
            "number",
            "company",
            "site",
            "method",
            "amount_shown",
            "received",
            "age",
            "came_with",
        )

    def listed(self, request: HttpRequest, rows: QuerySet[Payment]) -> QuerySet[Payment]:
        annotated: QuerySet[Payment] = with_free(rows).annotate(
            cheque_state=last_step(), awaited=awaited(), mistaken=mistaken()
        )
        return annotated

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.certificate_file)
        name = "billing_payment_certificate_file"
        return [path("<path:object_id>/certificate-file/", page, name=name), *super().get_urls()]

    def certificate_file(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        rows = Certificate.objects.visible_to(request.user).exclude(file="")
        found = get_object_or_404(rows, payment=whole_number(object_id))
        return attached(found.file, name=found.name, media_type=found.media_type)

    def told(self, request: HttpRequest, row: Payment) -> dict[str, Any]:
        settled = its.settled(row)
        invoices = [each.invoice.pk for each in settled]
        kept = withheld_with(row)
        return {
            "title": row.number,
            "subtitle": str(row.company),
            "payment": row,
            "free": its.free(row),
            "badges": its.badges(row),
            "acts": self.acts(request, row),
            "settled": settled,
            "allocations": its.allocations(row),
            "kept": kept,
            "steps": its.steps(row) if its.is_cheque(row) else [],
            "certificate": getattr(row, "certificate", None) if its.is_withheld(row) else None,
            "refunds": its.refunds(row),
            "receipts": list(
                Receipt.objects.visible_to(request.user).filter(invoice__in=invoices).order_by("id")
            ),
        }

    # --- Columns --------------------------------------------------------------------------------
    @admin.display(description=_("amount"), ordering="amount")
    def amount_shown(self, payment: Payment) -> str:
        return formats.money(payment.amount, language())

    @admin.display(description=_("credit that is free"))
    def free_shown(self, payment: Any) -> str:
        return formats.money(payment.free, language()) if payment.free else ""

    @admin.display(description=_("standing"))
    def standing(self, payment: Any) -> str:
        if payment.mistaken:
            return badge(gettext("entered by mistake"), its.BADGES["mistaken"])
        if payment.method == PaymentMethod.CHEQUE:
            state = payment.cheque_state or ""
            label = ChequeState(state).label if state else pgettext("cheque", "received")
            return badge(str(label), its.BADGES[state])
        if payment.awaited:
            return badge(gettext("certificate awaited"), its.BADGES["awaited"])
        return ""

    @admin.display(description=_("for how long"))
    def age(self, payment: Payment) -> str:
        days = (today() - payment.received_on).days
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}

    @admin.display(description=_("withheld from"))
    def came_with(self, payment: Payment) -> str:
        return payment.withheld_with.number if payment.withheld_with is not None else ""

    # --- What it settles ------------------------------------------------------------------------
    @work(
        _("Settle invoices"), path="settle", right=Action.CHANGE, icon="done_all", when=its.is_free
    )
    def settle(self, request: HttpRequest, payment: Payment) -> HttpResponse:
        free = its.free(payment)
        shares = self._shares(request, payment, free)

        def act(_given: dict[str, Any]) -> str:
            settle_with(payment=payment, shares=shares.portions, acting_user=acting(request))
            return gettext("It settles what you chose.")

        hint = _("%(free)s are free. Proposed is the oldest first.")
        return self.work_page(
            request,
            payment,
            act=act,
            title=_("Settle invoices"),
            submit=_("Settle"),
            hint=hint % {"free": formats.money(free, language())},
            template="billing/admin/settle.html",
            context={"shares": shares},
            form_class=TableForm,
            form_kwargs={"shares": shares},
        )

    def _shares(self, request: HttpRequest, payment: Payment, free: Any) -> Shares:
        scope = scope_of(request.user, Action.CHANGE, "payment")
        of = (payment.lessor_id, payment.company_id)
        method = PaymentMethod(payment.method)
        items = items_for(method, *of, payment.received_on, scope=scope)
        if request.method == "POST":
            return read(items, request.POST)
        return shown(items, oldest_first(free, items))

    @work(_("Take back"), path="take-back", right=Action.CHANGE, icon="undo", when=its.settles)
    def take_back(self, request: HttpRequest, payment: Payment) -> HttpResponse:
        settled = its.settled(payment)

        def act(given: dict[str, Any]) -> str:
            take_back(
                invoice=given["invoice"],
                source=payment,
                amount=given["amount"],
                reason=given["reason"],
                acting_user=acting(request),
            )
            text = gettext("%(number)s is open again by that.")
            return text % {"number": given["invoice"].number}

        return self.work_page(
            request,
            payment,
            act=act,
            form_class=TakeBackForm,
            form_kwargs={"settled": settled},
            initial={"invoice": request.GET.get("invoice", "")},
            title=_("Take back"),
            submit=_("Take back"),
            hint=_("What it settled is open again, and free of this payment, by a new row."),
        )

    @work(_("Give back"), path="refund", right=Action.CHANGE, icon="currency_exchange",
          when=its.is_free)  # fmt: skip
    def give_back(self, request: HttpRequest, payment: Payment) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            method = PaymentMethod(given.pop("method"))
            made = refund(source=payment, method=method, acting_user=acting(request), **given)
            return gettext("Refund %(number)s is entered.") % {"number": made.number}

        return self.work_page(
            request,
            payment,
            act=act,
            form_class=RefundForm,
            form_kwargs={"came": payment.method},
            initial={"amount": its.free(payment), "method": payment.method},
            title=_("Give back"),
            submit=_("Enter the refund"),
            hint=_("Of its free credit."),
        )

    @work(_("Entered by mistake"), path="undo", right=Action.CHANGE, icon="delete_history",
          when=its.may_be_undone)  # fmt: skip
    def undo(self, request: HttpRequest, payment: Payment) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            undo_payment(payment=payment, acting_user=acting(request), **given)
            return gettext("%(number)s is taken out of the books.") % {"number": payment.number}

        return self.work_page(
            request,
            payment,
            act=act,
            form_class=ReasonForm,
            title=_("Entered by mistake"),
            submit=_("Take it out of the books"),
            hint=_(
                "What it settled is open again; what was withheld with it and its stamp duty go "
                "too; the bank's line that it came of waits again. All by new rows, of today."
            ),
        )

    # --- Cheques --------------------------------------------------------------------------------
    @work(_("Banked"), path="bank", right=Action.CHANGE, icon="account_balance",
          when=its.cheque_in(None))  # fmt: skip
    def bank(self, request: HttpRequest, payment: Payment) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            cheques.bank_cheque(payment=payment, acting_user=acting(request), **given)
            return gettext("The cheque is at the bank.")

        return self.work_page(
            request, payment, act=act, form_class=DayForm, title=_("Banked"), submit=_("Banked")
        )

    @work(_("Cleared"), path="clear", right=Action.CHANGE, icon="check_circle",
          when=its.cheque_in(None, ChequeState.BANKED))  # fmt: skip
    def clear(self, request: HttpRequest, payment: Payment) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            cheques.clear_cheque(payment=payment, acting_user=acting(request), **given)
            return gettext("The cheque is cleared.")

        return self.work_page(
            request, payment, act=act, form_class=DayForm, title=_("Cleared"), submit=_("Cleared")
        )

    @work(_("Bounced"), path="bounce", right=Action.CHANGE, icon="block",
          when=its.cheque_in(None, ChequeState.BANKED, ChequeState.CLEARED))  # fmt: skip
    def bounce(self, request: HttpRequest, payment: Payment) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            cheques.bounce_cheque(payment=payment, acting_user=acting(request), **given)
            return gettext("The cheque bounced: what it settled is open again.")

        return self.work_page(
            request,
            payment,
            act=act,
            form_class=BounceForm,
            title=_("Bounced"),
            submit=_("Bounced"),
            hint=_("What it settled, and what was withheld with it, is open again."),
        )

    # --- Certificates ---------------------------------------------------------------------------
    @work(_("Certificate"), path="certificate", right=Action.CHANGE, icon="verified",
          when=its.is_withheld)  # fmt: skip
    def certificate(self, request: HttpRequest, payment: Payment) -> HttpResponse:
        known = getattr(payment, "certificate", None)

        def act(given: dict[str, Any]) -> str:
            file = given.pop("file")
            certificates.keep_certificate(
                payment=payment,
                acting_user=acting(request),
                file=(file.file, file.name or "", file.size or 0) if file else None,
                **given,
            )
            return gettext("The certificate is kept.")

        facts = ("number", "received_on")
        return self.work_page(
            request,
            payment,
            act=act,
            form_class=CertificateForm,
            initial={name: getattr(known, name) for name in facts} if known else None,
            title=_("Certificate"),
        )

    @work(_("No certificate"), path="drop-certificate", right=Action.CHANGE, icon="undo",
          when=its.has_certificate)  # fmt: skip
    def drop_certificate(self, request: HttpRequest, payment: Payment) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            certificates.take_certificate_back(
                payment=payment, acting_user=acting(request), **given
            )
            return gettext("It awaits its certificate again.")

        return self.work_page(
            request,
            payment,
            act=act,
            form_class=ReasonForm,
            title=_("No certificate"),
            hint=_("The certificate was another payment's: this one awaits its own again."),
        )
