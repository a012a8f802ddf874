"""`POST /api/v1/leases/{number}/{act}/`: each act on a lease, as one table.

A row names what the act wants to be told and the service that does it, the same that the staff
page calls: role, site and the lease's state are checked there.
"""

from collections.abc import Callable
from typing import Any, Final

from accounts.models import User
from core.periods import today
from leases.api import bodies, shapes
from leases.api.changes import wanted
from leases.api.drafting import visible_company
from leases.api.reading import lease_in_full, visible_lease
from leases.errors import UnknownEntry
from leases.models import DepositEntry, Lease
from leases.services import (
    assignment,
    deposits,
    drafts,
    exits,
    handover,
    notices,
    reversals,
    signing,
)
from sites.api.acts import Act, Acts, Given

Service = Callable[[Lease, User, Given], Any]


def _plain(service: Callable[..., Any], *, day: str = "") -> Service:
    """A service that takes `lease`, `acting_user` and what the body says; `day`, where the body
    leaves it out, is today."""

    def act(lease: Lease, user: User, given: Given) -> Any:
        if day:
            given = {day: today(), **given}
        return service(lease=lease, acting_user=user, **given)

    return act


def _take_back_entry(lease: Lease, user: User, given: Given) -> None:
    rows = DepositEntry.objects.visible_to(user).filter(lease=lease)
    entry = rows.filter(pk=given["entry"]).first()
    if entry is None:
        raise UnknownEntry
    deposits.take_back_entry(entry=entry, reason=given["reason"], acting_user=user)


def _assign(lease: Lease, user: User, given: Given) -> None:
    assignment.assign_lease(
        lease=lease,
        company=visible_company(user, given["company"]),
        since=given.get("since", today()),
        reason=given["reason"],
        succeeds=given.get("succeeds", False),
        acting_user=user,
    )


def _change_draft(lease: Lease, user: User, given: Given) -> None:
    after = wanted(lease, given, user).after
    drafts.change_draft(lease=lease, after=after, reason=given["reason"], acting_user=user)


ACTS: Final = (
    Act("change-draft", "Other terms before anybody signs: one of the changes of an amendment.",
        _change_draft, bodies.AmendmentBody),
    Act("sign", "Its terms are kept, its spaces are let.",
        _plain(signing.sign_lease, day="signed_on"), bodies.SignBody),
    Act("hand-over", "The tenant has the keys, the deposit being paid or waived.",
        _plain(handover.hand_over, day="on"), bodies.HandOverBody),
    Act("take-back-handover", "The keys did not go out after all.",
        _plain(reversals.take_back_handover), bodies.LeaseReasonBody),
    Act("end", "The keys are back: the spaces are free from the day after.",
        _plain(exits.end_lease), bodies.EndBody),
    Act("assign", "Another company goes on with it, under the lease that `followed_by` names.",
        _assign, bodies.AssignBody),
    Act("take-back-end", "The tenant is still there after all.",
        _plain(reversals.take_back_end), bodies.LeaseReasonBody),
    Act("cancel", "A draft, or a signed lease that was not handed over.",
        _plain(drafts.cancel_lease), bodies.LeaseReasonBody),
    Act("give-notice", "The lease is to end; the exit ends it.",
        _plain(notices.give_notice), bodies.NoticeBody),
    Act("withdraw-notice", "The lease goes on as if no notice had been given.",
        _plain(notices.withdraw_notice, day="on"), bodies.WithdrawalBody),
    Act("enter-deposit", "Money of the deposit came or went back.",
        _plain(deposits.enter_deposit, day="on"), bodies.DepositBody),
    Act("take-back-deposit", "An entry of the deposit was a mistake: another one undoes it.",
        _take_back_entry, bodies.TakeBackBody),
    Act("waive-deposit", "The keys may go out without the deposit.",
        _plain(deposits.waive_deposit), bodies.WaiverBody),
)  # fmt: skip

LEASE_ACTS: Final = Acts("lease", shapes.LeaseDetailShape, visible_lease, lease_in_full)
