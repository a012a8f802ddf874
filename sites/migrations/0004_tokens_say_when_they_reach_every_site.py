"""Tokens without a site reached them all; now they say so."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sites", "0003_replies_have_a_status"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="clienttoken",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="clienttoken",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="clienttoken",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="clienttoken",
            name="every_site",
            field=models.BooleanField(default=False, verbose_name="all sites of the person"),
        ),
        migrations.AddField(
            model_name="clienttokenevent",
            name="every_site",
            field=models.BooleanField(default=False, verbose_name="all sites of the person"),
        ),
        migrations.RunSQL(
            "UPDATE sites_clienttoken SET every_site = true WHERE NOT EXISTS ("
            "SELECT 1 FROM sites_clienttoken_sites WHERE clienttoken_id = sites_clienttoken.id)",
            migrations.RunSQL.noop,
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clienttoken",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sites_clienttokenevent" ("created_at", "every_site", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_only", "token_id") SELECT new_values."created_at", new_values."every_site", new_values."id", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."read_only", new_values."token_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="474f188be02df988df6215383dd646d54f04e81e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ce7e3",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="sites_clienttoken",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clienttoken",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sites_clienttokenevent" ("created_at", "every_site", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_only", "token_id") SELECT new_values."created_at", new_values."every_site", new_values."id", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."read_only", new_values."token_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="869323c11b2cf03b7cc283c396e3a6496fd4d848",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e51be",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="sites_clienttoken",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clienttoken",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sites_clienttokenevent" ("created_at", "every_site", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_only", "token_id") SELECT old_values."created_at", old_values."every_site", old_values."id", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."read_only", old_values."token_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="eeae2af001659d145135aa29c1d9acd2bcd27279",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4e776",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="sites_clienttoken",
                    when="AFTER",
                ),
            ),
        ),
    ]
