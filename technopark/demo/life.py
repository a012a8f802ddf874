"""What is going on in the demo now: files on every desk, made through the services."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from accounts.rights import PARTNER
from applications.labels import Channel, DeclineReason, IneligibleReason, Outcome
from applications.models import Application, RetentionRule, TaskTemplate
from applications.selectors.calls import open_versions
from applications.selectors.terms import free_spaces_for
from applications.services import decisions, requests, screening
from applications.services.answers import accept_offer, decline_offer, withdraw
from applications.services.drafting import start_draft
from applications.services.offers import make_offer
from applications.services.retention import save_rule
from applications.services.submission import Answers, submit_draft
from applications.services.tasks import complete_task
from applications.workflow import State
from core.models import Message, MessageState
from core.periods import ONE_DAY, Period, add_months, today
from leases.choices import DepositAct, LeaseState
from leases.models import Lease
from leases.services.deposits import enter_deposit
from leases.services.handover import hand_over
from leases.services.signing import sign_lease
from sites.choices import TenantKind
from sites.models import Site
from sites.scopes import remember_roles
from technopark.demo import clock, story, words
from technopark.demo.bills import bill
from technopark.demo.departures import settle_the_last
from technopark.demo.handovers import report_handovers
from technopark.demo.opinions import opinions, set_targets
from technopark.demo.papers import upload
from technopark.demo.sign_ins import DEMO_PARTNER, DOMAIN
from tenants.models import Company, Sector
from tenants.services import change_identity, merge_companies, register_company

# (site, what becomes of it, for how many days it has been there)
_FILES: Final = (
    ("CAS", "tenant", 12), ("CAS", "declined", 40), ("CAS", "accepted", 4),
    ("CAS", "offered", 3), ("CAS", "withdrawn", 9),
    ("TNG", "onboarding", 8), ("TNG", "offer_declined", 20), ("TNG", "offered", 5),
    ("TNG", "accepted", 17),
    ("AGA", "accepted", 6), ("AGA", "declined", 33), ("AGA", "offered", 2),
    ("RAB", "declined", 55),
    ("CAS", "waitlisted", 26), ("CAS", "deferred", 14), ("CAS", "refusal", 3),
    ("CAS", "admission", 7),
    ("CAS", "committee_ready", 8), ("TNG", "committee_ready", 24),
    ("AGA", "committee_ready", 11), ("CAS", "committee_ready", 5),
    ("CAS", "review", 9), ("RAB", "review", 18), ("TNG", "review", 3),
    ("CAS", "asked", 4), ("TNG", "asked", 2),
    ("CAS", "spam", 6), ("CAS", "duplicate", 3), ("CAS", "ineligible", 10),
    ("CAS", "screening", 2), ("AGA", "screening", 9), ("CAS", "screening", 5),
    ("CAS", "submitted", 0), ("CAS", "submitted", 1), ("TNG", "submitted", 2),
    ("AGA", "submitted", 6), ("RAB", "submitted", 0), ("CAS", "submitted", 4),
    ("TNG", "submitted", 1),
)  # fmt: skip
_READY: Final = (1, 3, 16)  # screened, reviewed, ready for the committee
_ANSWERED: Final = (*_READY, 8, 3, 5)  # decided, offered, answered
# The days between the steps that lead there, from the day on which it was received.
_GAPS: Final[Mapping[str, Sequence[int]]] = {
    "submitted": (),
    "withdrawn": (12,),
    "screening": (1,),
    "spam": (1, 0),
    "duplicate": (1, 1),
    "asked": (1, 3),
    "ineligible": (1, 2, 2),
    "review": _READY[:2],
    "committee_ready": _READY,
    **dict.fromkeys(("refusal", "admission"), (*_READY, 8)),
    **dict.fromkeys(("declined", "waitlisted", "deferred"), (*_READY, 8, 2)),
    "offered": _ANSWERED[:-1],
    **dict.fromkeys(("accepted", "offer_declined"), _ANSWERED),
    "onboarding": (*_ANSWERED, 7),
    "tenant": (*_ANSWERED, 7, 12),
}
_DECIDED: Final[Mapping[str, Mapping[str, Any]]] = {
    "declined": {"outcome": Outcome.REFUSE, "reasons": [DeclineReason.NOT_MATURE]},
    "refusal": {"outcome": Outcome.REFUSE, "reasons": [DeclineReason.OUTSIDE_SECTORS]},
    "waitlisted": {"outcome": Outcome.WAITLIST},
    "deferred": {"outcome": Outcome.DEFER},
    "admission": {
        "outcome": Outcome.ADMIT_WITH_CONDITIONS,
        "conditions": "Constituer la société avant l’entrée.",
    },
}
# How long files are kept after each end: what nobody sent hardly, what was decided two years.
_KEPT_DAYS: Final[Mapping[str, int]] = {
    State.EXPIRED: 30,
    State.SPAM: 30,
    State.DUPLICATE: 180,
    State.INELIGIBLE: 365,
    State.WITHDRAWN: 365,
    State.LAPSED: 365,
    State.OFFER_DECLINED: 730,
    State.DECLINED: 730,
}
_PUBLISHED: Final = {"declined", "waitlisted", "deferred"}
_PROJECTS: Final = (
    "Des capteurs qui disent quand arroser, pour les coopératives du Souss.",
    "Une application pour suivre les livraisons en ville, du triporteur au client.",
    "Des cours de soutien en darija, adaptés au niveau de chaque élève.",
    "La collecte et le tri des déchets électroniques des bureaux.",
    "La comptabilité des très petites entreprises sur un téléphone.",
)
APPLICANT: Final = f"porteur{{number}}@{DOMAIN}"


def live() -> None:
    """Open files in every state, changed names, a merged duplicate."""
    director = User.objects.get(email=f"{Role.DIRECTOR}@{DOMAIN}")
    chance = random.Random(story.SEED + 1)  # noqa: S311  a story, no secret
    called = words.names(chance)
    _checklists()
    set_targets()
    for state, days in _KEPT_DAYS.items():
        save_rule(rule=RetentionRule(state=state, days=days), acting_user=director)
    names = (name for name in called if not Company.objects.called(name).exists())
    for number, (code, fate, days) in enumerate(sorted(_FILES, key=_age), start=1):
        answers = _answers(number, next(names), chance)
        send = partial(_submitted, number, code, answers, chance)
        _lived_through(number, fate, days, director, send)
    number = len(_FILES) + 1
    answers = _answers(number, next(names), chance)
    _lived_through(number, "asked", 3, director, partial(_sent_by_partner, answers, chance))
    opinions()
    report_handovers(director)
    _company_changes(director)
    settle_the_last(director)
    bill(director)
    # Only what is still to come is worth a letter.
    waiting = Message.objects.filter(state=MessageState.TO_SEND)
    waiting.exclude(Q(matter__endswith=":offer") | Q(matter__startswith="session:")).update(
        state=MessageState.SENT, sent_at=F("created_at")
    )


def _age(file: tuple[str, str, int]) -> int:
    """The older first, so that references follow the days."""
    _code, fate, days = file
    return -days - sum(_GAPS[fate])


def _checklists() -> None:
    """The network's own, before the first file is screened."""
    TaskTemplate.objects.bulk_create(
        TaskTemplate(
            list=name, position=position, title_fr=french, title_ar=arabic, title_en=english,
            days=days, for_applicant=for_applicant,
        )
        for position, (name, french, arabic, english, days, for_applicant) in enumerate(
            words.CHECKLISTS
        )
    )  # fmt: skip


def _lived_through(
    number: int, fate: str, days: int, director: User, send: Callable[[], Application]
) -> None:
    """A file is sent and comes where it has been for so many days, each step at its time."""
    steps = clock.way(today() - dt.timedelta(days=days), _GAPS[fate], number)
    with clock.at(steps[0]):
        file = send()
    acts = _acts(file, fate, director, timezone.localdate(steps[-1]))
    for then, act in zip(steps[1:], acts, strict=True):
        with clock.at(then):
            act()


def _sent_by_partner(answers: Answers, chance: random.Random) -> Application:
    """By the portal of an incubator, with its token."""
    partner = User.objects.get(email=DEMO_PARTNER)
    remember_roles(partner, [(PARTNER, None)])
    site = Site.objects.get(code="CAS")
    draft = start_draft(
        site=site,
        call_version=open_versions(site).first(),
        email=answers.contact_email,
        language="fr",
        channel=Channel.API,
        submission_key=UUID(int=chance.getrandbits(128)),
        acting_user=partner,
    )
    return submit_draft(
        application=draft, answers=answers, given={}, language="fr", acting_user=partner
    )


def _answers(number: int, name: str, chance: random.Random) -> Answers:
    return Answers(
        applicant_kind=chance.choice(("company", "self_employed", "project_holder")),
        name=name,
        project=_PROJECTS[number % len(_PROJECTS)],
        team="Deux associés et une stagiaire.",
        team_size=chance.randint(1, 6),
        wanted_m2=Decimal(chance.randint(12, 19)),
        wanted_start=add_months(today().replace(day=1), chance.randint(1, 3)),
        contact_name="Gérance",
        contact_email=APPLICANT.format(number=number),
        contact_phone=f"+21252200{number:04d}",
        sectors=[chance.choice(list(Sector.objects.all()))],
    )


def _submitted(number: int, code: str, answers: Answers, chance: random.Random) -> Application:
    site = Site.objects.get(code=code)
    draft = start_draft(
        site=site,
        call_version=open_versions(site).first(),
        email=answers.contact_email,
        language=("fr", "fr", "ar", "en")[number % 4],
        submission_key=UUID(int=chance.getrandbits(128)),
    )
    if number % 3:
        upload(draft, answers, chance)
    return submit_draft(
        application=draft,
        answers=answers,
        given={},
        language=draft.language,
        acting_user=draft.applicant,
    )


def _acts(
    file: Application, fate: str, director: User, start: dt.date
) -> Iterator[Callable[[], object]]:
    """What is done on the file, one after the other; a tenant moves in on the day `start`."""
    if fate == "submitted":
        return
    if fate == "withdrawn":
        yield lambda: withdraw(
            application=file, reason="Nous avons trouvé des locaux.", acting_user=file.applicant
        )
        return
    given: dict[str, Any] = {"application": file, "acting_user": director}
    yield lambda: screening.start_screening(**given)
    if fate in _STOPPED:
        for stop in _STOPPED[fate]:
            yield lambda stop=stop: stop(file, director)  # type: ignore[misc]
        return
    yield lambda: _screened(file, director)
    if fate == "review":
        return
    yield lambda: screening.prepare_for_committee(**given)
    if fate == "committee_ready":
        return
    yield lambda: decisions.decide(**given, **_DECIDED.get(fate, {"outcome": Outcome.ADMIT}))
    if fate in _PUBLISHED:
        yield lambda: decisions.publish(**given)
    if fate in _DECIDED:
        return
    yield lambda: _offer(file, director, start if fate == "tenant" else file.wanted_start)
    for answer in _ANSWERS[fate]:
        yield lambda answer=answer: answer(file, director)  # type: ignore[misc]


def _screened(file: Application, director: User) -> None:
    _ticked_off(file, director)
    screening.send_to_review(application=file, acting_user=director)


def _ticked_off(file: Application, director: User) -> None:
    for task in file.tasks.open():
        complete_task(task=task, acting_user=director)


def _asked(file: Application, director: User) -> None:
    requests.request_information(
        application=file,
        fields=["team", "website"],
        message="Merci de dire qui fait quoi dans l’équipe, et d’indiquer votre site.",
        due_on=today() + dt.timedelta(days=10),
        acting_user=director,
    )


def _found_ineligible(file: Application, _director: User) -> None:
    screening.find_ineligible(
        application=file,
        reason_code=IneligibleReason.OUTSIDE_SECTORS,
        words="Négoce de matériaux, sans projet technique.",
        acting_user=User.objects.get(email=f"{Role.ADMISSIONS_OFFICER}@{DOMAIN}"),
    )


def _confirmed_ineligible(file: Application, director: User) -> None:
    screening.confirm_ineligible(application=file, acting_user=director)


def _sent_twice(file: Application, director: User) -> None:
    original = Application.objects.filter(site=file.site_id).order_by("id").first()
    assert original is not None
    screening.mark_duplicate(application=file, original=original, acting_user=director)


def _is_spam(file: Application, director: User) -> None:
    screening.mark_spam(application=file, acting_user=director)


_Act = Callable[[Application, User], object]
# What ends, or stays, in screening.
_STOPPED: Final[Mapping[str, Sequence[_Act]]] = {
    "screening": (),
    "asked": (_asked,),
    "spam": (_is_spam,),
    "duplicate": (_sent_twice,),
    "ineligible": (_found_ineligible, _confirmed_ineligible),
}


def _offer(file: Application, director: User, start: dt.date) -> None:
    """The best fit, for three years; nothing where the hub is full."""
    period = Period(start, add_months(start, 36))
    for space in free_spaces_for(file, period, director)[:1]:
        make_offer(
            application=file,
            space=space,
            tenant_kind=TenantKind.STARTUP,
            start=start,
            last_day=add_months(start, 36) - ONE_DAY,
            open_until=today() + dt.timedelta(days=10),
            acting_user=director,
        )


def _too_small(file: Application, _director: User) -> None:
    for offer in file.offers.all():
        decline_offer(offer=offer, reason="Trop petit.", acting_user=file.applicant)


def _accepted(file: Application, _director: User) -> None:
    for offer in file.offers.all():
        accept_offer(offer=offer, acting_user=file.applicant)


def _signed(file: Application, director: User) -> None:
    for lease in Lease.objects.filter(application=file):
        sign_lease(lease=lease, signed_on=today(), acting_user=director)


def _handed_over(file: Application, director: User) -> None:
    _ticked_off(file, director)
    for lease in Lease.objects.filter(application=file):
        enter_deposit(
            lease=lease,
            act=DepositAct.RECEIVED,
            amount=lease.deposit_due,
            on=today(),
            acting_user=director,
        )
        hand_over(lease=lease, on=today(), acting_user=director)


# What becomes of an offer, if one could be made.
_ANSWERS: Final[Mapping[str, Sequence[_Act]]] = {
    "offered": (),
    "offer_declined": (_too_small,),
    "accepted": (_accepted,),
    "onboarding": (_accepted, _signed),
    "tenant": (_accepted, _signed, _handed_over),
}


def _company_changes(director: User) -> None:
    hosted = Lease.objects.filter(state=LeaseState.ACTIVE, tenant_kind=TenantKind.SME)
    several = [lease.company for lease in hosted.select_related("company").order_by("id")[:12:3]]
    for company in several:
        change_identity(
            company=company,
            since=add_months(today(), -8),
            name=f"{company.name} Groupe",
            legal_form="sa",
            acting_user=director,
        )
    twice = register_company(name=f"{several[0].name} Maroc", acting_user=director)
    merge_companies(keep=several[0], duplicate=twice, acting_user=director)
