"""Every page that people without a staff account can reach, with something to see on each."""

from dataclasses import dataclass

from accounts.models import User
from applications.labels import Outcome
from applications.models import Application
from applications.services.answers import accept_offer
from applications.services.decisions import publish
from core.periods import today
from sites.models import Site
from tenants.following import Departure
from tenants.letters import link_to
from tenants.models import Company, FollowUp, Sector, Technology
from tenants.services.declarations import Said, answer
from tenants.services.departures import note_departures
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
    link: str
    """On which a company that left answers."""

    @property
    def own(self) -> list[str]:
        """The applicant's pages, and the one behind the link of a letter."""
        chapters = ("applicant/", "project/", "space/?check", "documents/", "send/")
        draft = [f"/apply/{self.draft.reference}/{chapter}" for chapter in chapters]
        return ["/my/", *(f"/my/{file.reference}/" for file in self.files), *draft, self.link]


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
    return Public(site, applicant, files, draft, _link(site))


def _link(site: Site) -> str:
    email = "gerance@rif.example"
    company = scene.company("Rif Démo", email=email)
    note_departures(left={company.pk: Departure(site.pk, today())}, acting_user=None)
    follow_up = FollowUp.objects.get(company=company)
    answer(follow_up=follow_up, said=Said(today(), "trading", headcount=4, evidence="Registre"))
    address = link_to(follow_up, email)
    return address[address.index("/declare/") :].split("?", maxsplit=1)[0]
