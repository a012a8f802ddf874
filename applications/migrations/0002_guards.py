"""Guards in plain SQL."""

from django.db import migrations

from core.frozen import freeze, insert_only

HISTORY = [
    "applications_applicationevent",
    "applications_offerevent",
    "applications_applicationsectorevent",
    "applications_decisionevent",
    "applications_ineligibilityevent",
    "applications_informationrequestevent",
    "applications_requesteditemevent",
    "applications_stagetargetevent",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("applications", "0001_initial")]

    operations = [
        *insert_only(*HISTORY),
        *insert_only("applications_transition", "applications_revision"),
        # A decision that changes is a new one; this one is published, and superseded.
        freeze(
            "applications_decision", may_change=["published_at", "published_by_id", "superseded_at"]
        ),
        # The terms of an offer never change; its fate and its hold do.
        freeze("applications_offer", may_change=["state", "answered_at", "booking_id"]),
    ]
