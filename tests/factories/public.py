"""Every page that people without a staff account can reach, with something to see on each."""

from dataclasses import dataclass

from accounts.models import User
from applications.labels import Outcome
from applications.models import Application
from applications.services.answers import accept_offer
from applications.services.decisions import publish
from sites.models import Site
from tenants.models import Company, Sector, Technology
from tests.factories import calls, scene

VISITORS = (
    *("/", "/sites/CAS/", "/directory/", "/no-such-page/"),
    *("/apply/", "/apply/?site=CAS", "/apply/?site=CAS&call=call&q_stage=sales"),
    *("/account/login/code/", "/account/login/", "/account/password/reset/"),
)
"""What anybody can open."""


@dataclass(frozen=True, slots=True)
class Public:
    """A site with a free office and a listed company, and one applicant's files."""

    site: Site
    applicant: User
    files: tuple[Application, ...]
    draft: Application

    @property
    def own(self) -> list[str]:
        """The applicant's pages."""
        chapters = ("applicant/", "project/", "space/?check", "documents/", "send/")
        draft = [f"/apply/{self.draft.reference}/{chapter}" for chapter in chapters]
        return ["/my/", *(f"/my/{file.reference}/" for file in self.files), *draft]


def public() -> Public:
    site = scene.site("CAS")
    version = calls.draft(site)
    calls.question(version, "stage", "choice", choices=calls.choices("idea", "sales"),
                   eligible_values=["sales"])  # fmt: skip
    calls.question(version, "markets", "choices", choices=calls.choices("here", "abroad"),
                   shown_if="stage", shown_if_values=["sales"])  # fmt: skip
    calls.wanted(version, "plan")
    version = calls.in_use(version)
    company = scene.hosted(site).company
    Company.objects.filter(pk=company.pk).update(in_directory=True, website="https://a.example")
    company.sectors.set(
        [Sector.objects.create(code="tic", name_fr="TIC", name_ar="معلوميات", name_en="ICT")]
    )
    company.technologies.set([Technology.objects.create(code="iot", name_fr="IoT")])
    scene.office(site)
    email = "applicant@example.org"
    submitted, offered, accepted, declined, asked, admitted = (
        scene.application(site, contact_email=email) for _number in range(6)
    )
    scene.offer(offered, scene.office(site))
    accept_offer(offer=scene.offer(accepted, scene.office(site)), acting_user=None)
    for file, outcome in ((declined, Outcome.REFUSE), (admitted, Outcome.ADMIT_WITH_CONDITIONS)):
        publish(application=scene.decided(file, outcome), acting_user=None)
    scene.asked(asked, ["project", "team_size", "wanted_start", "sectors"])
    applicant = User.objects.get(email=email)
    draft = scene.draft(site, version, email=email, q_stage="sales", wanted_m2="douze")
    files = (submitted, offered, accepted, declined, asked, admitted)
    return Public(site, applicant, files, draft)
