"""What holds of admission whatever people do: asked after every step of the random walk."""

from itertools import pairwise

from django.db import connection

from accounts.models import User
from applications.models import Application, Letter, Offer, Place, Review
from applications.outcomes import kind_of
from applications.services import letters
from applications.workflow import TRANSITIONS, State, Step
from core.models import Message
from leases.models import Lease
from sites.models import Booking
from tenants.models import Company


def check_all(*, known: Company, reader: User | None) -> None:
    """Four files are expected, in this order: two of one company, one of `known`, another."""
    every_trail_follows_the_table()
    what_hangs_on_a_file_fits_its_state()
    no_hold_without_an_offer()
    no_company_is_made_twice(known)
    one_current_letter_and_of_what_is_untold()
    ranks_have_no_gap_and_are_of_those_who_wait()
    nobody_in_conflict_has_an_opinion(reader)
    connection.check_constraints()


def every_trail_follows_the_table() -> None:
    for file in Application.objects.prefetch_related("transitions"):
        trail = sorted(file.transitions.all(), key=lambda step: step.pk)
        assert trail[-1].target == file.state
        assert all(one.target == next_.source for one, next_ in pairwise(trail))
        for step in trail[1:]:
            row = TRANSITIONS[Step(step.step)]
            assert step.source in row.sources
            assert row.target is None or step.target == row.target


def what_hangs_on_a_file_fits_its_state() -> None:
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


def no_hold_without_an_offer() -> None:
    # Whoever books next deletes a hold that ran out; its offer lapses when the job comes.
    standing = Offer.objects.filter(state__in=["open", "accepted"], booking__isnull=False)
    assert set(Booking.objects.values_list("pk", flat=True)) == set(
        standing.values_list("booking", flat=True)
    )


def no_company_is_made_twice(the_known: Company) -> None:
    first, sister, known, other = Application.objects.order_by("id")
    assert first.company is None or sister.company_id in {None, first.company_id}
    assert known.company_id in {None, the_known.pk}
    made = {file.company_id for file in (first, sister, other)} - {None}
    assert Company.objects.count() == 1 + len(made)
    assert (the_known.pk in made, other.company_id in {first.company_id} - {None}) == (
        False,
        False,
    )


def one_current_letter_and_of_what_is_untold() -> None:
    written = Letter.objects.current().select_related("application")
    for letter in written.exclude(application__state=State.INFO_REQUESTED):
        about = letters.untold_outcome(letter.application)
        assert about is not None
        assert letter.kind == kind_of(about)
        assert letter.decision == (about if letter.kind != "ineligible" else None)
    assert len({letter.application_id for letter in written}) == len(written)
    unsent = list(Message.objects.filter(state="to_send").values_list("matter", "to"))
    assert len(unsent) == len(set(unsent))


def ranks_have_no_gap_and_are_of_those_who_wait() -> None:
    ranked = Place.objects.standing().order_by("rank")
    assert [place.rank for place in ranked] == list(range(1, len(ranked) + 1))
    waits = Application.objects.filter(state=State.WAITLISTED)
    assert sorted(place.application_id for place in ranked) == sorted(
        waits.values_list("pk", flat=True)
    )


def nobody_in_conflict_has_an_opinion(reader: User | None) -> None:
    counted = Review.objects.filter(
        state__in=["open", "submitted"],
        application__declarations__conflicted=True,
        application__declarations__user=reader,
    )
    assert not counted.exists()
