"""Guards in plain SQL: issued is frozen, lines add up, nothing is credited twice."""

from django.db import migrations

from core.frozen import insert_only

HISTORY = [
    "billing_rentrunevent",
    "billing_sitebillingevent",
]


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("billing", "0001_initial")]

    operations = [
        *insert_only(*HISTORY),
        *insert_only("billing_invoice", "billing_invoiceline"),
        migrations.RunSQL(
            """
            CREATE FUNCTION billing_lines_add_up() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, public, pg_temp AS $$
            -- All lines of an invoice come in one statement and add up to its sums: none is added
            -- to an issued invoice later, not even two that cancel each other.
            BEGIN
                IF EXISTS (
                    SELECT FROM public.billing_invoice AS i
                      JOIN (SELECT invoice_id, count(*) AS lines, sum(amount) AS net,
                                   sum(vat) AS vat
                              FROM added GROUP BY invoice_id) AS a ON a.invoice_id = i.id
                     WHERE a.net <> i.net OR a.vat <> i.vat OR a.lines <>
                           (SELECT count(*) FROM public.billing_invoiceline AS l
                             WHERE l.invoice_id = i.id)) THEN
                    RAISE EXCEPTION 'the lines of an invoice come at once and add up to it'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER billing_lines_add_up AFTER INSERT ON billing_invoiceline
                REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION billing_lines_add_up();

            CREATE FUNCTION billing_credit_fits() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, public, pg_temp AS $$
            -- What credits a line, and what credits that, leaves it between nothing and itself;
            -- a credit note credits lines of the invoice that it corrects.
            BEGIN
                IF EXISTS (
                    SELECT FROM added AS a
                      JOIN public.billing_invoice AS i ON i.id = a.invoice_id
                      LEFT JOIN public.billing_invoiceline AS of ON of.id = a.credits_id
                     WHERE i.kind = 'credit'
                       AND of.invoice_id IS DISTINCT FROM i.corrects_id) THEN
                    RAISE EXCEPTION 'a credit note credits lines of the invoice that it corrects'
                        USING ERRCODE = 'check_violation';
                END IF;
                IF NOT EXISTS (SELECT FROM added WHERE credits_id IS NOT NULL) THEN
                    RETURN NULL;
                END IF;
                -- Two that credit one line wait for each other: rows of issued invoices cannot be
                -- locked by who may not change them.
                PERFORM pg_advisory_xact_lock(7104, (id % 2147483647)::integer)
                   FROM (SELECT DISTINCT credits_id AS id FROM added
                          WHERE credits_id IS NOT NULL ORDER BY id) AS credited;
                IF EXISTS (
                    WITH RECURSIVE up AS (
                        SELECT DISTINCT credits_id AS id FROM added WHERE credits_id IS NOT NULL
                        UNION
                        SELECT l.credits_id FROM up
                          JOIN public.billing_invoiceline AS l ON l.id = up.id
                         WHERE l.credits_id IS NOT NULL
                    ), tree AS (
                        SELECT id AS root, id FROM up
                        UNION ALL
                        SELECT tree.root, l.id FROM tree
                          JOIN public.billing_invoiceline AS l ON l.credits_id = tree.id
                    ), effect AS (
                        SELECT tree.root, l.id,
                               CASE i.kind WHEN 'credit' THEN -l.amount ELSE l.amount END AS net,
                               CASE i.kind WHEN 'credit' THEN -l.vat ELSE l.vat END AS vat
                          FROM tree
                          JOIN public.billing_invoiceline AS l ON l.id = tree.id
                          JOIN public.billing_invoice AS i ON i.id = l.invoice_id
                    ), remains AS (
                        SELECT root, sum(net) AS net, sum(vat) AS vat FROM effect GROUP BY root
                    )
                    SELECT FROM remains AS r JOIN effect AS own ON own.root = r.root AND own.id = r.root
                     WHERE r.net NOT BETWEEN least(own.net, 0) AND greatest(own.net, 0)
                        OR r.vat NOT BETWEEN least(own.vat, 0) AND greatest(own.vat, 0)) THEN
                    RAISE EXCEPTION 'more would be credited than is left'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER billing_credit_fits AFTER INSERT ON billing_invoiceline
                REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION billing_credit_fits();
            """,
            """
            DROP TRIGGER billing_credit_fits ON billing_invoiceline;
            DROP FUNCTION billing_credit_fits();
            DROP TRIGGER billing_lines_add_up ON billing_invoiceline;
            DROP FUNCTION billing_lines_add_up();
            """,
        ),
    ]
