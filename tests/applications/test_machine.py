"""Random people take random steps on random files for months: nothing illegal is ever reached."""

import contextlib
import datetime as dt
import os
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
from applications.models import Application, Letter, Offer, Place, Review
from applications.services import conflicts, expiry, requests, reviews
from core.errors import DomainError
from core.models import Message
from leases.models import Lease
from sites.models import Booking, Space
from tenants.models import Company
from tests.applications import legality
from tests.applications.acts import ACTS, AHEAD
from tests.factories import scene

ICE: Final = "001525713000072"
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
            legality.check_all(known=self.known, reader=self.people["reader"])
            self.checked = seen

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
