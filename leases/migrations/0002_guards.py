"""Guards in plain SQL."""

from django.db import migrations

from core.frozen import insert_only

HISTORY = [
    "leases_leaseevent",
    "leases_lettingevent",
    "leases_rentstepevent",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("leases", "0001_initial")]

    operations = [
        *insert_only(*HISTORY),
        *insert_only("leases_leaseversion"),
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
            ALTER TABLE leases_letting ADD CONSTRAINT leases_letting_covered_by_steps
                FOREIGN KEY (id, PERIOD period)
                REFERENCES leases_rentstep (letting_id, PERIOD period)
                DEFERRABLE INITIALLY DEFERRED;
            """,
            """
            ALTER TABLE leases_letting DROP CONSTRAINT leases_letting_covered_by_steps;
            ALTER TABLE leases_rentstep DROP CONSTRAINT leases_rentstep_inside_letting;
            ALTER TABLE leases_rentstep DROP CONSTRAINT leases_rentstep_no_overlap;
            ALTER TABLE leases_letting DROP CONSTRAINT leases_letting_period_key;
            ALTER TABLE leases_letting DROP CONSTRAINT leases_letting_is_its_booking;
            """,
        ),
    ]
