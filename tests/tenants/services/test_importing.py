"""Companies from a file: what is new, what differs, what is refused; all or nothing."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.choices import Role
from core.errors import NotAllowed, Stale
from core.imports import ImportRefused, refused_rows, report
from core.periods import Period, today
from tenants.models import Company, FormerIdentity, Presence, Sector, Technology
from tenants.services import change_identity
from tenants.services.importing import CompanyImporter
from tests.factories import scene
from tests.factories.files import imported, outcomes, planned

pytestmark = pytest.mark.django_db

COMPANIES = CompanyImporter()
ICE_A, ICE_B = "000000000000097", "000000000000194"


def facts(company: Company) -> dict[str, Any]:
    return {
        "name": company.name,
        "form": company.legal_form,
        "ice": company.ice,
        "kind": company.kind,
        "website": company.website,
        "phone": str(company.phone),
        "sectors": [word.name_fr for word in company.sectors.all()],
        "technologies": [word.name_fr for word in company.technologies.all()],
        "sites": [presence.site.code for presence in company.presences.all()],
    }


def test_a_company_comes_in_with_all_that_the_file_says() -> None:
    scene.site("CAS")
    scene.site("RAB")
    plan = imported(
        COMPANIES,
        "name;legal_form;ice;kind;website;phone;sectors;technologies;sites\n"
        f"  Atlas   Démo ;S.A.R.L. AU;{ICE_A};sme;atlas.example;05 22 12 34 56;"
        '"ED TECH; Green Tech";"ERP / CRM;IAR,VAR;N/A";CAS et Site RAB\n',
    )
    assert outcomes(plan) == [(2, "create", "")]
    assert facts(Company.objects.get()) == {
        "name": "Atlas Démo",
        "form": "sarl_au",
        "ice": ICE_A,
        "kind": "sme",
        "website": "https://atlas.example",
        "phone": "+212522123456",
        "sectors": ["ED TECH", "Green Tech"],
        "technologies": ["ERP / CRM", "IAR,VAR"],
        "sites": ["CAS", "RAB"],
    }
    assert report(plan, written=True)["made"] == {"sectors": 2, "technologies": 2}


def test_the_same_file_again_changes_nothing() -> None:
    scene.site("CAS")
    text = (
        "name,ice,phone,sectors,technologies,sites\n"
        f"Atlas Démo,{ICE_A},0522123456,EDTECH,N/A,CAS\nRif Démo,,,ED TECH;Édtech,-,N/A\n"
    )
    imported(COMPANIES, text)
    events = Company.pgh_event_model.objects.count()  # type: ignore[attr-defined]
    assert outcomes(imported(COMPANIES, text)) == [(2, "unchanged", ""), (3, "unchanged", "")]
    assert Company.pgh_event_model.objects.count() == events  # type: ignore[attr-defined]
    assert (Sector.objects.count(), Technology.objects.count()) == (1, 0)


def test_a_word_given_by_two_of_its_names_is_one() -> None:
    Technology.objects.create(code="ia", name_fr="Intelligence artificielle")
    text = "name,technologies\nAtlas Démo,IA;Intelligence Artificielle;Cloud\n"
    assert outcomes(imported(COMPANIES, text)) == [(2, "create", "")]
    there = Company.objects.get().technologies.values_list("name_fr", flat=True)
    assert sorted(there) == ["Cloud", "Intelligence artificielle"]
    assert outcomes(imported(COMPANIES, text)) == [(2, "unchanged", "")]


def test_what_was_unknown_is_filled_in_and_a_spelling_corrected_without_a_former_identity() -> None:
    scene.company("atlas demo", website="https://old.example")
    plan = imported(COMPANIES, f"name,legal_form,ice,website\nAtlas Démo SARL,sarl,{ICE_A},\n")
    assert outcomes(plan) == [
        (
            2,
            "update",
            f"name: atlas demo → Atlas Démo SARL ice: — → {ICE_A} legal_form: other → sarl",
        )
    ]
    company = Company.objects.get()
    assert (company.name, company.ice, company.website) == (
        "Atlas Démo SARL",
        ICE_A,
        "https://old.example",
    )
    assert FormerIdentity.objects.count() == 0


def test_another_name_for_the_same_ice_is_a_change_of_identity_from_today_on() -> None:
    scene.company("Atlas Démo", ice=ICE_A, legal_form="sarl")
    imported(COMPANIES, f"name,ice,legal_form\nToubkal Démo,{ICE_A},sa\n")
    company = Company.objects.get()
    former = FormerIdentity.objects.get()
    assert (company.name, company.name_key, company.legal_form, company.identity_since) == (
        "Toubkal Démo",
        "toubkal demo",
        "sa",
        today(),
    )
    assert (former.name, former.name_key, former.legal_form, former.period) == (
        "Atlas Démo",
        "atlas demo",
        "sarl",
        Period(dt.date(1900, 1, 1), today()),
    )
    again = planned(COMPANIES, f"name,ice,legal_form\nOukaimeden Démo,{ICE_A},sa\n")
    assert outcomes(again) == [
        (
            2,
            "refused",
            "name: Toubkal Démo → Oukaimeden Démo name: The present identity of Toubkal Démo "
            f"began on {today():%d/%m/%Y}: choose a later day.",
        )
    ]


def test_each_faulty_row_is_named_with_column_and_reason_and_nothing_is_written() -> None:
    scene.site("CAS")
    scene.company("Atlas Démo", ice=ICE_A)
    renamed = scene.company("Ancien Démo")
    change_identity(
        company=renamed, since=dt.date(2020, 1, 1), acting_user=None, name="Nouveau Démo"
    )
    with pytest.raises(ImportRefused) as refused:
        imported(
            COMPANIES,
            "name,legal_form,ice,email,phone,sites\n"
            "Rif Démo,,,,,\n"
            ",,,,,\n"
            ",sarl,,,,\n"
            "A Démo,Ltd,12,nobody,1,CAS;Fès\n"
            f"atlas demo,,{ICE_B},,,\n"
            "Ancien Démo,,,,,\n"
            "RIF DEMO SARL,,,,,\n"
            "B Démo,x\n",
        )
    said = [
        (problem.line, problem.column, problem.reason) for problem in refused.value.plan.problems
    ]
    assert said == [
        (4, "name", "It is empty."),
        (
            5,
            "legal_form",
            "“Ltd” is not known; known are: none, pp, ae, sarl, sarl_au, sa, sas, snc, scs, sca, "
            "gie, coop, asso, other.",
        ),
        (5, "ice", "ICE 12 is not right: it has 15 digits"),
        (5, "sites", "There is no site “Fès”; known are: CAS (Tanger)."),
        (6, "ice", f"Atlas Démo has the ICE {ICE_A} here: correct one of the two."),
        (
            7,
            "name",
            "This is a former name of Nouveau Démo: give its present name or its ICE.",
        ),
        (8, "name", "The same company as in line 2."),
        (9, "", "The row ends after 2 cells of 6."),
    ]
    assert sorted(Company.objects.values_list("name", flat=True)) == ["Atlas Démo", "Nouveau Démo"]


def test_fields_that_the_model_refuses_are_named_by_the_files_own_heading() -> None:
    plan = planned(COMPANIES, "name,email,phone,website\nA Démo,nobody,1,http://\n")
    assert [problem.column for problem in plan.problems] == ["website", "email", "phone"]


def test_a_refused_telephone_is_explained_in_the_users_language() -> None:
    said = []
    for language in ("fr", "ar"):
        with translation.override(language):
            said += [str(p.reason) for p in planned(COMPANIES, "name,phone\nA Démo,12\n").problems]
    assert said == ["Le numéro saisi n'est pas valide.", "رقم الهاتف الذي تم إدخاله غير صالح."]


def test_an_ice_of_another_length_is_refused_without_a_word_on_its_key() -> None:
    plan = planned(COMPANIES, "name,ice\nA Démo,123\n")
    assert [problem.column for problem in plan.problems] == ["ice"]
    assert report(plan, written=False)["warnings"] == []


def test_skipping_the_bad_writes_the_good_and_gives_the_refused_back() -> None:
    text = "name,ice,note\nRif Démo,,x\nA Démo,12,y\n"
    plan = imported(COMPANIES, text, skip_bad=True)
    assert list(Company.objects.values_list("name", flat=True)) == ["Rif Démo"]
    assert refused_rows(plan).decode("utf-8-sig") == (
        "name,ice,note,reason\r\nA Démo,12,y,ice: ICE 12 is not right: it has 15 digits\r\n"
    )


def test_a_failed_control_key_is_a_warning() -> None:
    plan = imported(COMPANIES, "name,ice\nRif Démo,000000000000001\n")
    assert report(plan, written=True)["warnings"] == [
        {"line": 2, "reason": "The control key of ICE 000000000000001 fails."}
    ]


def test_what_changed_since_it_was_shown_is_not_written() -> None:
    text = "name,website\nRif Démo,https://rif.example\n"
    shown = planned(COMPANIES, text).digest
    scene.company("Rif Démo")
    with pytest.raises(Stale):
        imported(COMPANIES, text, shown=shown)
    assert Company.objects.get().website == ""


def test_a_site_manager_imports_for_the_own_site_only() -> None:
    tanger, rabat = scene.site("TNG"), scene.site("RAB")
    manager = scene.staff(Role.SITE_MANAGER, tanger)
    elsewhere = scene.company("Rabat Démo")
    Presence.objects.create(company=elsewhere, site=rabat, since=today())
    plan = planned(
        COMPANIES,
        "name,sites,sectors,website\n"
        "A Démo,TNG,,\n"
        "B Démo,RAB,,\n"
        "C Démo,,,\n"
        "D Démo,TNG,Nouveau,\n"
        "Rabat Démo,,,https://rabat.example\n",
        by=manager,
    )
    assert outcomes(plan) == [
        (2, "create", ""),
        (3, "refused", "sites: You may not import for RAB."),
        (4, "refused", "sites: Name your site."),
        (5, "refused", "sectors: “Nouveau” is unknown, and you may not add it."),
        (
            6,
            "refused",
            "website: — → https://rabat.example "
            ": This company is at another site: you may not change it.",
        ),
    ]
    with pytest.raises(NotAllowed):
        planned(COMPANIES, "name\nA Démo\n", by=scene.staff(Role.REVIEWER, tanger))


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    scene.site("CAS")

    def queries(text: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            imported(COMPANIES, text)
        return len(captured)

    one = "name,sectors,sites\nSeul Démo,DATA,CAS\n"
    fifty = "name,sectors,sites\n" + "".join(f"N{i} Démo,DATA {i % 3},CAS\n" for i in range(50))
    changed = fifty.replace("DATA", "CLOUD")
    assert [queries(one), queries(fifty), queries(changed)] == [16, 16, 16]
