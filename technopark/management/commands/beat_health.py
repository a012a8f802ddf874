"""`manage.py beat_health`: whether the timetable has been kept lately."""

from datetime import timedelta
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

# Jobs run every minute; the scheduler writes what it did every three.
LATELY: Final = timedelta(minutes=6)


class Command(BaseCommand):
    help = "Fails unless beat has sent a job in the last six minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        last = PeriodicTask.objects.aggregate(last=Max("last_run_at"))["last"]
        if last is None:
            raise CommandError("beat has never sent a job.")
        if timezone.now() - last > LATELY:
            raise CommandError(f"beat sent its last job at {last:%Y-%m-%d %H:%M} UTC.")
        self.stdout.write("ok")
