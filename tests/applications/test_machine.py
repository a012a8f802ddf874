"""Random people take random steps on random files for months: nothing illegal is ever reached."""

import contextlib
import datetime as dt
import os
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.choices import Role
from accounts.models import User
from applications.models import Application, Offer
from applications.services import (
    answers,
    decisions,
    expiry,
    offers,
    onboarding,
    requests,
    screening,
)
from applications.workflow import TRANSITIONS, State, Step
from core.errors import DomainError
from core.models import Message
from core.periods import add_months, today
from leases.models import Lease
from leases.services.drafts import cancel_lease
from leases.services.handover import hand_over
from leases.services.signing import sign_lease
from sites.models import Booking, Space
from tenants.models import Company
from tests.factories import scene

Act = Callable[["Admission", Application, User | None], object]


def _by(service: Callable[..., Any], **given: Any) -> Act:
    return lambda _house, file, user: service(application=file, acting_user=user, **given)


def _ask(_house: "Admission", file: Application, user: User | None) -> object:
    return requests.request_information(
        application=file,
        fields=["project"],
        message="Merci de préciser.",
        due_on=today() + dt.timedelta(days=6),
        acting_user=user,
    )


def _offer(house: "Admission", file: Application, user: User | None) -> object:
    return offers.make_offer(
        application=file,
        space=house.space,
        tenant_kind="startup",
        start=today(),
        last_day=add_months(today(), 1),
        open_until=today() + dt.timedelta(days=5),
        acting_user=user,
    )


def _on_the_offer(service: Callable[..., object], **given: Any) -> Act:
    def act(_house: "Admission", file: Application, user: User | None) -> object:
        offer = Offer.objects.filter(application=file).order_by("-id").first()
        return offer and service(offer=offer, acting_user=user, **given)

    return act


def _on_the_lease(service: Callable[..., object], **given: Any) -> Act:
    def act(_house: "Admission", file: Application, user: User | None) -> object:
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


class Admission(RuleBasedStateMachine):
    """One hub with one free office, three files, and everybody who may or may not touch them."""

    files: list[Application]
    people: dict[str, User | None]
    space: Space

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.now = self.clock.start()
        self.before = transaction.savepoint()

    @initialize()
    def open_the_hub(self) -> None:
        site = scene.site("CAS")
        self.space = scene.office(site)
        self.files = [scene.application(site) for _number in range(3)]
        self.people = {
            "system": None,
            "officer": scene.staff(Role.ADMISSIONS_OFFICER, site),
            "colleague": scene.staff(Role.ADMISSIONS_OFFICER, site),
            "director": scene.staff(Role.DIRECTOR),
            "auditor": scene.staff(Role.AUDITOR),
            "stranger": scene.staff(Role.DIRECTOR, scene.site("RAB")),
        }

    @rule(
        number=st.integers(0, 2),
        act=st.sampled_from(sorted(ACTS)),
        who=st.sampled_from(("officer", "colleague", "director", "applicant", "system")),
    )
    def somebody_acts(self, number: int, act: str, who: str) -> None:
        file = self.files[number]
        user = file.applicant if who == "applicant" else self.people[who]
        before = self._seen()
        try:
            ACTS[act](self, file, user)
        except DomainError:
            assert self._seen() == before

    @rule(number=st.integers(0, 2), steps=st.integers(1, len(AHEAD)))
    def a_file_goes_ahead(self, number: int, steps: int) -> None:
        for act in AHEAD[:steps]:
            self.somebody_acts(number, act, "director")

    @rule(
        number=st.integers(0, 2),
        act=st.sampled_from(sorted(ACTS)),
        who=st.sampled_from(("auditor", "stranger", "other applicant")),
    )
    def somebody_without_a_right_changes_nothing(self, number: int, act: str, who: str) -> None:
        file = self.files[number]
        other = self.files[number - 1].applicant
        before = self._seen()
        with contextlib.suppress(DomainError):
            ACTS[act](self, file, other if who == "other applicant" else self.people[who])
        assert self._seen() == before

    @rule(days=st.integers(1, 12))
    def days_go_by(self, days: int) -> None:
        self.now.shift(dt.timedelta(days=days))

    @precondition(lambda self: hasattr(self, "files"))
    @rule()
    def the_jobs_run(self) -> None:
        expiry.expire_offers()
        expiry.expire_places()
        requests.remind_and_lapse()

    def _seen(self) -> list[Any]:
        return [
            list(Application.objects.order_by("id").values_list("state", "company", "revision")),
            list(Offer.objects.order_by("id").values_list("state", "booking")),
            list(Lease.objects.order_by("id").values_list("state", flat=True)),
            Company.objects.count(),
            Message.objects.count(),
        ]

    @invariant()
    def every_trail_follows_the_table(self) -> None:
        for file in Application.objects.prefetch_related("transitions"):
            trail = sorted(file.transitions.all(), key=lambda step: step.pk)
            assert trail[-1].target == file.state
            assert all(one.target == next_.source for one, next_ in pairwise(trail))
            for step in trail[1:]:
                row = TRANSITIONS[Step(step.step)]
                assert step.source in row.sources
                assert row.target is None or step.target == row.target

    @invariant()
    def what_hangs_on_a_file_fits_its_state(self) -> None:
        for file in Application.objects.all():
            state = State(file.state)
            standing = list(file.offers.filter(state__in=["open", "accepted"]))
            assert [offer.state for offer in standing] == {
                State.OFFERED: ["open"],
                State.ACCEPTED: ["accepted"],
                State.ONBOARDING: ["accepted"],
                State.TENANT: ["accepted"],
            }.get(state, [])
            assert file.requests.open().exists() == (state == State.INFO_REQUESTED)
            decided = file.decisions.in_force().first()
            if state in {State.DECIDED, State.WAITLISTED, State.DEFERRED, State.OFFERED}:
                assert decided is not None
            alive = Lease.objects.filter(application=file).exclude(state="cancelled").count()
            assert alive == (state in {State.ACCEPTED, State.ONBOARDING, State.TENANT})

    @invariant()
    def no_hold_without_an_offer(self) -> None:
        # Whoever books next deletes a hold that ran out; its offer lapses when the job comes.
        standing = Offer.objects.filter(state__in=["open", "accepted"], booking__isnull=False)
        assert set(Booking.objects.values_list("pk", flat=True)) == set(
            standing.values_list("booking", flat=True)
        )

    @invariant()
    def no_company_is_made_twice(self) -> None:
        made = Application.objects.filter(company__isnull=False)
        assert Company.objects.count() == made.values("company").distinct().count() == len(made)

    @invariant()
    def one_current_letter_on_each_matter(self) -> None:
        waiting = list(Message.objects.filter(state="to_send").values_list("matter", flat=True))
        assert len(waiting) == len(set(waiting))

    def teardown(self) -> None:
        self.clock.stop()
        transaction.savepoint_rollback(self.before)


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Admission,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_random_people_reach_nothing_illegal() -> None:
    _run(examples=6, steps=25)


@pytest.mark.torture
@pytest.mark.django_db
def test_random_people_for_a_long_time() -> None:
    bounded = os.environ.get("TORTURE") == "bounded"
    _run(examples=25 if bounded else 400, steps=40)
