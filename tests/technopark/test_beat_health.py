"""`manage.py beat_health`: a timetable that is kept, and one that has stopped."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def task() -> PeriodicTask:
    minute = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.MINUTES)
    return PeriodicTask.objects.create(name="a job", task="core.send_messages", interval=minute)


def test_lately_is_well(task: PeriodicTask, capsys: pytest.CaptureFixture[str]) -> None:
    task.last_run_at = timezone.now() - timedelta(minutes=5)
    task.save()
    call_command("beat_health")
    assert capsys.readouterr().out == "ok\n"


def test_long_ago_fails_and_says_when(task: PeriodicTask) -> None:
    task.last_run_at = timezone.now() - timedelta(minutes=7)
    task.save()
    with pytest.raises(CommandError, match=r"beat sent its last job at \d{4}-\d\d-\d\d"):
        call_command("beat_health")
