"""Staff compose a call, preview it, put it in use; in use it is read, and changed by a version."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from applications.errors import VersionFrozen
from applications.models import Call, CallVersion
from applications.services.calls import require_draft
from core.periods import today
from sites.models import Site
from tests.factories import calls, doors, scene

pytestmark = pytest.mark.django_db
LANG = {"lang": "en"}


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def officer(site: Site) -> Client:
    client = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    client.get(reverse("admin:index"), LANG)
    return client


def page(name: str, *args: Any) -> str:
    model = "call" if name in {"add", "new_version"} else "callversion"
    return reverse(f"admin:applications_{model}_{name}", args=args)


def composed(question: dict[str, str], criterion: dict[str, str]) -> dict[str, Any]:
    """The version's form with one question, no document and one criterion."""
    data: dict[str, Any] = {"text_fr": "Venez", "text_ar": "تعالوا", "text_en": "Come"}
    for prefix, rows in (("questions", [question]), ("documents", []), ("criteria", [criterion])):
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        for number, row in enumerate(rows):
            given = {"position": "1", "label_fr": "Fr", "label_ar": "ع", "label_en": "En", **row}
            data |= {f"{prefix}-{number}-{name}": value for name, value in given.items()}
    return data


STAGE = {
    "key": "stage",
    "section": "project",
    "kind": "choice",
    "choices": "idea | Idée | فكرة | Idea\nsales | Ventes | مبيعات | Sales",
    "eligible_values": "sales",
}
TEAM = {"key": "team", "weight": "2", "most": "5", "scale": "5 | Très bien | ممتاز | Very good"}


def test_from_an_empty_call_to_one_in_use(officer: Client, site: Site) -> None:
    answer = officer.post(
        page("add"),
        {
            "code": "spring",
            "name_fr": "Printemps",
            "name_ar": "الربيع",
            "name_en": "Spring",
            "sites": [site.pk],
            "period_0": today().isoformat(),
            "period_1": "",
            "languages": ["fr", "ar", "en"],
        },
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    call = Call.objects.get()
    version = call.versions.get()
    assert (version.number, version.state) == (1, "draft")
    # One a line like everything else, and as people also write them.
    for typed in ("idea\r\nsales\r\n", "idea, sales, idea"):
        both = officer.post(
            page("change", version.pk), composed({**STAGE, "eligible_values": typed}, TEAM)
        )
        assert both.status_code == 302
        assert version.questions.get().eligible_values == ["idea", "sales"]
        shown = officer.get(page("change", version.pk)).content.decode()
        assert re.search(
            r'name="questions-0-eligible_values"[^>]*>\s*idea\nsales</textarea>', shown
        )
        version.questions.all().delete()
        version.criteria.all().delete()
    wrong = {**STAGE, "eligible_values": "idea\nVentes"}
    refused = officer.post(page("change", version.pk), composed(wrong, TEAM))
    assert "« Ventes »: small letters, digits, - and _ only." in refused.content.decode()
    bad = {**STAGE, "choices": "idea | Idée\nSales! | Ventes"}
    refused = officer.post(page("change", version.pk), composed(bad, TEAM))
    assert "« Sales! »: small letters, digits, - and _ only." in refused.content.decode()
    assert "idea | Idée\nSales! | Ventes" in refused.content.decode()
    saved = officer.post(page("change", version.pk), composed(STAGE, TEAM))
    assert saved.status_code == 302
    question, criterion = version.questions.get(), version.criteria.get()
    assert question.choices == [
        {"value": "idea", "fr": "Idée", "ar": "فكرة", "en": "Idea"},
        {"value": "sales", "fr": "Ventes", "ar": "مبيعات", "en": "Sales"},
    ]
    assert question.eligible_values == ["sales"]
    assert criterion.scale == {"5": {"fr": "Très bien", "ar": "ممتاز", "en": "Very good"}}
    shown = officer.get(page("change", version.pk)).content.decode()
    assert "sales | Ventes | مبيعات | Sales" in shown
    for language, words in (("fr", "Venez"), ("ar", "تعالوا"), ("en", "Come")):
        preview = officer.get(page("preview", version.pk), {"language": language}).content.decode()
        assert f'<html lang="{language}"' in preview
        assert words in preview
        assert 'name="q_stage"' in preview
    assert officer.post(page("put_in_use", version.pk), {}).status_code == 302
    version.refresh_from_db()
    assert version.state == "in_use"


def test_a_version_in_use_is_read_and_says_why(officer: Client, site: Site) -> None:
    version = calls.draft(site)
    calls.question(version, "stage", "choice", choices=calls.choices("idea", "sales"))
    version.questions.update(label_en="")
    refused = officer.post(page("put_in_use", version.pk), {})
    assert "stage: the words in English are missing." in refused.content.decode()
    version.questions.update(label_en="Stage")
    calls.in_use(version)
    shown = officer.get(page("change", version.pk)).content.decode()
    assert "it stays as it is. Make a new version to change it." in shown
    # As they are typed, a choice a line: no JSON, whose Arabic nobody can read.
    assert re.search(r"idea \|[^<{]*<br>sales \|", shown)
    assert officer.post(page("change", version.pk), composed(STAGE, TEAM)).status_code == 403
    with pytest.raises(VersionFrozen):
        require_draft(version)
    begun = officer.post(page("new_version", version.call_id), {})
    draft = CallVersion.objects.get(number=2)
    assert begun.headers["Location"] == page("change", draft.pk)
    assert list(CallVersion.objects.order_by("number").values_list("number", "state")) == [
        (1, "in_use"),
        (2, "draft"),
    ]
    elsewhere = doors.staff_client(Role.ADMISSIONS_OFFICER, scene.site("RAB"))
    assert elsewhere.get(page("preview", version.pk)).status_code == 302
    auditor = doors.staff_client(Role.AUDITOR)
    assert auditor.get(page("preview", version.pk)).status_code == 200
    assert auditor.post(page("put_in_use", version.pk), {}).status_code == 403
