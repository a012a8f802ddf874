"""Guards in plain SQL."""

from django.db import migrations

from core.frozen import insert_only

HISTORY = [
    "sites_lessorevent",
    "sites_lettableperiodevent",
    "sites_measureevent",
    "sites_membershipevent",
    "sites_rateplanevent",
    "sites_rateplanstepevent",
    "sites_sitecapacityevent",
    "sites_siteevent",
    "sites_spaceevent",
    "sites_vatruleevent",
    "sites_bookingevent",
    "sites_buildingevent",
    "sites_clienttokenevent",
    "sites_floorevent",
    "sites_clienttokensiteevent",
    "sites_spacereplacementevent",
    "sites_webhookendpointevent",
    "sites_webhookendpointsiteevent",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("sites", "0001_initial")]

    operations = [
        *insert_only(*HISTORY),
        # A space's site and building are its building's and its floor's, and a unit's site is its
        # parent's: held equal by keys.
        migrations.RunSQL(
            """
            ALTER TABLE sites_building ADD CONSTRAINT sites_building_in_site UNIQUE (id, site_id);
            ALTER TABLE sites_floor
                ADD CONSTRAINT sites_floor_in_building UNIQUE (id, building_id);
            ALTER TABLE sites_space
                ADD CONSTRAINT sites_space_building_of_site FOREIGN KEY (building_id, site_id)
                    REFERENCES sites_building (id, site_id) DEFERRABLE INITIALLY DEFERRED,
                ADD CONSTRAINT sites_space_floor_of_building FOREIGN KEY (floor_id, building_id)
                    REFERENCES sites_floor (id, building_id) DEFERRABLE INITIALLY DEFERRED,
                ADD CONSTRAINT sites_space_in_site UNIQUE (id, site_id),
                ADD CONSTRAINT sites_space_parent_of_site FOREIGN KEY (parent_id, site_id)
                    REFERENCES sites_space (id, site_id) DEFERRABLE INITIALLY DEFERRED;
            """,
            """
            ALTER TABLE sites_space
                DROP CONSTRAINT sites_space_parent_of_site,
                DROP CONSTRAINT sites_space_in_site,
                DROP CONSTRAINT sites_space_building_of_site,
                DROP CONSTRAINT sites_space_floor_of_building;
            ALTER TABLE sites_floor DROP CONSTRAINT sites_floor_in_building;
            ALTER TABLE sites_building DROP CONSTRAINT sites_building_in_site;
            """,
        ),
    ]
