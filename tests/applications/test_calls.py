"""A call is composed as a draft, put in use when nothing is missing, and frozen from then on."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.choices import Role
from applications.errors import CallNotReady, VersionFrozen
from applications.models import Application, Call, CallVersion, Question
from applications.selectors.calls import sites_to_apply_at
from applications.services.calls import ensure_standing_call, new_draft_version, put_in_use
from core.errors import NotAllowed
from core.periods import ONE_DAY, Period, today
from tests.factories import calls, scene

pytestmark = pytest.mark.django_db


def _composed() -> CallVersion:
    version = calls.draft(scene.site("CAS"), scene.site("RAB"))
    calls.question(version, "stage", "choice", choices=calls.choices("idea", "sales"),
                   eligible_values=["sales"])  # fmt: skip
    calls.question(version, "customers", "number", shown_if="stage", shown_if_values=["sales"])
    calls.wanted(version, "plan")
    calls.criterion(version, "team", weight=2, scale={"5": calls.choices("good")[0]})
    return version


def test_a_new_version_is_a_copy_and_retires_the_old_one_once_in_use() -> None:
    first = calls.in_use(_composed())
    second = new_draft_version(call=first.call, acting_user=None)
    assert new_draft_version(call=first.call, acting_user=None) == second
    assert second.number == 2
    for name in ("questions", "documents", "criteria"):
        both = [
            [{**row, "id": 0, "version_id": 0} for row in getattr(version, name).values()]
            for version in (first, second)
        ]
        assert both[0] == both[1] != []
    second.questions.filter(key="customers").delete()
    put_in_use(version=second, acting_user=None)
    put_in_use(version=second, acting_user=None)  # twice is once
    assert list(first.call.versions.order_by("number").values_list("number", "state")) == [
        (1, "retired"),
        (2, "in_use"),
    ]
    assert first.questions.count() == 2
    with pytest.raises(VersionFrozen):
        put_in_use(version=first, acting_user=None)


def test_what_is_missing_is_named_all_at_once() -> None:
    version = _composed()
    version.call.name_ar = ""
    version.call.save()
    version.questions.filter(key="stage").update(label_en="", eligible_values=["never"])
    version.questions.filter(key="customers").update(shown_if="plan")
    version.documents.update(key="stage")
    with pytest.raises(CallNotReady) as refused:
        put_in_use(version=version, acting_user=None)
    assert str(refused.value) == (
        "This version cannot be put in use yet. "
        "call for applications: the words in Arabic are missing. "
        "stage: the words in English are missing. "
        "stage: this key stands there twice. "
        "stage: its eligible answers are not among its choices. "
        "customers: it can only hang on an earlier question with choices."
    )
    version.refresh_from_db()
    assert version.state == "draft"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE applications_callversion SET text_fr = 'x' WHERE id = %s",
        "DELETE FROM applications_callversion WHERE id = %s",
        "UPDATE applications_question SET required = true WHERE version_id = %s",
        "DELETE FROM applications_wanteddocument WHERE version_id = %s",
        "UPDATE applications_criterion SET weight = 9 WHERE version_id = %s",
    ],
)
def test_the_database_keeps_a_version_in_use_as_it_is(statement: str) -> None:
    version = _composed()
    calls.in_use(version)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("technopark_runtime",)
        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
            cursor.execute(statement, [version.pk])
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        calls.question(version, "late", "text")
    assert Question.objects.filter(version=version).count() == 2


def test_a_call_of_several_sites_is_changed_by_whoever_may_at_all_of_them() -> None:
    version = _composed()
    casablanca = version.call.sites.get(code="CAS")
    officer = scene.staff(Role.ADMISSIONS_OFFICER, casablanca)
    with pytest.raises(NotAllowed):
        new_draft_version(call=version.call, acting_user=officer)
    for user in (officer, scene.staff(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            put_in_use(version=version, acting_user=user)
    put_in_use(version=version, acting_user=scene.staff(Role.DIRECTOR))
    version.refresh_from_db()
    assert version.state == "in_use"


def test_the_standing_call_comes_once_and_takes_in_sites_that_no_call_names() -> None:
    first, dated = scene.site("CAS"), scene.site("RAB")
    calls.draft(dated, code="spring")
    call = ensure_standing_call()
    assert list(call.sites.all()) == [first]
    version = call.versions.get()
    assert (version.state, version.criteria.count()) == ("in_use", 4)
    assert list(version.documents.values_list("required", flat=True)) == [False, False]
    later = scene.site("TNG")
    ensure_standing_call()
    assert set(call.sites.all()) == {first, later}
    assert Call.objects.count() == 2
    assert CallVersion.objects.filter(call=call).count() == 1


def test_where_one_can_apply() -> None:
    """Under an open call; without any call in use, by the usual questions."""
    plain, open_now, over, closed = (scene.site(code) for code in ("AGA", "CAS", "RAB", "TNG"))
    yesterday = today() - ONE_DAY
    calls.in_use(calls.draft(open_now, code="now"))
    calls.in_use(calls.draft(over, code="over", period=Period.through(yesterday, yesterday)))
    closed.takes_applications = False
    closed.save()
    assert set(sites_to_apply_at()) == {plain, open_now}
    assert Application.objects.count() == 0
