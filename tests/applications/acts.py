"""What people try on a file of the random walk (`test_machine`), each by a service."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final, Protocol

from accounts.models import User
from applications.models import Application, Letter, Offer, Place
from applications.services import (
    answers,
    decisions,
    letters,
    offers,
    onboarding,
    requests,
    reviews,
    screening,
    waiting,
)
from core.periods import add_months, today
from leases.models import Lease
from leases.services.drafts import cancel_lease
from leases.services.handover import hand_over
from leases.services.signing import sign_lease
from sites.models import Space


class House(Protocol):
    """The hub in which they try it."""

    files: list[Application]
    people: dict[str, User | None]
    space: Space


Act = Callable[[House, Application, User | None], object]


def _by(service: Callable[..., Any], **given: Any) -> Act:
    return lambda _house, file, user: service(application=file, acting_user=user, **given)


def _ask(_house: House, file: Application, user: User | None) -> object:
    return requests.request_information(
        application=file,
        fields=["project"],
        message="Merci de préciser.",
        due_on=today() + dt.timedelta(days=6),
        acting_user=user,
    )


def _offer(house: House, file: Application, user: User | None) -> object:
    return offers.make_offer(
        application=file,
        space=house.space,
        tenant_kind="startup",
        start=today(),
        last_day=add_months(today(), 1),
        open_until=today() + dt.timedelta(days=5),
        acting_user=user,
    )


def _domicile(_house: House, file: Application, user: User | None) -> object:
    return offers.make_offer(
        application=file,
        space=None,
        tenant_kind="domiciliation",
        start=today(),
        last_day=None,
        open_until=today() + dt.timedelta(days=3),
        acting_user=user,
    )


def _on_the_letter(service: Callable[..., object], **given: Any) -> Act:
    def act(_house: House, file: Application, user: User | None) -> object:
        letter = Letter.objects.filter(application=file).order_by("-id").first()
        return letter and service(letter=letter, acting_user=user, **given)

    return act


def _move_first(_house: House, file: Application, user: User | None) -> object:
    place = Place.objects.filter(application=file).order_by("-id").first()
    return place and waiting.move(place=place, rank=1, reason="x", acting_user=user)


def _assign(house: House, file: Application, user: User | None) -> object:
    reader = house.people["reader"]
    assert reader is not None
    return reviews.assign(
        application=file,
        reviewer=reader,
        due_on=today() + dt.timedelta(days=5),
        acting_user=user,
    )


def _on_the_offer(service: Callable[..., object], **given: Any) -> Act:
    def act(_house: House, file: Application, user: User | None) -> object:
        offer = Offer.objects.filter(application=file).order_by("-id").first()
        return offer and service(offer=offer, acting_user=user, **given)

    return act


def _on_the_lease(service: Callable[..., object], **given: Any) -> Act:
    def act(_house: House, file: Application, user: User | None) -> object:
        lease = Lease.objects.filter(application=file).first()
        late = {name: value() for name, value in given.items()}
        return lease and service(lease=lease, acting_user=user, **late)

    return act


ACTS: Final[dict[str, Act]] = {
    "start_screening": _by(screening.start_screening),
    "send_to_review": _by(screening.send_to_review),
    "prepare_for_committee": _by(screening.prepare_for_committee),
    "return_to_review": _by(screening.return_to_review, reason="x"),
    "mark_spam": _by(screening.mark_spam),
    "mark_duplicate": lambda house, file, user: screening.mark_duplicate(
        application=file, original=house.files[0], acting_user=user
    ),
    "find_ineligible": _by(screening.find_ineligible, reason_code="other", words="x"),
    "confirm_ineligible": _by(screening.confirm_ineligible),
    "reject_ineligible": _by(screening.reject_ineligible),
    "reopen": _by(screening.reopen, reason="x"),
    "resume": _by(screening.resume),
    "ask": _ask,
    "answer": _by(requests.answer_request, changes={"project": "Mieux dit."}),
    "close_request": _by(requests.close_request, reason="x"),
    "admit": _by(decisions.decide, outcome="admit"),
    "refuse": _by(decisions.decide, outcome="refuse", reasons=["other"]),
    "put_on_the_list": lambda _house, file, user: decisions.decide(
        application=file,
        outcome="waitlist",
        until=today() + dt.timedelta(days=8),
        acting_user=user,
    ),
    "defer": _by(decisions.decide, outcome="defer"),
    "revoke": _by(decisions.revoke_decision, reason="x"),
    "publish": _by(decisions.publish),
    "offer": _offer,
    "domicile": _domicile,
    "write_letter": _by(letters.write_letter),
    "edit_letter": _on_the_letter(letters.edit_letter, subject="x", body="y"),
    "approve_letter": _on_the_letter(letters.approve_letter),
    "move_first": _move_first,
    "assign": _assign,
    "withdraw_offer": _by(offers.withdraw_offer, reason="x"),
    "accept": _on_the_offer(answers.accept_offer),
    "decline": _on_the_offer(answers.decline_offer, reason="x"),
    "withdraw": _by(answers.withdraw, reason="x"),
    "onboard": _by(onboarding.start_onboarding),
    "sign": _on_the_lease(sign_lease, signed_on=today),
    "hand_over": _on_the_lease(hand_over, on=today),
    "cancel_lease": _on_the_lease(cancel_lease, reason=lambda: "x"),
}
# The way most files go, so that long ways are walked too.
AHEAD: Final = (
    "start_screening",
    "prepare_for_committee",
    "admit",
    "offer",
    "accept",
    "sign",
    "hand_over",
)
