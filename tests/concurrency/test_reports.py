"""Several workers at the monthly reports: each report and each letter is one worker's."""

import threading
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pytest_django import Settings

from accounts.choices import Role
from core.models import Message
from core.periods import add_months
from indicators.models import Report, ReportSubscription
from indicators.papers.report import report_pdf
from indicators.selectors.reports import due_month
from indicators.services import reporting
from indicators.services.subscribing import subscribe
from tests.concurrency.crowd import at_once
from tests.factories import scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def wait_for_a_report(count: int) -> None:
    for _ in range(count):
        subscribe(site=None, acting_user=scene.staff(Role.DIRECTOR))
    ReportSubscription.objects.update(sent_through=add_months(due_month(), -1))


def stored(media: Path) -> int:
    return len([path for path in media.rglob("*") if path.is_file()])


def test_two_that_make_the_same_keep_one_and_write_once(media: Path) -> None:
    """Both set the report before either has written it: the other's is kept, with its file."""
    wait_for_a_report(3)
    both = threading.Barrier(2, timeout=60)
    set_by: list[int] = []

    def together(told: Any) -> bytes:
        set_by.append(threading.get_ident())
        both.wait()
        return report_pdf(told)

    with patch.object(reporting, "report_pdf", together):
        written = at_once(2, lambda _number: reporting.send_due())
    assert len(set(set_by)) == 2
    assert sum(written) == Message.objects.count() == 3
    assert len(set(Message.objects.values_list("to", flat=True))) == 3
    assert (Report.objects.count(), stored(media)) == (1, 1)
