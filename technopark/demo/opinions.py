"""What is thought and said of the demo's files: reviews, a committee to come, a conversation."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from accounts.choices import Role
from accounts.models import User
from applications.labels import Outcome, Visibility
from applications.models import Application, Review, StageTarget
from applications.services import agendas, committee, conversation, reviews
from applications.services.conflicts import declare
from applications.services.convening import convene
from applications.services.letters import write_letter
from applications.workflow import State
from core.periods import CASABLANCA, today
from sites.models import Site
from technopark.demo import clock
from technopark.demo.sign_ins import DOMAIN

# Days that staff give themselves for each stage.
_TARGETS: Final[Mapping[str, int]] = {
    State.SUBMITTED: 3,
    State.SCREENING: 7,
    State.REVIEW: 15,
    State.COMMITTEE_READY: 21,
    State.DECIDED: 5,
    State.ACCEPTED: 15,
    State.ONBOARDING: 30,
}
_HERE: Final = "CAS"


def set_targets() -> None:
    """Of the network, before the first file comes in."""
    StageTarget.objects.bulk_create(
        StageTarget(stage=stage, days=days) for stage, days in _TARGETS.items()
    )


def opinions() -> None:
    """In Casablanca: files being read, two before the committee, a letter to approve."""
    files = Application.objects.filter(site__code=_HERE).order_by("id")
    in_review = files.filter(state=State.REVIEW).get()
    ready = list(files.filter(state=State.COMMITTEE_READY))
    reviewer, director, manager = (
        _person(role) for role in (Role.REVIEWER, Role.DIRECTOR, Role.SITE_MANAGER)
    )
    for file, points in zip(ready, (4, 2), strict=True):
        with clock.at(file.state_since - dt.timedelta(days=4)):
            _reviewed(file, reviewer, points)
            _reviewed(file, director, points + 1)
    with clock.at(in_review.state_since + dt.timedelta(days=2)):
        _assigned(in_review, reviewer)
        _reviewed(in_review, director, 3)
    sits_on = today() + dt.timedelta(days=7)
    with clock.at(_ago(2)):
        declare(
            application=ready[1],
            conflicted=True,
            words="J’ai conseillé cette équipe l’an dernier.",
            acting_user=manager,
        )
        _session(ready, sits_on, chair=director, members=[manager, reviewer])
        _talk(in_review)
    with clock.at(_ago(1)):
        write_letter(
            application=files.filter(decisions__outcome=Outcome.REFUSE, state=State.DECIDED).get(),
            acting_user=_person(Role.ADMISSIONS_OFFICER),
        )


def _ago(days: int) -> dt.datetime:
    return clock.moment(today() - dt.timedelta(days=days), number=days)


def _person(role: Role) -> User:
    return User.objects.get(email=f"{role}@{DOMAIN}")


def _assigned(file: Application, who: User) -> Review:
    return reviews.assign(
        application=file,
        reviewer=who,
        due_on=today() + dt.timedelta(days=12),
        acting_user=None,
    )


def _reviewed(file: Application, who: User, points: int) -> None:
    review = reviews.open_review(review=_assigned(file, who), acting_user=who)
    assert file.call_version is not None
    keys = file.call_version.criteria.values_list("key", flat=True)
    reviews.save_scores(
        review=review,
        points={key: min(points + number % 2, 5) for number, key in enumerate(keys)},
        words={},
        recommendation=Outcome.ADMIT if points > 2 else Outcome.DEFER,
        comment="Une équipe complète ; le marché reste à prouver.",
        acting_user=who,
    )
    reviews.submit_review(review=review, revision=file.revision, acting_user=who)


def _session(files: list[Application], day: dt.date, *, chair: User, members: list[User]) -> None:
    """In the morning, its members convened; the admissions officer, who replaces whoever is away or
    in conflict, was chosen afterwards and waits to be."""
    session = committee.plan_session(
        site=Site.objects.get(code=_HERE),
        held_at=dt.datetime.combine(day, dt.time(10), CASABLANCA),
        chair=chair,
        quorum=3,
        place="Salle du conseil",
        acting_user=chair,
    )
    for member in members:
        committee.add_member(session=session, user=member, substitute=False, acting_user=chair)
    agendas.put_on_agenda(session=session, applications=files, acting_user=chair)
    convene(session=session, acting_user=chair)
    committee.add_member(
        session=session,
        user=_person(Role.ADMISSIONS_OFFICER),
        substitute=True,
        acting_user=chair,
    )


def _talk(file: Application) -> None:
    conversation.say(
        application=file,
        body="Une période d’essai est-elle possible avant de signer ?",
        visibility=Visibility.APPLICANT,
        acting_user=file.applicant,
    )
    conversation.say(
        application=file,
        body="À revoir après l’avis des évaluateurs.",
        visibility=Visibility.STAFF,
        acting_user=_person(Role.ADMISSIONS_OFFICER),
    )
