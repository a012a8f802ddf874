"""Guards in plain SQL."""

from django.db import migrations

from core.frozen import freeze, freeze_with_parent, insert_only

HISTORY = [
    "leases_amendmentevent",
    "leases_chargeevent",
    "leases_checklistlineevent",
    "leases_clausetemplateevent",
    "leases_consumptionevent",
    "leases_depositsettlementevent",
    "leases_discountevent",
    "leases_handoveritemevent",
    "leases_handoverkeyevent",
    "leases_handoverphotoevent",
    "leases_handoverreportevent",
    "leases_leaseevent",
    "leases_lettingevent",
    "leases_meterreadingevent",
    "leases_noticeevent",
    "leases_rentstepevent",
    "leases_settlementevidenceevent",
    "leases_settlementlineevent",
]
REPORT_CLOSED = (
    "SELECT state <> 'draft' FROM leases_handoverreport WHERE id = r.report_id FOR SHARE"
)
REPORT_OF_ITEM_CLOSED = """
    SELECT report.state <> 'draft' FROM leases_handoverreport AS report
      JOIN leases_handoveritem AS item ON item.report_id = report.id
     WHERE item.id = r.item_id FOR SHARE OF report
"""
SETTLEMENT_CLOSED = (
    "SELECT state <> 'draft' FROM leases_depositsettlement WHERE id = r.settlement_id FOR SHARE"
)
SETTLEMENT_OF_LINE_CLOSED = """
    SELECT settlement.state <> 'draft' FROM leases_depositsettlement AS settlement
      JOIN leases_settlementline AS line ON line.settlement_id = settlement.id
     WHERE line.id = r.line_id FOR SHARE OF settlement
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("leases", "0001_initial")]

    operations = [
        *insert_only(*HISTORY),
        *insert_only(
            "leases_leaseversion",
            "leases_depositentry",
            "leases_leasedocument",
            "leases_signedcopy",
        ),
        # Clauses that a document was issued from say for ever what they said then.
        freeze_with_parent(
            "leases_clausetemplate",
            frozen_if="EXISTS (SELECT FROM leases_leasedocument AS d WHERE d.template_id = r.id)",
        ),
        freeze("leases_amendment", once="OLD.state <> 'draft'"),
        # A handover report says for ever what both sides saw, with all that hangs on it.
        freeze("leases_handoverreport", once="OLD.state <> 'draft'"),
        freeze_with_parent("leases_handoveritem", frozen_if=REPORT_CLOSED),
        freeze_with_parent("leases_handoverkey", frozen_if=REPORT_CLOSED),
        freeze_with_parent("leases_meterreading", frozen_if=REPORT_CLOSED),
        freeze_with_parent("leases_handoverphoto", frozen_if=REPORT_OF_ITEM_CLOSED),
        # What a company was told of its deposit stays as it was told; it can only be taken back.
        freeze("leases_depositsettlement", once="OLD.state IN ('dropped', 'taken_back')"),
        migrations.RunSQL(
            """
            CREATE TRIGGER leases_depositsettlement_closed
                BEFORE UPDATE OR DELETE ON leases_depositsettlement
                FOR EACH ROW WHEN (OLD.state = 'closed')
                EXECUTE FUNCTION core_frozen('state', 'reason', 'acting_user_id');
            CREATE TRIGGER leases_depositsettlement_reopened
                BEFORE UPDATE ON leases_depositsettlement
                FOR EACH ROW WHEN (OLD.state = 'closed' AND NEW.state <> 'taken_back')
                EXECUTE FUNCTION core_frozen();
            """,
            """
            DROP TRIGGER leases_depositsettlement_reopened ON leases_depositsettlement;
            DROP TRIGGER leases_depositsettlement_closed ON leases_depositsettlement;
            """,
        ),
        freeze_with_parent("leases_settlementline", frozen_if=SETTLEMENT_CLOSED),
        freeze_with_parent("leases_settlementevidence", frozen_if=SETTLEMENT_OF_LINE_CLOSED),
        migrations.RunSQL(
            """
            CREATE FUNCTION leases_deposit_held() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, public, pg_temp AS $$
            -- What is held is never less than nothing, and an entry takes back one of its lease.
            DECLARE
                held numeric;
            BEGIN
                -- Two entries of one lease wait for each other.
                PERFORM FROM leases_lease WHERE id = NEW.lease_id FOR NO KEY UPDATE;
                IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
                    SELECT FROM leases_depositentry AS other
                     WHERE other.id = NEW.reverses_id AND other.lease_id = NEW.lease_id
                       AND other.act = NEW.act AND other.amount = NEW.amount
                       AND other.reverses_id IS NULL) THEN
                    RAISE EXCEPTION 'an entry takes back one of the same lease, act and amount'
                        USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.line_id IS NOT NULL AND NOT EXISTS (
                    SELECT FROM leases_settlementline AS line
                      JOIN leases_depositsettlement AS settlement
                        ON settlement.id = line.settlement_id
                     WHERE line.id = NEW.line_id AND line.amount = NEW.amount
                       AND settlement.lease_id = NEW.lease_id
                       AND settlement.state = 'closed') THEN
                    RAISE EXCEPTION 'what is kept is a line of a closed settlement of the lease'
                        USING ERRCODE = 'check_violation';
                END IF;
                SELECT sum(CASE WHEN (act = 'received') = (reverses_id IS NULL)
                                THEN amount ELSE -amount END)
                  INTO held FROM leases_depositentry WHERE lease_id = NEW.lease_id;
                IF held < 0 THEN
                    RAISE EXCEPTION 'less than nothing would be held of the deposit'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER leases_deposit_held AFTER INSERT ON leases_depositentry
                FOR EACH ROW EXECUTE FUNCTION leases_deposit_held();
            """,
            """
            DROP TRIGGER leases_deposit_held ON leases_depositentry;
            DROP FUNCTION leases_deposit_held();
            """,
        ),
        migrations.RunSQL(
            """
            -- A signed copy is of a document of its own lease.
            ALTER TABLE leases_signedcopy ADD CONSTRAINT leases_signedcopy_of_its_document
                FOREIGN KEY (document_id, lease_id) REFERENCES leases_leasedocument (id, lease_id);
            """,
            """
            ALTER TABLE leases_signedcopy DROP CONSTRAINT leases_signedcopy_of_its_document;
            """,
        ),
        migrations.RunSQL(
            """
            -- A letting and its booking share one space and one period.
            ALTER TABLE leases_letting ADD CONSTRAINT leases_letting_is_its_booking
                FOREIGN KEY (booking_id, space_id, period)
                REFERENCES sites_booking (id, space_id, period) DEFERRABLE INITIALLY DEFERRED;
            -- Rent steps cover the letting: each day of it has a step, each step lies inside it,
            -- and no two overlap.
            ALTER TABLE leases_letting ADD CONSTRAINT leases_letting_period_key
                UNIQUE (id, period WITHOUT OVERLAPS);
            ALTER TABLE leases_rentstep ADD CONSTRAINT leases_rentstep_no_overlap
                UNIQUE (letting_id, period WITHOUT OVERLAPS);
            ALTER TABLE leases_rentstep ADD CONSTRAINT leases_rentstep_inside_letting
                FOREIGN KEY (letting_id, PERIOD period)
                REFERENCES leases_letting (id, PERIOD period) DEFERRABLE INITIALLY DEFERRED;
            -- A one-off item occupies one day: split, it would be due twice.
            ALTER TABLE leases_charge ADD CONSTRAINT leases_charge_one_off_day
                CHECK (unit <> 'once' OR upper(period) - lower(period) = 1);
            ALTER TABLE leases_letting ADD CONSTRAINT leases_letting_covered_by_steps
                FOREIGN KEY (id, PERIOD period)
                REFERENCES leases_rentstep (letting_id, PERIOD period)
                DEFERRABLE INITIALLY DEFERRED;
            """,
            """
            ALTER TABLE leases_letting DROP CONSTRAINT leases_letting_covered_by_steps;
            ALTER TABLE leases_charge DROP CONSTRAINT leases_charge_one_off_day;
            ALTER TABLE leases_rentstep DROP CONSTRAINT leases_rentstep_inside_letting;
            ALTER TABLE leases_rentstep DROP CONSTRAINT leases_rentstep_no_overlap;
            ALTER TABLE leases_letting DROP CONSTRAINT leases_letting_period_key;
            ALTER TABLE leases_letting DROP CONSTRAINT leases_letting_is_its_booking;
            """,
        ),
    ]
