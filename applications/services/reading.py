"""Who opened a file, for its trail."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.models import Application, Reading

EVERY: Final = dt.timedelta(hours=1)


def note_reading(*, application: Application, user: User) -> None:
    """Keep that `user` opened the file; once an hour at the most, also from several windows."""
    since = timezone.now() - EVERY
    lately = Reading.objects.filter(application=application, user=user, at__gt=since)
    if lately.exists():
        return
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).filter(pk=user.pk).values_list("pk").get()
        if not lately.exists():
            Reading.objects.create(application=application, user=user, at=timezone.now())
