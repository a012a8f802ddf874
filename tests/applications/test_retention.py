"""Files are forgotten by night or on request, and kept while a legal hold lies on them."""

import datetime as dt
import io
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.choices import Role
from applications.errors import Anonymised, NotEnded, OnLegalHold, ReasonNeeded
from applications.models import Application, RetentionRule
from applications.services import retention, screening
from applications.services.documents import add_document
from applications.services.tasks import add_task
from core.errors import NotAllowed
from sites.models import Site
from tests.applications.forgetting import rule, spam
from tests.factories import doors, scene
from tests.factories.uploads import pdf

pytestmark = pytest.mark.django_db


def test_a_run_that_breaks_down_goes_on_where_it_was(
    site: Site, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule("spam", 1)
    files = [scene.application(site) for _number in range(3)]
    content = pdf()
    for file in files:
        add_document(
            application=file, key="", file=io.BytesIO(content), name="a.pdf", size=len(content),
            acting_user=scene.staff(Role.ADMISSIONS_OFFICER, site),
        )  # fmt: skip
        screening.mark_spam(application=file, acting_user=None)
    delete = default_storage.delete
    left = iter([True, False])

    def breaks_down_at_the_second(name: str) -> None:
        if not next(left, False):
            raise OSError("the disk is away")
        delete(name)

    with time_machine.travel(timezone.now() + dt.timedelta(days=2), tick=False):
        with monkeypatch.context() as patch:
            patch.setattr(default_storage._wrapped, "delete", breaks_down_at_the_second)  # type: ignore[attr-defined]
            assert retention.anonymise_due() == 1
        names = Application.objects.order_by("id").values_list("name", flat=True)
        assert [name == "" for name in names] == [True, False, False]
        assert retention.anonymise_due() == 2
    assert list(media.rglob("documents/*/*")) == []
    assert set(names.all()) == {""}


def test_the_director_anonymises_what_an_applicant_asks_for(site: Site) -> None:
    director = doors.staff_client(Role.DIRECTOR, site)
    file = scene.application(site, name="Zorglub")
    pages = f"/staff/applications/application/{file.pk}"
    given = {"reason": "Demande du 3 mars."}
    assert director.post(f"{pages}/anonymise/?lang=en", given).status_code == 200  # not ended
    screening.mark_spam(application=file, acting_user=None)
    assert director.post(f"{pages}/legal-hold/", {"reason": "Litige."}).status_code == 302
    held = director.post(f"{pages}/anonymise/?lang=en", given)
    assert "A legal hold keeps this file" in held.content.decode()
    assert director.post(f"{pages}/lift-hold/", {"reason": "Réglé."}).status_code == 302
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    assert officer.post(f"{pages}/anonymise/", given).status_code == 403
    assert director.post(f"{pages}/anonymise/", given).status_code == 302
    page = director.get(f"{pages}/change/?lang=en").content.decode()
    assert f"{file.reference} · anonymised" in page
    assert "Zorglub" not in page
    # Nothing that could be personal is written of it any more.
    verbs = ("reopen", "legal-hold", "anonymise", "say", "add-task")
    assert [verb for verb in verbs if f"{verb}/" in page] == []
    with pytest.raises(Anonymised):
        add_task(application=file, words="Rappeler Zorglub.", acting_user=None)
    auditor = doors.staff_client(Role.AUDITOR)
    log = auditor.get("/staff/core/erasure/?lang=en").content.decode()
    assert "Demande du 3 mars." in log
    assert f"{pages}/change/" in log


def test_refusals(site: Site) -> None:
    file = spam(site)
    director = scene.staff(Role.DIRECTOR, site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    for act in (retention.place_hold, retention.lift_hold, retention.anonymise_now):
        with pytest.raises(ReasonNeeded):
            act(application=file, reason=" ", acting_user=director)
        with pytest.raises(NotAllowed):
            act(application=file, reason="x", acting_user=officer)
    with pytest.raises(NotEnded):
        retention.anonymise_now(
            application=scene.application(site), reason="x", acting_user=director
        )
    for _click in range(2):
        retention.place_hold(application=file, reason="x", acting_user=director)
    with pytest.raises(OnLegalHold):
        retention.anonymise_now(application=file, reason="x", acting_user=director)
    with pytest.raises(NotAllowed):
        retention.save_rule(rule=RetentionRule(state="spam", days=1), acting_user=director)
