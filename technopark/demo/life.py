"""What is going on in the demo now: files on every desk, made through the services."""

import datetime as dt
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from accounts.rights import PARTNER
from applications.labels import Channel, DeclineReason, IneligibleReason, Outcome
from applications.models import Application, Offer, RetentionRule, TaskTemplate
from applications.selectors.calls import open_versions
from applications.selectors.terms import free_spaces_for
from applications.services import decisions, requests, screening
from applications.services.answers import accept_offer, decline_offer, withdraw
from applications.services.drafting import start_draft
from applications.services.offers import make_offer
from applications.services.retention import save_rule
from applications.services.submission import Answers, submit_application, submit_draft
from applications.workflow import State
from core.models import Message, MessageState
from core.periods import ONE_DAY, Period, add_months, today
from leases.choices import LeaseState
from leases.models import Lease
from leases.services.handover import hand_over
from leases.services.signing import sign_lease
from sites.choices import TenantKind
from sites.models import Site
from sites.scopes import remember_roles
from technopark.demo import story, words
from technopark.demo.opinions import opinions, set_targets
from technopark.demo.sign_ins import DEMO_PARTNER, DOMAIN
from tenants.models import Company, Sector
from tenants.services import change_identity, merge_companies, register_company

# (site, what becomes of it), the older first
_FILES: Final = (
    *(("CAS", fate) for fate in ("tenant", "declined", "accepted", "offered", "withdrawn")),
    *(("TNG", fate) for fate in ("onboarding", "offer_declined", "offered", "accepted")),
    *(("AGA", fate) for fate in ("accepted", "declined", "offered")),
    ("RAB", "declined"),
    *(("CAS", fate) for fate in ("waitlisted", "deferred", "refusal", "admission")),
    *((code, "committee_ready") for code in ("CAS", "TNG", "AGA", "CAS")),
    *((code, "review") for code in ("CAS", "RAB", "TNG")),
    *((code, "asked") for code in ("CAS", "TNG")),
    *(("CAS", fate) for fate in ("spam", "duplicate", "ineligible")),
    *((code, "screening") for code in ("CAS", "AGA", "CAS")),
    *((code, "submitted") for code in ("CAS", "CAS", "TNG", "AGA", "RAB", "CAS", "TNG")),
)
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
    for number, (code, fate) in enumerate(_FILES, start=1):
        _go(_submitted(number, code, next(names), chance), fate, director)
    _go(_sent_by_partner(len(_FILES) + 1, next(names), chance), "asked", director)
    opinions()
    _company_changes(director)
    # Only what is still to come is worth a letter.
    Message.objects.filter(state=MessageState.TO_SEND).exclude(matter__endswith=":offer").update(
        state=MessageState.SENT, sent_at=timezone.now()
    )


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


def _submitted(number: int, code: str, name: str, chance: random.Random) -> Application:
    site = Site.objects.get(code=code)
    return submit_application(
        site=site,
        call_version=open_versions(site).first(),
        answers=_answers(number, name, chance),
        language=("fr", "fr", "ar", "en")[number % 4],
        submission_key=UUID(int=chance.getrandbits(128)),
    )


def _sent_by_partner(number: int, name: str, chance: random.Random) -> Application:
    """By the portal of an incubator, with its token."""
    partner = User.objects.get(email=DEMO_PARTNER)
    remember_roles(partner, [(PARTNER, None)])
    site = Site.objects.get(code="CAS")
    answers = _answers(number, name, chance)
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


def _go(file: Application, fate: str, director: User) -> None:
    if fate == "submitted":
        return
    if fate == "withdrawn":
        withdraw(
            application=file, reason="Nous avons trouvé des locaux.", acting_user=file.applicant
        )
        return
    screening.start_screening(application=file, acting_user=director)
    if fate in _STOPPED:
        _STOPPED[fate](file, director)
        return
    screening.send_to_review(application=file, acting_user=director)
    if fate == "review":
        return
    screening.prepare_for_committee(application=file, acting_user=director)
    if fate == "committee_ready":
        return
    decision = _DECIDED.get(fate, {"outcome": Outcome.ADMIT})
    decisions.decide(application=file, acting_user=director, **decision)
    if fate in _PUBLISHED:
        decisions.publish(application=file, acting_user=director)
    if fate not in _DECIDED:
        _answered(file, fate, director)


def _asked(file: Application, director: User) -> None:
    requests.request_information(
        application=file,
        fields=["team", "website"],
        message="Merci de dire qui fait quoi dans l’équipe, et d’indiquer votre site.",
        due_on=today() + dt.timedelta(days=10),
        acting_user=director,
    )


def _found_ineligible(file: Application, director: User) -> None:
    screening.find_ineligible(
        application=file,
        reason_code=IneligibleReason.OUTSIDE_SECTORS,
        words="Négoce de matériaux, sans projet technique.",
        acting_user=User.objects.get(email=f"{Role.ADMISSIONS_OFFICER}@{DOMAIN}"),
    )
    screening.confirm_ineligible(application=file, acting_user=director)


def _sent_twice(file: Application, director: User) -> None:
    original = Application.objects.filter(site=file.site_id).order_by("id").first()
    assert original is not None
    screening.mark_duplicate(application=file, original=original, acting_user=director)


# What ends, or stays, in screening.
_STOPPED: Final[Mapping[str, Callable[[Application, User], object]]] = {
    "screening": lambda _file, _director: None,
    "asked": _asked,
    "spam": lambda file, director: screening.mark_spam(application=file, acting_user=director),
    "duplicate": _sent_twice,
    "ineligible": _found_ineligible,
}


def _answered(file: Application, fate: str, director: User) -> None:
    """What the applicant makes of the offer."""
    start = today() if fate == "tenant" else file.wanted_start
    offer = _offered(file, director, start)
    if offer is None or fate == "offered":
        return
    if fate == "offer_declined":
        decline_offer(offer=offer, reason="Trop petit.", acting_user=file.applicant)
        return
    accept_offer(offer=offer, acting_user=file.applicant)
    if fate in {"onboarding", "tenant"}:
        lease = Lease.objects.get(application=file)
        sign_lease(lease=lease, signed_on=today(), acting_user=director)
        if fate == "tenant":
            hand_over(lease=lease, on=today(), acting_user=director)


def _offered(file: Application, director: User, start: dt.date) -> Offer | None:
    """The best fit, for three years; nothing where the hub is full."""
    period = Period(start, add_months(start, 36))
    for space in free_spaces_for(file, period, director):
        return make_offer(
            application=file,
            space=space,
            tenant_kind=TenantKind.STARTUP,
            start=start,
            last_day=add_months(start, 36) - ONE_DAY,
            open_until=today() + dt.timedelta(days=10),
            acting_user=director,
        )
    return None


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
