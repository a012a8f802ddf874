"""Import in the staff site: nothing is written before it was shown and agreed to."""

import datetime as dt
import io
import re
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as product
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from accounts.choices import Role
from accounts.models import User
from leases.services.importing import LeaseImporter
from sites.models import Site
from technopark.staff.kept_files import KEPT_FOR
from tenants.models import Company
from tests.factories import bills, scene

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:import_data", args=["companies"])


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def signed_in(role: Role, where: Site | None = None) -> tuple[Client, User]:
    user = scene.staff(role, where)
    TOTP.activate(user, generate_totp_secret())
    client = Client()
    client.cookies[product.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(user, backend=product.AUTHENTICATION_BACKENDS[-1])
    return client, user


def upload(client: Client, content: str | bytes, page: str = PAGE, **fields: str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(page, {"file": SimpleUploadedFile("list.csv", data), **fields})


def hidden(page: Any) -> dict[str, str]:
    """What the form of the preview sends."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_upload_preview_confirm() -> None:
    scene.site("TNG")
    client, user = signed_in(Role.DIRECTOR)
    answer = upload(
        client, "Raison;Site;note\nAtlas Démo;TNG;x\n", mapping="Raison=name\nSite=sites"
    )
    preview = client.get(answer.url)
    shown = preview.content.decode()
    assert ("Atlas Démo" in shown, "Write 1 row" in shown, "note" in shown) == (True, True, True)
    assert Company.objects.count() == 0
    done = client.post(PAGE, hidden(preview))
    assert done["Location"] == PAGE
    assert "list.csv: 1 new, 0 changed." in client.get(PAGE).content.decode()
    event = Company.pgh_event_model.objects.get()  # type: ignore[attr-defined]
    assert (event.name, event.pgh_context["user"]) == ("Atlas Démo", user.pk)


def test_the_bad_rows_are_shown_first_and_can_be_left_out_and_downloaded() -> None:
    client, _user = signed_in(Role.DIRECTOR)
    address = upload(client, "name,ice\nAtlas Démo,\nRif Démo,12\n").url
    preview = client.get(address)
    shown = preview.content.decode()
    assert shown.index("ICE 12 is not right: it has 15 digits") < shown.index("Atlas Démo")
    assert "Write 1 row without the refused ones" in shown
    client.post(PAGE, hidden(preview))
    assert list(Company.objects.values_list("name", flat=True)) == ["Atlas Démo"]
    refused = client.get(f"{address}&refused=1")
    assert refused["Content-Disposition"] == "attachment; filename*=UTF-8''list.refused.csv"
    assert refused.content.decode("utf-8-sig") == (
        "name,ice,reason\r\nRif Démo,12,ice: ICE 12 is not right: it has 15 digits\r\n"
    )


def test_what_changed_after_it_was_shown_is_shown_again() -> None:
    client, _user = signed_in(Role.DIRECTOR)
    preview = client.get(upload(client, "name\nAtlas Démo\n").url)
    scene.company("Atlas Démo")
    again = client.post(PAGE, hidden(preview), follow=True).content.decode()
    assert "This has changed since you opened it." in again
    assert Company.objects.count() == 1


def test_a_file_that_cannot_be_read_is_refused_at_once() -> None:
    client, _user = signed_in(Role.DIRECTOR)
    for content, reason in (
        ("city\nRabat\n", "The column “name” is missing; the file has: “city”."),
        (b"\xff\xfen", "This is not a CSV or XLSX file"),
        (b"", "The submitted file is empty."),
    ):
        assert reason in upload(client, content).content.decode()
    assert (
        "Write “x” as heading = column."
        in upload(client, "name\nA\n", mapping="x").content.decode()
    )


def test_a_workbook_of_leases_adds_companies_when_asked() -> None:
    scene.office(scene.site("TNG"), code="B1")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([column.name for column in LeaseImporter.columns])
    sheet.append(
        [
            "L1",
            "TNG",
            "Atlas Démo",
            "B1",
            20,
            timezone.now().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None),
            None,
            50.0,
            "startup",
        ]
    )
    out = io.BytesIO()
    book.save(out)
    client, _user = signed_in(Role.DIRECTOR)
    page = reverse("admin:import_data", args=["leases"])
    address = upload(client, out.getvalue(), page, create_companies="on").url
    client.post(page, hidden(client.get(address)))
    assert list(Company.objects.values_list("name", "leases__number")) == [("Atlas Démo", "L1")]


def test_the_kept_file_is_private_to_its_user_and_gone_after_an_hour(tmp_path: Path) -> None:
    client, _user = signed_in(Role.DIRECTOR)
    address = upload(client, "name\nAtlas Démo\n").url
    (kept,) = (tmp_path / "imports").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    other, _other_user = signed_in(Role.DIRECTOR)
    gone = "The upload is no longer there: choose the file again."
    assert gone in other.get(address, follow=True).content.decode()
    leases = address.replace("companies", "leases")
    assert gone in client.get(leases, follow=True).content.decode()
    assert "Atlas Démo" in client.get(address).content.decode()
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=KEPT_FOR + 60)):
        assert gone in client.get(address, follow=True).content.decode()
        upload(client, "name\nRif Démo\n")
    assert kept.exists() is False


def test_what_cannot_be_imported_has_no_page() -> None:
    client, _user = signed_in(Role.DIRECTOR)
    assert client.get(reverse("admin:import_data", args=["people"])).status_code == 404


def test_a_preview_asks_the_same_for_one_row_and_for_fifty() -> None:
    client, _user = signed_in(Role.DIRECTOR)

    def queries(count: int) -> int:
        rows = "".join(f"N{number} Démo,DATA\n" for number in range(count))
        address = upload(client, f"name,sectors\n{rows}").url
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    assert [queries(1), queries(50)] == [7, 7]


def test_amounts_of_an_old_system_come_in_by_their_control_total() -> None:
    site = bills.site(starts_on=dt.date(2026, 1, 1))
    scene.company("Atlas Démo")
    client, _user = signed_in(Role.FINANCE_OFFICER)
    page = reverse("admin:import_data", args=["balances"])
    rows = "site;company;amount\nCAS;Atlas Démo;50,10\n"
    assert "This field is required" in upload(client, rows, page).content.decode()
    differs = client.get(upload(client, rows, page, control_total="50,20").url)
    shown = differs.content.decode()
    assert "the control total is 50.20 MAD: they differ by 0.10 MAD" in shown
    assert "Write 1 row" not in shown
    client.post(page, hidden(differs))
    assert site.payments.count() == 0
    good = client.get(upload(client, rows, page, control_total="50,10").url)
    client.post(page, hidden(good))
    assert site.payments.get().amount == Decimal("50.10")
