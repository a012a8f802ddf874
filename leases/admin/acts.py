"""The acts of a lease's life, each on a page of its own."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from core.periods import today
from leases.admin.act_forms import (
    AssignForm,
    DayForm,
    DepositForm,
    ExitForm,
    NoticeForm,
    ReasonForm,
    TakeBackForm,
    WaiverForm,
    WithdrawalForm,
    that_stand,
)
from leases.admin.handover_acts import told_of
from leases.choices import (
    OVER_STATES,
    DepositAct,
    HandoverWay,
    LeaseState,
)
from leases.models import DepositSettlement, Lease
from leases.notice import last_day_of_notice
from leases.selectors.deposits import deposit_of
from leases.selectors.handovers import report_of_record
from leases.services.assignment import assign_lease
from leases.services.deposits import enter_deposit, take_back_entry, waive_deposit
from leases.services.drafts import cancel_lease
from leases.services.exits import end_lease
from leases.services.handover import hand_over
from leases.services.notices import give_notice, withdraw_notice
from leases.services.reversals import take_back_end, take_back_handover
from leases.services.settlements import begin_settlement
from leases.services.signing import sign_lease
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkPages, work


def _day_of(lease: Lease, way: HandoverWay, field: str) -> dict[str, Any]:
    """The day that the handover report names, for the form of the act."""
    report = report_of_record(lease, way)
    return {field: report.day} if report is not None else {}


def _is(*states: LeaseState) -> Any:
    return lambda lease: lease.state in states


class LeaseActs(WorkPages):
    """To stand before the admin class; the names of its pages are `ACTS`."""

    ACTS: ClassVar = (
        "sign",
        "hand_over",
        "give_notice",
        "withdraw_notice",
        "assign",
        "end",
        "cancel",
        {
            "title": _("Deposit"),
            "icon": "payments",
            "items": ["enter_deposit", "settle_deposit", "waive_deposit", "take_back_entry"],
        },
        {
            "title": _("Mistakes"),
            "icon": "undo",
            "items": ["take_back_handover", "take_back_end"],
        },
    )

    @work(_("Sign"), path="sign", right=Action.SIGN, icon="signature", when=_is(LeaseState.DRAFT))
    def sign(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            sign_lease(lease=lease, signed_on=given["day"], acting_user=acting(request))
            return gettext("Signed: the spaces are let.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=DayForm,
            title=_("Sign"),
            submit=_("Sign"),
            hint=_("From now on the spaces are booked firmly and the terms are kept."),
        )

    @work(
        _("Hand over"),
        path="hand-over",
        right=Action.HAND_OVER,
        icon="key",
        when=_is(LeaseState.SIGNED),
    )
    def hand_over(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            hand_over(lease=lease, on=given["day"], acting_user=acting(request))
            return gettext("The tenant has the keys.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=DayForm,
            title=_("Hand over"),
            submit=_("Hand over"),
            hint=told_of(lease, HandoverWay.IN),
            initial=_day_of(lease, HandoverWay.IN, "day"),
        )

    @work(_("End"), path="end", right=Action.HAND_OVER, icon="logout", when=_is(LeaseState.ACTIVE))
    def end(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            end_lease(lease=lease, acting_user=acting(request), **given)
            return gettext("The lease has ended; the spaces are free from the day after.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=ExitForm,
            title=_("End"),
            submit=_("End the lease"),
            hint=told_of(lease, HandoverWay.OUT),
            initial=_day_of(lease, HandoverWay.OUT, "last_day"),
        )

    @work(
        _("Assign to another company"),
        path="assign",
        right=Action.SIGN,
        icon="swap_horiz",
        when=_is(LeaseState.ACTIVE),
    )
    def assign(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        made: list[Lease] = []

        def act(given: dict[str, Any]) -> str:
            made.append(assign_lease(lease=lease, acting_user=acting(request), **given))
            return gettext("Assigned: this lease of the other company goes on.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=AssignForm,
            form_kwargs={"user": request.user},
            title=_("Assign to another company"),
            submit=_("Assign to another company"),
            hint=_(
                "This lease ends on the day before; another one begins for the other company, on "
                "the same terms. The deposit that is held moves over, the keys stay out."
            ),
            then=lambda: self.address_of(made[0]),
        )

    @work(
        _("Cancel"),
        path="cancel",
        right=Action.CHANGE,
        icon="cancel",
        when=_is(LeaseState.DRAFT, LeaseState.SIGNED),
    )
    def cancel(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            cancel_lease(lease=lease, acting_user=acting(request), **given)
            return gettext("The lease is cancelled; what it held is free.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=ReasonForm,
            title=_("Cancel the lease"),
            submit=_("Cancel the lease"),
        )

    @work(
        _("Give notice"),
        path="notice",
        right=Action.CHANGE,
        icon="event_upcoming",
        when=_is(LeaseState.SIGNED, LeaseState.ACTIVE),
    )
    def give_notice(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            notice = give_notice(lease=lease, acting_user=acting(request), **given)
            last = formats.day(notice.last_day, language())
            return gettext("Notice is noted: the last day is %(day)s.") % {"day": last}

        last = formats.day(last_day_of_notice(today(), lease.notice_months), language())
        hint = _("The notice period is %(months)s months: given today, the last day is %(day)s.")
        return self.work_page(
            request,
            lease,
            act=act,
            form_class=NoticeForm,
            title=_("Give notice"),
            hint=hint % {"months": lease.notice_months, "day": last},
        )

    @work(
        _("Withdraw the notice"),
        path="withdraw-notice",
        right=Action.CHANGE,
        icon="event_busy",
        when=lambda lease: any(each.withdrawn_on is None for each in lease.notices.all()),
    )
    def withdraw_notice(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            withdraw_notice(lease=lease, acting_user=acting(request), **given)
            return gettext("The notice is withdrawn: the lease goes on.")

        return self.work_page(
            request, lease, act=act, form_class=WithdrawalForm, title=_("Withdraw the notice")
        )

    # --- Deposit --------------------------------------------------------------------------------
    @work(
        _("Enter deposit"),
        path="deposit",
        right=Action.CHANGE,
        resource="deposit",
        icon="payments",
        when=lambda lease: lease.state != LeaseState.DRAFT,
    )
    def enter_deposit(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            enter_deposit(lease=lease, acting_user=acting(request), **given)
            return gettext("The deposit is entered.")

        account = deposit_of(lease)
        goes_back = lease.state in OVER_STATES and account.held
        initial: dict[str, Any] = {"amount": account.missing or None}
        if goes_back:
            initial = {"act": DepositAct.RETURNED, "amount": account.held}
        hint = _("Due %(due)s, held %(held)s, missing %(missing)s.") % {
            name: formats.money(getattr(account, name), language())
            for name in ("due", "held", "missing")
        }
        return self.work_page(
            request,
            lease,
            act=act,
            form_class=DepositForm,
            title=_("Enter deposit"),
            hint=hint,
            initial=initial,
        )

    @work(
        _("Settle the deposit"),
        path="settle-deposit",
        right=Action.CHANGE,
        resource="deposit",
        icon="receipt_long",
        when=lambda lease: lease.state != LeaseState.DRAFT,
    )
    def settle_deposit(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        begun: list[DepositSettlement] = []

        def act(_given: dict[str, Any]) -> str:
            begun.append(begin_settlement(lease=lease, acting_user=acting(request)))
            return gettext("Write down what is kept, line by line; closing it keeps the money.")

        held = formats.money(deposit_of(lease).held, language())
        hint = _("Held %(held)s. What is kept of it is written down with its reasons and evidence.")
        return self.work_page(
            request,
            lease,
            act=act,
            title=_("Settle the deposit"),
            submit=_("Begin"),
            hint=hint % {"held": held},
            then=lambda: self.address_of(begun[0]),
        )

    @work(
        _("Take a deposit entry back"),
        path="deposit-back",
        right=Action.CHANGE,
        resource="deposit",
        icon="undo",
        when=lambda lease: bool(that_stand(lease.deposit_entries.all())),
    )
    def take_back_entry(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            take_back_entry(acting_user=acting(request), **given)
            return gettext("The entry is taken back by another one.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=TakeBackForm,
            form_kwargs={"lease": lease},
            title=_("Take a deposit entry back"),
        )

    @work(
        _("Waive the deposit"),
        path="waive",
        right=Action.SIGN,
        icon="money_off",
        when=_is(LeaseState.DRAFT, LeaseState.SIGNED),
    )
    def waive_deposit(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            waived = waive_deposit(lease=lease, acting_user=acting(request), **given)
            if waived.deposit_waiver:
                return gettext("The keys may go out without the deposit.")
            return gettext("The deposit is asked again.")

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=WaiverForm,
            title=_("Waive the deposit"),
            initial={"reason": lease.deposit_waiver},
        )

    # --- Mistakes -------------------------------------------------------------------------------
    @work(
        _("Take the handover back"),
        path="take-back-handover",
        right=Action.HAND_OVER,
        icon="key_off",
        when=_is(LeaseState.ACTIVE),
    )
    def take_back_handover(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            take_back_handover(lease=lease, acting_user=acting(request), **given)
            return gettext("The lease is signed, its keys are not out.")

        return self.work_page(
            request, lease, act=act, form_class=ReasonForm, title=_("Take the handover back")
        )

    @work(
        _("Take the end back"),
        path="take-back-end",
        right=Action.HAND_OVER,
        icon="undo",
        when=_is(LeaseState.ENDED),
    )
    def take_back_end(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            take_back_end(lease=lease, acting_user=acting(request), **given)
            return gettext("The tenant is still there, on the terms of before.")

        return self.work_page(
            request, lease, act=act, form_class=ReasonForm, title=_("Take the end back")
        )
