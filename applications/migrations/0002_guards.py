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
_SAFE = "SET search_path = pg_catalog, public, pg_temp"
# At the end of the transaction: an offer is let go of before its space is.
OFFER_FREES_ITS_HOLD = migrations.RunSQL(
    f"""
    CREATE FUNCTION applications_offer_frees_its_hold() RETURNS trigger LANGUAGE plpgsql {_SAFE} AS $$
    BEGIN
        IF EXISTS (SELECT FROM sites_booking WHERE id = OLD.booking_id AND kind = 'hold') THEN
            RAISE EXCEPTION 'offer % leaves its hold behind', OLD.id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER applications_offer_frees_its_hold
        AFTER UPDATE OF booking_id ON applications_offer DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (OLD.booking_id IS DISTINCT FROM NEW.booking_id)
        EXECUTE FUNCTION applications_offer_frees_its_hold();
    """,  # noqa: S608  a migration's own words
    "DROP TRIGGER applications_offer_frees_its_hold ON applications_offer;"
    "DROP FUNCTION applications_offer_frees_its_hold()",
)
# One file makes one company, and changes it only for the record that this one was merged into.
ONE_COMPANY = migrations.RunSQL(
    f"""
    CREATE FUNCTION applications_application_one_company() RETURNS trigger
        LANGUAGE plpgsql {_SAFE} AS $$
    BEGIN
        IF NEW.company_id = (SELECT merged_into_id FROM tenants_company WHERE id = OLD.company_id)
            OR core_is_erasing(TG_RELID) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'application % has its company', OLD.id
            USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER applications_application_one_company
        BEFORE UPDATE OF company_id ON applications_application FOR EACH ROW
        WHEN (OLD.company_id IS DISTINCT FROM NEW.company_id AND OLD.company_id IS NOT NULL)
        EXECUTE FUNCTION applications_application_one_company();
    """,  # noqa: S608  a migration's own words
    "DROP TRIGGER applications_application_one_company ON applications_application;"
    "DROP FUNCTION applications_application_one_company()",
)


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
        OFFER_FREES_ITS_HOLD,
        ONE_COMPANY,
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
