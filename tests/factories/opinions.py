"""Files with a rubric, reviewers, their opinions, and a committee that sits."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from applications.labels import VersionState
from applications.models import (
    AgendaItem,
    Application,
    Call,
    CallVersion,
    Criterion,
    Review,
    Session,
)
from applications.selectors.sittings import standing_of
from applications.services import agendas, committee
from applications.services.conflicts import declare
from applications.services.reviews import assign, open_review, save_scores, submit_review
from applications.services.screening import send_to_review, start_screening
from core.periods import Period, today
from sites.models import Site
from tests.factories import scene


def rubric(site: Site) -> CallVersion:
    """A call in use with two criteria: team (0–5, counts 3 times) and market (0–10, once)."""
    call = Call.objects.create(
        code=f"call-{site.code.lower()}",
        name_fr="Appel",
        period=Period(dt.date(2020, 1, 1)),
        languages=["fr"],
    )
    call.sites.add(site)
    version = CallVersion.objects.create(call=call, number=1)
    Criterion.objects.create(
        version=version, key="team", label_fr="Équipe", label_en="Team", most=5, weight=3,
        scale={"5": {"fr": "excellente", "en": "excellent"}},
    )  # fmt: skip
    Criterion.objects.create(
        version=version, key="market", label_fr="Marché", label_en="Market", most=10, position=1
    )
    version.state, version.in_use_since = VersionState.IN_USE, timezone.now()
    version.save()
    return version


def in_review(site: Site, version: CallVersion | None = None, **given: Any) -> Application:
    """A file that reviewers can read, by the rubric if there is one."""
    file = scene.application(site, **given)
    start_screening(application=file, acting_user=None)
    file = send_to_review(application=file, acting_user=None)
    if version is not None:
        file.call_version = version
        file.save(update_fields=["call_version"])
    return file


def reviewer(site: Site | None) -> User:
    return scene.staff(Role.REVIEWER, site)


def assigned(file: Application, who: User, *, days: int = 10) -> Review:
    return assign(
        application=file,
        reviewer=who,
        due_on=today() + dt.timedelta(days=days),
        acting_user=None,
    )


def reviewed(
    file: Application,
    who: User,
    *,
    team: int = 4,
    market: int = 5,
    recommendation: str = "admit",
    comment: str = "Une équipe solide.",
) -> Review:
    """Declared, scored and handed in."""
    review = open_review(review=assigned(file, who), acting_user=who)
    points = {"team": team, "market": market} if file.call_version_id else {}
    save_scores(
        review=review,
        points=points,
        words={"team": "Trois fondateurs."} if points else {},
        recommendation=recommendation,
        comment=comment,
        acting_user=who,
    )
    return submit_review(review=review, revision=file.revision, acting_user=who)


def declare_conflict(file: Application, who: User) -> None:
    declare(application=file, conflicted=True, words="", acting_user=who)


def sitting(
    site: Site, files: list[Application], *, members: int = 3, substitutes: int = 1, quorum: int = 3
) -> Session:
    """A session that sits, all present, with these files on its agenda; the chair is the first."""
    people = [scene.staff(Role.REVIEWER, site) for _nr in range(members + substitutes)]
    session = committee.plan_session(
        site=site, held_at=timezone.now(), chair=people[0], quorum=quorum, acting_user=None
    )
    for nr, person in enumerate(people[1:], start=1):
        committee.add_member(
            session=session, user=person, substitute=nr >= members, acting_user=None
        )
    agendas.put_on_agenda(session=session, applications=files, acting_user=None)
    session = committee.open_session(session=session, acting_user=None)
    for member in session.members.all():
        committee.note_presence(member=member, present=True, acting_user=None)
    return session


def votes(item: AgendaItem, *ballots: str) -> None:
    """The members vote in their order, as far as there are ballots."""
    for member, ballot in zip(item.session.members.order_by("id"), ballots, strict=False):
        committee.cast_vote(item=item, member=member, ballot=ballot, acting_user=None)


def closed(session: Session, outcome: str = "admit") -> Session:
    """Every item unanimously settled, and the session closed."""
    for item in session.agenda.all():
        for row in standing_of(item).ballots:
            committee.cast_vote(item=item, member=row.member, ballot=outcome, acting_user=None)
        committee.settle_item(item=item, outcome=outcome, acting_user=None)
    return committee.close_session(session=session, acting_user=None)


def rubric_once(site: Site) -> CallVersion:
    """The site's rubric, made at the first asking."""
    known = CallVersion.objects.filter(call__sites=site).first()
    return known or rubric(site)
