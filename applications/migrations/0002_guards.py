"""Guards in plain SQL."""

from django.db import migrations

from core.frozen import freeze, insert_only

HISTORY = [
    "applications_applicationevent",
    "applications_offerevent",
    "applications_applicationsectorevent",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("applications", "0001_initial")]

    operations = [
        *insert_only(*HISTORY),
        *insert_only("applications_transition"),
        # The terms of an offer never change; its fate and its hold do.
        freeze("applications_offer", may_change=["state", "answered_at", "booking_id"]),
    ]
