"""Companies on the staff site: the card, look-alikes, dated identities, merging."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from core.errors import NotAllowed
from core.periods import ONE_DAY, Period, today
from sites.models import Site
from tenants.models import Company, Contact, FormerIdentity, Presence, Sector
from tenants.services import (
    add_site,
    change_identity,
    merge_companies,
    note_presence,
    register_company,
    update_company,
)
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db
ADD = "admin:tenants_company_add"
# 15 digits, mod 97 = 0.
GOOD_ICE, BAD_ICE = "001525713000000", "001525713000001"


def _at(where: Site, name: str, **fields: Any) -> Company:
    company = scene.company(name, **fields)
    note_presence(company=company, site=where, acting_user=None)
    return company


def _form(**given: Any) -> dict[str, Any]:
    return {
        "name": "",
        "legal_form": "sarl",
        "kind": "startup",
        "language": "fr",
        "contacts-TOTAL_FORMS": "0",
        "contacts-INITIAL_FORMS": "0",
        **given,
    }


def _add(client: Client, **given: Any) -> Any:
    return client.post(f"{reverse(ADD)}?lang=en", _form(**given))


def _page(client: Client, route: str, company: Company, **query: str) -> Any:
    address = reverse(f"admin:tenants_company_{route}", args=(company.pk,))
    return client.get(address, {"lang": "en", **query})


def test_look_alikes_are_shown_before_anything_is_saved() -> None:
    here = scene.site("CAS")
    known = _at(scene.site("RAB"), "Prod'Air S.A.R.L.")
    client = doors.staff_client(Role.ADMISSIONS_OFFICER, here)
    asked = _add(client, name="Prod Air", site=here.pk)
    assert asked.status_code == 200
    page = asked.content.decode()
    assert reverse("admin:tenants_company_change", args=(known.pk,)) in page
    assert 'type="checkbox" name="create_anyway"' in page
    assert Company.objects.count() == 1
    assert _add(client, name="Prod Air", site=here.pk, create_anyway="on").status_code == 302
    made = Company.objects.get(name="Prod Air")
    assert (made.name_key, made.legal_form) == ("prod air", "sarl")
    assert list(made.presences.values_list("site", flat=True)) == [here.pk]
    # Nothing resembles this one: nothing is asked.
    assert _add(client, name="Zellige Numérique", site=here.pk).status_code == 302


def test_a_site_is_asked_of_those_who_would_lose_sight_of_the_company() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, here)
    for given in ({}, {"site": there.pk}):
        assert list(_add(officer, name="Alone", **given).context["adminform"].form.errors) == [
            "site"
        ]
    assert _add(doors.staff_client(Role.DIRECTOR), name="Alone").status_code == 302
    assert Presence.objects.count() == 0


def test_identifiers_are_checked() -> None:
    here = scene.site("CAS")
    scene.company("Owner", ice=GOOD_ICE)
    client = doors.staff_client(Role.DIRECTOR)

    def errors(**given: Any) -> dict[str, list[str]]:
        answer = _add(client, name="Autre", site=here.pk, **given)
        return {
            name: list(lines) for name, lines in answer.context["adminform"].form.errors.items()
        }

    assert errors(ice="123") == {"ice": ["ICE 123 is not right: it has 15 digits"]}
    assert errors(if_number="12") == {"if_number": ["IF 12 is not right: it has 7 or 8 digits"]}
    assert errors(ice=BAD_ICE) == {
        "ice_override_reason": [
            "The control key of this ICE is wrong. Correct it, or say why it is right."
        ]
    }
    taken = errors(ice=GOOD_ICE, create_anyway="on")
    assert taken == {"ice": [f"The ICE {GOOD_ICE} already belongs to Owner."]}
    saved = _add(
        client, name="Autre", site=here.pk, ice=BAD_ICE, ice_override_reason="seen on its paper"
    )
    assert saved.status_code == 302
    assert Company.objects.get(name="Autre").ice == BAD_ICE


def test_everybody_sees_the_card_and_staff_of_its_sites_the_rest() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    company = _at(here, "Carte Demo", email="private@example.org", kind="sme")
    Contact.objects.create(company=company, name="Contact Demo")
    whole = _page(doors.staff_client(Role.SITE_MANAGER, here), "change", company).content.decode()
    card = _page(doors.staff_client(Role.SITE_MANAGER, there), "change", company).content.decode()
    for word in ("Carte Demo", "Site CAS"):
        assert word in whole
        assert word in card
    for word in ("private@example.org", "Contact Demo", 'name="email"', "/merge/", "/identity/"):
        assert word in whole
        assert word not in card
    stranger = doors.staff_client(Role.SITE_MANAGER, there)
    listed = stranger.get(reverse("admin:tenants_company_changelist"))
    assert [str(row) for row in listed.context["cl"].result_list] == ["Carte Demo"]
    guess = stranger.get(reverse("admin:tenants_company_changelist"), {"kind__exact": "sme"})
    assert guess.status_code == 400
    exported = stranger.post(
        reverse("admin:tenants_company_export"), {"format": "0", "resource": "0"}
    )
    assert "Carte Demo" not in exported.content.decode()


def test_what_is_not_dated_changes_in_place() -> None:
    here = scene.site("CAS")
    company = _at(here, "Change Demo")
    sector = Sector.objects.create(code="ict", name_fr="TIC")
    client = doors.staff_client(Role.FINANCE_OFFICER, here)
    data = _form(
        name="Somebody Else", kind="sme", email="a@example.org", website="example.org",
        sectors=[sector.pk],
    )  # fmt: skip
    data |= {f"{prefix}-{part}_FORMS": "0"
             for prefix in ("presences", "former_identities", "follow_ups", "declarations")
             for part in ("TOTAL", "INITIAL")}  # fmt: skip
    address = reverse("admin:tenants_company_change", args=(company.pk,))
    answer = client.post(address, data)
    assert answer.status_code == 302
    company.refresh_from_db()
    assert (company.name, company.kind, company.email, company.website) == (
        "Change Demo",
        "sme",
        "a@example.org",
        "https://example.org",
    )
    assert list(company.sectors.all()) == [sector]


def test_an_identity_changes_from_a_day_on() -> None:
    here = scene.site("CAS")
    company = _at(here, "Projet Demo", legal_form="none")
    client = doors.staff_client(Role.SITE_MANAGER, here)
    address = f"{reverse('admin:tenants_company_change_identity', args=(company.pk,))}?lang=en"
    data = {"since": "2026-01-01", "name": "Demo SARL", "legal_form": "sarl", "ice": "12"}
    refused = client.post(address, data)
    assert list(refused.context["form"].errors) == ["ice"]
    assert client.post(address, {**data, "ice": GOOD_ICE}).status_code == 302
    company.refresh_from_db()
    assert (company.name, company.ice, company.identity_since) == (
        "Demo SARL",
        GOOD_ICE,
        dt.date(2026, 1, 1),
    )
    former = FormerIdentity.objects.get()
    assert (former.name, former.period) == (
        "Projet Demo",
        Period(dt.date(1900, 1, 1), dt.date(2026, 1, 1)),
    )
    to_come = (today() + ONE_DAY).isoformat()
    for wrong in ("2025-01-01", to_come, "9999-12-31"):
        answer = client.post(address, {**data, "ice": "", "since": wrong})
        assert list(answer.context["form"].errors) == ["since"]
    company.refresh_from_db()
    assert company.identity_since == dt.date(2026, 1, 1)


def test_a_company_is_found_by_its_former_name_and_by_ice() -> None:
    here = scene.site("CAS")
    company = _at(here, "Ancien Nom")
    _at(here, "Autre Chose")
    change_identity(company=company, since=today(), name="Moderne", acting_user=None, ice=GOOD_ICE)
    client = doors.staff_client(Role.SITE_MANAGER, here)
    for term in ("ANCIEN", "moderne", GOOD_ICE):
        found = client.get(reverse("admin:tenants_company_changelist"), {"q": term})
        assert list(found.context["cl"].result_list) == [company]


def test_a_duplicate_is_merged_after_a_look_at_both() -> None:
    here = scene.site("CAS")
    keep, duplicate = _at(here, "Double Demo"), _at(here, "Double Demo SARL")
    Contact.objects.create(company=duplicate, name="Contact Demo")
    elsewhere = _at(scene.site("RAB"), "Double Demo Rabat")
    client = doors.staff_client(Role.SITE_MANAGER, here)
    first = _page(client, "merge", keep)
    assert list(first.context["found"]) == [duplicate]
    preview = _page(client, "merge", keep, duplicate=str(duplicate.pk))
    lines = {line.label: (line.keep, line.duplicate) for line in preview.context["lines"]}
    assert lines["Name"] == ("Double Demo", "Double Demo SARL")
    assert lines["Contacts"] == (0, 1)
    assert Company.objects.current().count() == 3
    address = reverse("admin:tenants_company_merge", args=(keep.pk,))
    for unreachable in (elsewhere.pk, keep.pk, "x"):
        assert client.post(address, {"duplicate": unreachable}).status_code == 200
    assert Company.objects.current().count() == 3
    assert client.post(address, {"duplicate": duplicate.pk}).status_code == 302
    duplicate.refresh_from_db()
    assert duplicate.merged_into == keep
    assert keep.contacts.count() == 1
    listed = client.get(reverse("admin:tenants_company_changelist"))
    assert set(listed.context["cl"].result_list) == {keep, elsewhere}
    merged = client.get(reverse("admin:tenants_company_changelist"), {"record": "merged"})
    assert list(merged.context["cl"].result_list) == [duplicate]


def test_a_merged_record_leaves_its_numbers_to_one_that_lacks_them() -> None:
    """Or the next import would not find the company by its ICE, and make it once more; nor would
    letters find their way."""
    keep = scene.company("Double Demo", if_number="1234567")
    duplicate = scene.company(
        "Dubble Demo", ice=GOOD_ICE, if_number="7654321", rc_number="12", rc_court="Rabat",
        email="contact@double.example",
    )  # fmt: skip
    merge_companies(keep=keep, duplicate=duplicate, acting_user=None)
    keep.refresh_from_db()
    assert (keep.ice, keep.if_number, keep.rc_number, keep.rc_court) == (
        GOOD_ICE,
        "1234567",
        "12",
        "Rabat",
    )
    assert keep.email == "contact@double.example"
    assert list(Company.objects.current().filter(ice=GOOD_ICE)) == [keep]


def test_a_company_is_shown_to_another_site() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    company = _at(here, "Visite Demo")
    address = reverse("admin:tenants_company_note_presence", args=(company.pk,))
    limited = doors.staff_client(Role.SITE_MANAGER, here)
    assert list(limited.post(address, {"site": there.pk}).context["form"].errors) == ["site"]
    assert doors.staff_client(Role.DIRECTOR).post(address, {"site": there.pk}).status_code == 302
    assert Presence.objects.filter(company=company, site=there).exists()


def test_a_company_is_added_and_shown_at_ones_own_sites_only() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    manager = scene.staff(Role.SITE_MANAGER, here)
    own, strange = _at(here, "Argan Demo"), _at(there, "Tamaris Demo")
    for refused in (
        lambda: add_site(company=own, site=there, acting_user=manager),
        lambda: add_site(company=strange, site=here, acting_user=manager),
        lambda: register_company(name="Nouvelle Demo", site=there, acting_user=manager),
    ):
        with pytest.raises(NotAllowed):
            refused()
    made = register_company(name="Nouvelle Demo", site=here, acting_user=manager)
    assert list(Presence.objects.order_by("pk").values_list("company", "site")) == [
        (own.pk, here.pk),
        (strange.pk, there.pk),
        (made.pk, here.pk),
    ]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_who_has_no_business_with_companies_sees_their_cards_alone(role: Role) -> None:
    here = scene.site("CAS")
    company = _at(here, "Argan Démo", ice=GOOD_ICE, email="argan@example.org")
    client = doors.staff_client(role, None if role == Role.ADMINISTRATOR else here)
    listed = client.get(f"{reverse('admin:tenants_company_changelist')}?lang=en")
    assert list(listed.context["cl"].result_list) == [company]
    page = _page(client, "change", company)
    shown = page.content.decode()
    assert [word in shown for word in ("Argan Démo", GOOD_ICE, "CAS")] == [True] * 3
    assert "argan@example.org" not in shown
    assert _page(client, "history", company).status_code == 403
    assert (
        client.post(reverse("admin:tenants_company_change", args=(company.pk,))).status_code == 403
    )
    answer = client.get(reverse("admin:tenants_company_changelist"), {"email": "argan@example.org"})
    assert answer.status_code == 400  # nor may an address of the list guess at the rest


def test_a_record_is_changed_by_the_staff_of_its_sites() -> None:
    """Services ask themselves, whoever calls them."""
    here, there = scene.site("CAS"), scene.site("RAB")
    company, other = _at(here, "Argan Démo"), _at(there, "Argan Demo Deux")
    director = scene.staff(Role.DIRECTOR)
    mine, theirs = (scene.staff(Role.SITE_MANAGER, site) for site in (here, there))
    since = today() - ONE_DAY
    Company.objects.update(identity_since=since - ONE_DAY)
    for acting in (theirs, scene.staff(Role.ADMINISTRATOR)):
        with pytest.raises(NotAllowed):
            update_company(company=company, website="https://x.example.org", acting_user=acting)
        with pytest.raises(NotAllowed):
            change_identity(company=company, since=since, name="Autre", acting_user=acting)
    for acting in (mine, theirs):
        with pytest.raises(NotAllowed):
            merge_companies(keep=company, duplicate=other, acting_user=acting)
    update_company(company=company, website="https://x.example.org", acting_user=mine)
    change_identity(company=company, since=since, name="Autre Démo", acting_user=mine)
    merge_companies(keep=company, duplicate=other, acting_user=director)
    company.refresh_from_db()
    assert (company.name, company.website) == ("Autre Démo", "https://x.example.org")
