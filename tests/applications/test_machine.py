"""Random people take random steps on random files for months: nothing illegal is ever reached,
and where a service should ever fail to see to that, the database does."""

import contextlib
import datetime as dt
import os
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
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
from applications.models import Application, Letter, Offer, Place, Review
from applications.outcomes import kind_of
from applications.services import (
    answers,
    conflicts,
    decisions,
    expiry,
    letters,
    offers,
    onboarding,
    requests,
    reviews,
    screening,
    waiting,
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

ICE: Final = "001525713000072"
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


def _domicile(_house: "Admission", file: Application, user: User | None) -> object:
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
    def act(_house: "Admission", file: Application, user: User | None) -> object:
        letter = Letter.objects.filter(application=file).order_by("-id").first()
        return letter and service(letter=letter, acting_user=user, **given)

    return act


def _move_first(_house: "Admission", file: Application, user: User | None) -> object:
    place = Place.objects.filter(application=file).order_by("-id").first()
    return place and waiting.move(place=place, rank=1, reason="x", acting_user=user)


def _assign(house: "Admission", file: Application, user: User | None) -> object:
    reader = house.people["reader"]
    assert reader is not None
    return reviews.assign(
        application=file,
        reviewer=reader,
        due_on=today() + dt.timedelta(days=5),
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


FILES: Final = st.integers(0, 3)


class Admission(RuleBasedStateMachine):
    """One hub with one free office, a company it knows, everybody who may or may not touch them,
    and four files: two of one company that seeks two spaces, one of the known company."""

    files: list[Application]
    people: dict[str, User | None]
    space: Space
    known: Company

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.now = self.clock.start()
        self.before = transaction.savepoint()
        self.in_conflict: set[int] = set()
        self.checked: list[Any] = []

    @initialize()
    def open_the_hub(self) -> None:
        site = scene.site("CAS")
        self.space = scene.office(site)
        self.known = scene.company(ice=ICE)
        self.files = [scene.application(site, ice=ice) for ice in ("", "", ICE, "")]
        Application.objects.filter(pk=self.files[1].pk).update(sister_of=self.files[0])
        self.people = {
            "system": None,
            "officer": scene.staff(Role.ADMISSIONS_OFFICER, site),
            "colleague": scene.staff(Role.ADMISSIONS_OFFICER, site),
            "director": scene.staff(Role.DIRECTOR),
            "reader": scene.staff(Role.REVIEWER, site),
            "auditor": scene.staff(Role.AUDITOR),
            "stranger": scene.staff(Role.DIRECTOR, scene.site("RAB")),
        }

    @rule(
        number=FILES,
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
        if who == "colleague" and number in self.in_conflict:
            assert self._seen() == before

    @rule(number=FILES)
    def the_colleague_declares_a_conflict(self, number: int) -> None:
        with contextlib.suppress(DomainError):
            conflicts.declare(
                application=self.files[number],
                conflicted=True,
                acting_user=self.people["colleague"],  # type: ignore[arg-type]
            )
            self.in_conflict.add(number)

    @rule(number=FILES, conflicted=st.booleans())
    def the_reader_declares_and_scores(self, number: int, conflicted: bool) -> None:
        reader: Any = self.people["reader"]
        review = Review.objects.filter(application=self.files[number], reviewer=reader).first()
        if review is None:
            return
        with contextlib.suppress(DomainError):
            conflicts.declare(
                application=review.application, conflicted=conflicted, acting_user=reader
            )
            reviews.save_scores(
                review=review, points={}, words={}, recommendation="admit", comment="x",
                acting_user=reader,
            )  # fmt: skip
            reviews.submit_review(review=review, revision=1, acting_user=reader)

    @rule(number=FILES, steps=st.integers(1, len(AHEAD)))
    def a_file_goes_ahead(self, number: int, steps: int) -> None:
        for act in AHEAD[:steps]:
            self.somebody_acts(number, act, "director")

    @rule(
        number=FILES,
        act=st.sampled_from(sorted(ACTS)),
        who=st.sampled_from(("auditor", "reader", "stranger", "other applicant")),
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
            list(Lease.objects.order_by("id").values_list("state", "company")),
            list(Letter.objects.order_by("id").values_list("state", "subject")),
            list(Place.objects.order_by("id").values_list("rank", flat=True)),
            list(Review.objects.order_by("id").values_list("state", flat=True)),
            Booking.objects.count(),
            Company.objects.count(),
            Message.objects.count(),
        ]

    @invariant()
    def all_is_legal(self) -> None:
        """Looked at whenever something has changed: most of what is tried is refused."""
        seen = self._seen()
        if seen != self.checked:
            self.every_trail_follows_the_table()
            self.what_hangs_on_a_file_fits_its_state()
            self.no_hold_without_an_offer()
            self.no_company_is_made_twice()
            self.one_current_letter_and_of_what_is_untold()
            self.ranks_have_no_gap_and_are_of_those_who_wait()
            self.nobody_in_conflict_has_an_opinion()
            connection.check_constraints()
            self.checked = seen

    def every_trail_follows_the_table(self) -> None:
        for file in Application.objects.prefetch_related("transitions"):
            trail = sorted(file.transitions.all(), key=lambda step: step.pk)
            assert trail[-1].target == file.state
            assert all(one.target == next_.source for one, next_ in pairwise(trail))
            for step in trail[1:]:
                row = TRANSITIONS[Step(step.step)]
                assert step.source in row.sources
                assert row.target is None or step.target == row.target

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
            alive = list(Lease.objects.filter(application=file).exclude(state="cancelled"))
            hosted = state in {State.ACCEPTED, State.ONBOARDING, State.TENANT}
            assert [lease.company_id for lease in alive] == [file.company_id] * hosted
            assert not (hosted and file.company_id is None)
            if state != State.INFO_REQUESTED:
                found = file.ineligibilities.unsettled().exists()
                assert not found or state == State.SCREENING

    def no_hold_without_an_offer(self) -> None:
        # Whoever books next deletes a hold that ran out; its offer lapses when the job comes.
        standing = Offer.objects.filter(state__in=["open", "accepted"], booking__isnull=False)
        assert set(Booking.objects.values_list("pk", flat=True)) == set(
            standing.values_list("booking", flat=True)
        )

    def no_company_is_made_twice(self) -> None:
        first, sister, known, other = Application.objects.order_by("id")
        assert first.company is None or sister.company_id in {None, first.company_id}
        assert known.company_id in {None, self.known.pk}
        made = {file.company_id for file in (first, sister, other)} - {None}
        assert Company.objects.count() == 1 + len(made)
        assert (self.known.pk in made, other.company_id in {first.company_id} - {None}) == (
            False,
            False,
        )

    def one_current_letter_and_of_what_is_untold(self) -> None:
        written = Letter.objects.current().select_related("application")
        for letter in written.exclude(application__state=State.INFO_REQUESTED):
            about = letters.untold_outcome(letter.application)
            assert about is not None
            assert letter.kind == kind_of(about)
            assert letter.decision == (about if letter.kind != "ineligible" else None)
        assert len({letter.application_id for letter in written}) == len(written)
        unsent = list(Message.objects.filter(state="to_send").values_list("matter", "to"))
        assert len(unsent) == len(set(unsent))

    def ranks_have_no_gap_and_are_of_those_who_wait(self) -> None:
        ranked = Place.objects.standing().order_by("rank")
        assert [place.rank for place in ranked] == list(range(1, len(ranked) + 1))
        waits = Application.objects.filter(state=State.WAITLISTED)
        assert sorted(place.application_id for place in ranked) == sorted(
            waits.values_list("pk", flat=True)
        )

    def nobody_in_conflict_has_an_opinion(self) -> None:
        counted = Review.objects.filter(
            state__in=["open", "submitted"],
            application__declarations__conflicted=True,
            application__declarations__user=self.people["reader"],
        )
        assert not counted.exists()

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
    _run(examples=5, steps=25)


@pytest.mark.torture
@pytest.mark.django_db
def test_random_people_for_a_long_time() -> None:
    bounded = os.environ.get("TORTURE") == "bounded"
    _run(examples=25 if bounded else 400, steps=40)


STATEMENTS: Final = {
    "applications_application_state": "UPDATE applications_application SET state = 'nowhere'",
    "applications_decision_one_in_force": "UPDATE applications_decision SET superseded_at = NULL",
    "applications_letter_one_current": "UPDATE applications_letter SET state = 'draft'",
    "core_message_one_to_send": "UPDATE core_message SET state = 'to_send', (matter, \"to\")"
    " = ('x', 'y')",
    "applications_offer_one_open": "UPDATE applications_offer SET state = 'open'",
    "applications_offer_closed_holds_nothing": "UPDATE applications_offer SET state = 'cancelled'",
    "leaves its hold behind": "UPDATE applications_offer SET booking_id = NULL",
    "has its company": "UPDATE applications_application SET company_id = {company}",
    "leases_lease_application_id_key": "UPDATE leases_lease SET application_id = {application}",
    "tenants_company_ice": "UPDATE tenants_company SET ice = '001525713000072'",
    "applications_place_rank": "UPDATE applications_place SET rank = 1",
    "applications_review_once": "UPDATE applications_review SET application_id = {application}",
}


@pytest.mark.django_db
def test_the_database_refuses_it_too() -> None:
    """Two files each with everything, so that one statement makes two of what may be one."""
    site = scene.site("CAS")
    reader = scene.staff(Role.REVIEWER, site)
    files = [scene.application(site) for _number in range(2)]
    for file in files:
        screening.start_screening(application=file, acting_user=None)
        reviews.assign(application=file, reviewer=reader, due_on=today(), acting_user=None)
        screening.prepare_for_committee(application=file, acting_user=None)
        for _time in range(2):
            decisions.decide(application=file, outcome="admit", acting_user=None)
            decisions.revoke_decision(application=file, reason="x", acting_user=None)
        decisions.decide(application=file, outcome="admit", acting_user=None)
        for _time in range(2):
            letters.write_letter(application=file, acting_user=None)
        letters.approve_letter(letter=file.letters.current().get(), acting_user=None)
        for _time in range(2):
            offer = scene.offer(file, scene.office(site))
            offers.withdraw_offer(application=file, reason="x", acting_user=None)
        offer = scene.offer(file, scene.office(site))
        answers.accept_offer(offer=offer, acting_user=None)
    for _number in range(2):
        waiting_file = scene.decided(scene.application(site), "waitlist")
        decisions.publish(application=waiting_file, acting_user=None)
    given = {"company": scene.company().pk, "application": files[0].pk}
    for refusal, statement in STATEMENTS.items():
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            _said(statement.format(**given))


def _said(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.check_constraints()
