"""How a payment stands: each question asked once for a row, whose page and buttons ask the same."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext, pgettext

from billing.choices import WITHHELD, ChequeState, PaymentMethod
from billing.models import Payment
from billing.selectors.paying import settled_by
from billing.services.allocating import free_of
from core.money import ZERO
from sites.admin.columns import badge

BADGES: Final[Mapping[str, str]] = {
    "": "info",
    ChequeState.BANKED: "info",
    ChequeState.CLEARED: "success",
    ChequeState.BOUNCED: "danger",
    "awaited": "warning",
    "mistaken": "danger",
}


def _once(name: str, ask: Callable[[Payment], Any]) -> Callable[[Payment], Any]:
    def known(payment: Payment) -> Any:
        if name not in payment.__dict__:
            payment.__dict__[name] = ask(payment)
        return payment.__dict__[name]

    return known


free = _once("_free", free_of)
steps = _once(
    "_steps", lambda row: list(row.cheque_steps.select_related("acting_user").order_by("id"))
)
allocations = _once(
    "_allocations", lambda row: list(row.allocations.select_related("invoice", "acting_user"))
)
refunds = _once(
    "_refunds", lambda row: list(row.refunds.select_related("acting_user").order_by("id"))
)
is_void = _once("_void", lambda row: Payment.objects.void().filter(pk=row.pk).exists())
settled = _once("_settled", lambda row: settled_by(allocations(row)))


def is_cheque(payment: Payment) -> bool:
    return payment.method == PaymentMethod.CHEQUE


def cheque_in(*states: ChequeState | None) -> Any:
    return lambda payment: is_cheque(payment) and cheque_state(payment) in states


def cheque_state(payment: Payment) -> ChequeState | None:
    taken = steps(payment)
    return ChequeState(taken[-1].state) if taken else None


def is_withheld(payment: Payment) -> bool:
    return payment.method in WITHHELD


def has_certificate(payment: Payment) -> bool:
    return is_withheld(payment) and hasattr(payment, "certificate")


def is_free(payment: Payment) -> bool:
    return bool(free(payment) > ZERO)


def may_be_undone(payment: Payment) -> bool:
    if is_cheque(payment) and cheque_state(payment) == ChequeState.BOUNCED:
        return False
    if payment.method == PaymentMethod.DEPOSIT or refunds(payment):
        return False
    return not (payment.withheld_with_id and is_void(payment))


def settles(payment: Payment) -> bool:
    return bool(settled(payment))


def is_mistaken(payment: Payment) -> bool:
    return any(refund.by_mistake for refund in refunds(payment))


def badges(payment: Payment) -> list[str]:
    found: list[str] = [badge(payment.get_method_display(), None)]
    if is_cheque(payment):
        state = cheque_state(payment)
        label = pgettext("cheque", "received") if state is None else state.label
        found.append(badge(str(label), BADGES[state or ""]))
    if is_mistaken(payment):
        found.append(badge(gettext("entered by mistake"), BADGES["mistaken"]))
    elif is_withheld(payment):
        itself = Payment.objects.filter(pk=payment.pk)
        if is_void(payment):
            found.append(badge(str(ChequeState.BOUNCED.label), BADGES[ChequeState.BOUNCED]))
        elif itself.awaiting_certificate().exists():
            found.append(badge(gettext("certificate awaited"), BADGES["awaited"]))
    return found
