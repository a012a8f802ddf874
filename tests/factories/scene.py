"""A lessor, a site with offices and rate plans, people, an application."""

import datetime as dt
import itertools
import uuid
from decimal import Decimal
from typing import Any

from accounts.choices import Role
from accounts.models import User
from applications.labels import Outcome
from applications.models import Application, CallVersion, InformationRequest, Offer
from applications.services.answers import accept_offer
from applications.services.decisions import decide
from applications.services.drafting import start_draft
from applications.services.offers import make_offer
from applications.services.requests import request_information
from applications.services.screening import prepare_for_committee, start_screening
from applications.services.submission import Answers, submit_application
from core.periods import Period, add_months, today
from leases.models import Lease
from leases.services.signing import sign_lease
from sites.choices import RateUnit, SpaceKind, TenantKind
from sites.models import (
    Building,
    Floor,
    Lessor,
    Membership,
    RatePlan,
    RatePlanStep,
    Site,
    SiteCapacity,
    Space,
)
from sites.services.spaces import add_space
from tenants.models import Company
from tenants.services import register_company

OPENED = dt.date(2015, 1, 1)
MARKS = {"ice": "0" * 15, "if_number": "0" * 8, "tp_number": "0" * 8, "address": "Rue Démo"}
"""Of a lessor, what an invoice must bear (CGI art. 145)."""
_numbers = itertools.count(1)


def site(code: str = "TNG", *, opened: dt.date = OPENED, capacity: int = 100) -> Site:
    """A site open since `opened`, with the start-up plan 50 → 100 and the SME plan 100."""
    lessor, _made = Lessor.objects.get_or_create(
        code="lessor", defaults={"name": "Demo lessor", "legal_form": "SA", **MARKS}
    )
    made = Site.objects.create(
        code=code,
        lessor=lessor,
        name_fr=f"Site {code}",
        name_ar=f"موقع {code}",
        name_en=f"Site {code}",
        city="Tanger",
        opened_on=opened,
    )
    SiteCapacity.objects.create(site=made, period=Period(opened), companies=capacity)
    plan(made, TenantKind.STARTUP, [(0, "50"), (18, "100")])
    plan(made, TenantKind.SME, [(0, "100")])
    plan(made, TenantKind.DOMICILIATION, [(0, "300")], unit=RateUnit.FLAT)
    return made


def plan(
    where: Site, kind: str, steps: list[tuple[int, str]], *, unit: str = RateUnit.PER_M2
) -> RatePlan:
    made = RatePlan.objects.create(
        site=where,
        tenant_kind=kind,
        period=Period(dt.date(2001, 1, 1)),
        unit=unit,
        deposit_months=Decimal(1),
    )
    RatePlanStep.objects.bulk_create(
        RatePlanStep(plan=made, after_months=after, rate=Decimal(rate)) for after, rate in steps
    )
    return made


def office(
    where: Site, *, area_m2: str = "20.00", code: str = "", kind: str = SpaceKind.OFFICE
) -> Space:
    building, _made = Building.objects.get_or_create(site=where, code="A")
    floor, _made = Floor.objects.get_or_create(building=building, code="1", defaults={"level": 1})
    return add_space(
        floor=floor,
        code=code or f"B{next(_numbers)}",
        kind=kind,
        area_m2=Decimal(area_m2),
        lettable_from=where.opened_on,
        acting_user=None,
    )


def staff(role: Role, where: Site | None = None) -> User:
    """A member of staff with one role, at a site or in the network."""
    number = next(_numbers)
    user = User.objects.create_user(f"{role}{number}@example.org", is_staff=True)
    Membership.objects.create(user=user, role=role, site=where)
    return user


def company(name: str = "", **fields: Any) -> Company:
    return register_company(name=name or f"Atlas Demo {next(_numbers)}", acting_user=None, **fields)


def answers(**given: Any) -> Answers:
    values: dict[str, Any] = {
        "applicant_kind": "project_holder",
        "name": f"Projet Demo {next(_numbers)}",
        "project": "Un capteur pour l'irrigation.",
        "team_size": 3,
        "wanted_m2": Decimal(18),
        "wanted_start": today(),
        "contact_name": "Contact Demo",
        "contact_email": f"contact{next(_numbers)}@example.org",
        "contact_phone": "+212522123456",
    }
    return Answers(**{**values, **given})


def application(where: Site, **given: Any) -> Application:
    return submit_application(
        site=where, answers=answers(**given), language="fr", submission_key=uuid.uuid4()
    )


def typed(**given: Any) -> dict[str, Any]:
    """A draft's fields as somebody typed them, complete."""
    values = {
        "applicant_kind": "company",
        "name": "Argan Démo",
        "legal_form": "sarl",
        "project": "Un capteur pour l’irrigation.",
        "team_size": "3",
        "wanted_m2": "18,5",
        "wanted_start": today().isoformat(),
        "contact_name": "Contact Demo",
        "contact_phone": "06 12 34 56 78",
    }
    return {**values, **given}


def draft(
    where: Site, version: CallVersion | None = None, *, email: str = "", **given: Any
) -> Application:
    """A draft with everything that every application answers; `given` changes it."""
    return start_draft(
        site=where,
        call_version=version,
        email=email or f"draft{next(_numbers)}@example.org",
        language="fr",
        typed=typed(**given),
    )


def for_committee(file: Application) -> Application:
    """Screened, and ready to be decided."""
    start_screening(application=file, acting_user=None)
    return prepare_for_committee(application=file, acting_user=None)


def decided(file: Application, outcome: str = Outcome.ADMIT, **given: Any) -> Application:
    """Decided, whatever the outcome needs; not published."""
    usual: dict[str, dict[str, Any]] = {
        Outcome.REFUSE: {"reasons": ["no_space"]},
        Outcome.ADMIT_WITH_CONDITIONS: {"conditions": "Recruter un associé."},
    }
    needed = usual.get(outcome, {})
    for_committee(file)
    decide(application=file, outcome=outcome, acting_user=None, **{**needed, **given})
    file.refresh_from_db()
    return file


def asked(file: Application, names: list[str]) -> InformationRequest:
    """A request for information about these fields, to be answered within ten days."""
    return request_information(
        application=file,
        fields=names,
        message="Il nous manque quelque chose.",
        due_on=today() + dt.timedelta(days=10),
        acting_user=None,
    )


def offer(file: Application, space: Space | None, **given: Any) -> Offer:
    """An offer of 36 months from today, open for a week; a new file is admitted first."""
    file.refresh_from_db()
    if file.state == "submitted":
        decided(file)
    values: dict[str, Any] = {
        "tenant_kind": TenantKind.STARTUP,
        "start": today(),
        "last_day": add_months(today(), 36) - dt.timedelta(days=1),
        "open_until": today() + dt.timedelta(days=7),
        "acting_user": None,
    }
    return make_offer(application=file, space=space, **{**values, **given})


def hosted(where: Site, name: str = "Argan Démo") -> Lease:
    """A company that applied, accepted its offer and signed its lease today."""
    file = application(where, name=name)
    accept_offer(offer=offer(file, office(where)), acting_user=None)
    lease = Lease.objects.get(application=file)
    sign_lease(lease=lease, signed_on=today(), acting_user=None)
    lease.refresh_from_db()
    return lease
