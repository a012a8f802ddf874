"""Guards in plain SQL."""

from django.db import migrations

from core.frozen import freeze, freeze_with_parent, insert_only

TRACKED = [
    "agendaitem",
    "application",
    "applicationsector",
    "call",
    "callsite",
    "callversion",
    "coapplicant",
    "criterion",
    "decision",
    "declaration",
    "document",
    "ineligibility",
    "informationrequest",
    "legalhold",
    "letter",
    "lettertemplate",
    "member",
    "offer",
    "place",
    "question",
    "requesteditem",
    "retentionrule",
    "review",
    "score",
    "session",
    "stagetarget",
    "task",
    "tasktemplate",
    "transfer",
    "vote",
    "wanteddocument",
]
LOGS = ["digest", "placemove", "reading", "remark", "revision", "transition"]
VERSION_IN_USE = (
    "SELECT state <> 'draft' FROM applications_callversion WHERE id = r.version_id FOR SHARE"
)
SESSION_SIGNED = (
    "SELECT state = 'signed' FROM applications_session WHERE id = r.session_id FOR SHARE"
)
SESSION_OF_ITEM_SIGNED = """
    SELECT s.state = 'signed' FROM applications_session s
      JOIN applications_agendaitem i ON i.session_id = s.id WHERE i.id = r.item_id FOR SHARE OF s
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("applications", "0001_initial")]

    operations = [
        *insert_only(*(f"applications_{name}event" for name in TRACKED)),
        *insert_only(*(f"applications_{name}" for name in LOGS)),
        # A decision that changes is a new one; this one is published, and superseded.
        freeze(
            "applications_decision", may_change=["published_at", "published_by_id", "superseded_at"]
        ),
        # The terms of an offer never change; its fate and its hold do.
        freeze("applications_offer", may_change=["state", "answered_at", "booking_id"]),
        # What an applicant was asked stays what it was.
        freeze("applications_callversion", may_change=["state"], once="OLD.state <> 'draft'"),
        *(
            freeze_with_parent(f"applications_{name}", frozen_if=VERSION_IN_USE)
            for name in ("question", "wanteddocument", "criterion")
        ),
        # Minutes that the chair has signed, and what they tell of.
        freeze("applications_session", once="OLD.state = 'signed'"),
        freeze_with_parent("applications_member", frozen_if=SESSION_SIGNED),
        freeze_with_parent("applications_agendaitem", frozen_if=SESSION_SIGNED),
        freeze_with_parent("applications_vote", frozen_if=SESSION_OF_ITEM_SIGNED),
    ]
