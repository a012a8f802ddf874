"""Who takes part, where, and under which call."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from accounts.choices import Role
from applications.models import Application
from core.periods import today
from sites.models import Site, Space
from sites.services.people import create_staff
from tests.browser.watch import PHONE
from tests.browser.way.people import Person, colleague, person
from tests.factories import calls, scene

DESK: Any = {"width": 1280, "height": 800}
EMAIL = "candidate@example.org"
NAMES = {"fr": "Capteurs Démo", "ar": "مجسّات تجريبية"}
PROJECTS = {
    "fr": "Un capteur pour l’irrigation.\nIl mesure l’eau du sol.",
    "ar": "مجسّ للري الذكي.\nيقيس رطوبة التربة.",
}


@dataclass
class Way:
    """Where, in which language, and who takes part."""

    site: Site
    space: Space
    language: str
    applicant: Person
    officer: Person
    reviewer: Person
    conflicted: Person
    chair: Person

    @property
    def everybody(self) -> list[Person]:
        return [self.applicant, self.officer, self.reviewer, self.conflicted, self.chair]

    @property
    def file(self) -> Application:
        return Application.objects.get()


def arrange(browser: Browser, base: str, language: str) -> Way:
    site = scene.site("CAS")
    space = scene.office(site, code="B12", area_m2="18.50")
    scene.office(site, code="B13", area_m2="40.00")
    _call(site)
    staff = {
        name: create_staff(
            email=f"{name}@example.org", name=f"{name.title()} Démo", language=language,
            password="a long enough demo phrase", memberships=[(role, site)], acting_user=None,
        )
        for name, role in {
            "officer": Role.ADMISSIONS_OFFICER,
            "reviewer": Role.REVIEWER,
            "conflicted": Role.REVIEWER,
            "substitute": Role.REVIEWER,
            "chair": Role.DIRECTOR,
        }.items()
    }  # fmt: skip
    return Way(
        site,
        space,
        language,
        person(browser, base, language, "applicant", size=PHONE),
        colleague(browser, base, staff["officer"], size=DESK),
        colleague(browser, base, staff["reviewer"], size=PHONE),
        colleague(browser, base, staff["conflicted"], size=DESK),
        colleague(browser, base, staff["chair"], size=DESK),
    )


def _call(site: Site) -> None:
    """Who may apply, a question that hangs on it, two documents, two criteria."""
    version = calls.draft(site)
    calls.question(version, "stage", "choice", choices=calls.choices("idea", "sales"),
                   eligible_values=["sales"])  # fmt: skip
    calls.question(version, "customers", "number", required=True,
                   shown_if="stage", shown_if_values=["sales"])  # fmt: skip
    calls.wanted(version, "plan", required=True)
    calls.wanted(version, "statutes", required=False, position=1)
    calls.criterion(version, "team", most=5, weight=3)
    calls.criterion(version, "market", most=10, position=1)
    calls.in_use(version)


def start() -> dt.date:
    return today() + dt.timedelta(days=30)
