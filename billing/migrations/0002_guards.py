"""Guards in plain SQL: issued is frozen, lines add up, nothing is credited or paid twice, and
nothing is dated into a closed month."""

from django.db import migrations

from core.frozen import freeze, insert_only

HISTORY = [
    "billing_banklineevent",
    "billing_certificateevent",
    "billing_csvmappingevent",
    "billing_doubtfulevent",
    "billing_dunningpauseevent",
    "billing_dunningstepevent",
    "billing_holidayevent",
    "billing_journallayoutevent",
    "billing_ledgeraccountevent",
    "billing_monthclosingevent",
    "billing_penaltyclauseevent",
    "billing_penaltyevent",
    "billing_rentrunevent",
    "billing_sitebillingevent",
    "billing_vatregimeevent",
    "billing_withholdingruleevent",
    "billing_writeoffevent",
]
RECORDS = [
    "billing_allocation",
    "billing_bankstatement",
    "billing_chequestep",
    "billing_dunningletterline",
    "billing_exportedpiece",
    "billing_invoiceline",
    "billing_journalexport",
    "billing_receipt",
    "billing_refund",
    "billing_vatreturn",
]
# By table: what says the lessor (`a` is the row), what says the day.
DATED = {
    "billing_invoice": ("a.lessor_id", "issued_on"),
    "billing_payment": ("a.lessor_id", "received_on"),
    "billing_allocation": (
        "(SELECT lessor_id FROM public.billing_invoice WHERE id = a.invoice_id)",
        "on",
    ),
    "billing_refund": (
        "coalesce((SELECT lessor_id FROM public.billing_payment WHERE id = a.payment_id),"
        " (SELECT lessor_id FROM public.billing_invoice WHERE id = a.credit_note_id))",
        "on",
    ),
    "billing_chequestep": (
        "(SELECT lessor_id FROM public.billing_payment WHERE id = a.payment_id)",
        "on",
    ),
}


def _closed_month(table: str, lessor: str, day: str) -> migrations.RunSQL:
    """Rows of the table are not dated into a closed month. Whoever closes one waits for those
    that write, and they for it (`billing.services.closing`): lock 7106 of the lessor."""
    function = f"{table}_month_open"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp AS $$
        DECLARE
            closed text;
        BEGIN
            PERFORM pg_advisory_xact_lock_shared(7106, lessor::integer)
               FROM (SELECT DISTINCT {lessor} AS lessor FROM added AS a ORDER BY 1) AS of_all;
            SELECT to_char(c.month, 'YYYY-MM') INTO closed
              FROM (SELECT DISTINCT {lessor} AS lessor,
                           date_trunc('month', a."{day}")::date AS month FROM added AS a) AS m
              JOIN public.billing_monthclosing AS c
                ON c.lessor_id = m.lessor AND c.month = m.month AND c.reopened_at IS NULL
             LIMIT 1;
            IF closed IS NOT NULL THEN
                RAISE EXCEPTION 'the month % is closed', closed USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER {function} AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION {function}();
        """,
        f"DROP TRIGGER {function} ON {table}; DROP FUNCTION {function}();",
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guards"), ("billing", "0001_initial")]

    operations = [
        *insert_only(*HISTORY),
        *insert_only(*RECORDS),
        # Two records of one company become one: its account is the kept one's, its papers stay as
        # they are. (`total` is generated: PostgreSQL refuses to have it written.)
        freeze("billing_invoice", may_change=["company_id", "total"]),
        freeze("billing_payment", may_change=["company_id"]),
        freeze("billing_dunningletter", may_change=["company_id"]),
        freeze(
            "billing_bankline",
            may_change=["state", "note", "acting_user_id", "payment_id", "refund_id"],
        ),
        freeze("billing_writeoff", once="OLD.state <> 'asked'"),
        freeze("billing_invoicepaper", once="OLD.made_at IS NOT NULL"),
        *(_closed_month(table, *said) for table, said in DATED.items()),
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
        migrations.RunSQL(
            """
            CREATE FUNCTION billing_follows_company() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, public, pg_temp AS $$
            BEGIN
                IF NEW.company_id <> OLD.company_id AND NOT EXISTS (
                    SELECT FROM public.tenants_company
                     WHERE id = OLD.company_id AND merged_into_id = NEW.company_id) THEN
                    RAISE EXCEPTION 'a document follows its company only where records are merged'
                        USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER billing_follows_company BEFORE UPDATE OF company_id ON billing_invoice
                FOR EACH ROW EXECUTE FUNCTION billing_follows_company();
            CREATE TRIGGER billing_follows_company BEFORE UPDATE OF company_id ON billing_payment
                FOR EACH ROW EXECUTE FUNCTION billing_follows_company();
            CREATE TRIGGER billing_follows_company
                BEFORE UPDATE OF company_id ON billing_dunningletter
                FOR EACH ROW EXECUTE FUNCTION billing_follows_company();
            """,
            """
            DROP TRIGGER billing_follows_company ON billing_invoice;
            DROP TRIGGER billing_follows_company ON billing_payment;
            DROP TRIGGER billing_follows_company ON billing_dunningletter;
            DROP FUNCTION billing_follows_company();
            """,
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION billing_sources_fit(payments bigint[], notes bigint[])
            RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
            -- Neither a payment nor a credit note gives more than it has; a bounced cheque, and what
            -- was withheld with it, nothing.
            BEGIN
                IF EXISTS (
                    SELECT FROM public.billing_payment AS p
                     WHERE p.id = ANY (payments)
                       AND (SELECT coalesce(sum(amount), 0) FROM public.billing_allocation
                             WHERE payment_id = p.id)
                         + (SELECT coalesce(sum(amount), 0) FROM public.billing_refund
                             WHERE payment_id = p.id)
                         > CASE WHEN EXISTS (SELECT FROM public.billing_chequestep
                                              WHERE payment_id IN (p.id, p.withheld_with_id)
                                                AND state = 'bounced')
                                THEN 0 ELSE p.amount END)
                    OR EXISTS (
                    SELECT FROM public.billing_invoice AS n
                     WHERE n.id = ANY (notes)
                       AND (SELECT coalesce(sum(amount), 0) FROM public.billing_allocation
                             WHERE credit_note_id = n.id)
                         + (SELECT coalesce(sum(amount), 0) FROM public.billing_refund
                             WHERE credit_note_id = n.id) > n.total) THEN
                    RAISE EXCEPTION 'more would be given than there is'
                        USING ERRCODE = 'check_violation';
                END IF;
            END $$;

            CREATE FUNCTION billing_allocation_fits() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, public, pg_temp AS $$
            BEGIN
                -- Two that settle for one company wait for each other: issued rows cannot be
                -- locked by who may not change them.
                PERFORM pg_advisory_xact_lock(7105, (company_id % 2147483647)::integer)
                   FROM (SELECT DISTINCT i.company_id FROM added AS a
                           JOIN public.billing_invoice AS i ON i.id = a.invoice_id
                          ORDER BY 1) AS companies;
                IF EXISTS (
                    SELECT FROM added AS a
                      JOIN public.billing_invoice AS i ON i.id = a.invoice_id
                      LEFT JOIN public.billing_payment AS p ON p.id = a.payment_id
                      LEFT JOIN public.billing_invoice AS n ON n.id = a.credit_note_id
                      LEFT JOIN public.billing_writeoff AS w ON w.id = a.write_off_id
                     WHERE i.kind <> 'invoice'
                        OR (p.id IS NOT NULL AND (p.lessor_id, p.company_id)
                            IS DISTINCT FROM (i.lessor_id, i.company_id))
                        OR (n.id IS NOT NULL AND (n.kind, n.lessor_id, n.company_id)
                            IS DISTINCT FROM ('credit', i.lessor_id, i.company_id))
                        OR (w.id IS NOT NULL AND (w.state, w.invoice_id)
                            IS DISTINCT FROM ('approved', i.id))) THEN
                    RAISE EXCEPTION 'an invoice is settled by what is of its company and lessor'
                        USING ERRCODE = 'check_violation';
                END IF;
                IF EXISTS (
                    SELECT FROM public.billing_invoice AS i
                     WHERE i.id IN (SELECT invoice_id FROM added)
                       AND (SELECT sum(amount) FROM public.billing_allocation
                             WHERE invoice_id = i.id) > i.total) THEN
                    RAISE EXCEPTION 'an invoice would be settled by more than it is'
                        USING ERRCODE = 'check_violation';
                END IF;
                IF EXISTS (
                    SELECT FROM (SELECT DISTINCT invoice_id, payment_id, credit_note_id,
                                        write_off_id FROM added WHERE amount < 0) AS d
                     WHERE (SELECT sum(amount) FROM public.billing_allocation AS b
                             WHERE b.invoice_id = d.invoice_id
                               AND b.payment_id IS NOT DISTINCT FROM d.payment_id
                               AND b.credit_note_id IS NOT DISTINCT FROM d.credit_note_id
                               AND b.write_off_id IS NOT DISTINCT FROM d.write_off_id) < 0) THEN
                    RAISE EXCEPTION 'more would be taken back than was given'
                        USING ERRCODE = 'check_violation';
                END IF;
                IF EXISTS (
                    SELECT FROM public.billing_writeoff AS w
                     WHERE w.id IN (SELECT write_off_id FROM added)
                       AND (SELECT sum(amount) FROM public.billing_allocation
                             WHERE write_off_id = w.id) > w.amount) THEN
                    RAISE EXCEPTION 'more would be given up than was approved'
                        USING ERRCODE = 'check_violation';
                END IF;
                -- Cash for one invoice stays below 20,000 DH, in any number of payments (CGI).
                IF EXISTS (
                    SELECT FROM public.billing_allocation AS b
                      JOIN public.billing_payment AS p ON p.id = b.payment_id
                     WHERE p.method = 'cash'
                       AND b.invoice_id IN (
                           SELECT a.invoice_id FROM added AS a
                             JOIN public.billing_payment AS c ON c.id = a.payment_id
                            WHERE c.method = 'cash' AND a.amount > 0)
                     GROUP BY b.invoice_id HAVING sum(b.amount) >= 20000) THEN
                    RAISE EXCEPTION 'an invoice would be paid by too much cash'
                        USING ERRCODE = 'check_violation';
                END IF;
                PERFORM public.billing_sources_fit(
                    ARRAY(SELECT payment_id FROM added), ARRAY(SELECT credit_note_id FROM added));
                RETURN NULL;
            END $$;
            CREATE TRIGGER billing_allocation_fits AFTER INSERT ON billing_allocation
                REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION billing_allocation_fits();

            CREATE FUNCTION billing_line_pays_once() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, public, pg_temp AS $$
            -- A bank's line is one payment at most, but for those that were entered by mistake.
            BEGIN
                PERFORM FROM public.billing_bankline
                  WHERE id IN (SELECT bank_line_id FROM added) ORDER BY id FOR NO KEY UPDATE;
                IF EXISTS (
                    SELECT FROM added AS a
                      JOIN public.billing_payment AS p
                        ON p.bank_line_id = a.bank_line_id AND p.id <> a.id
                     WHERE NOT EXISTS (SELECT FROM public.billing_refund
                                        WHERE payment_id = p.id AND by_mistake)) THEN
                    RAISE EXCEPTION 'a line of the bank would be two payments'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER billing_line_pays_once AFTER INSERT ON billing_payment
                REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION billing_line_pays_once();

            CREATE FUNCTION billing_refund_fits() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, public, pg_temp AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock(7105, (company_id % 2147483647)::integer)
                   FROM (SELECT p.company_id FROM added AS a
                           JOIN public.billing_payment AS p ON p.id = a.payment_id
                          UNION
                         SELECT n.company_id FROM added AS a
                           JOIN public.billing_invoice AS n ON n.id = a.credit_note_id
                          ORDER BY 1) AS companies;
                PERFORM public.billing_sources_fit(
                    ARRAY(SELECT payment_id FROM added), ARRAY(SELECT credit_note_id FROM added));
                RETURN NULL;
            END $$;
            CREATE TRIGGER billing_refund_fits AFTER INSERT ON billing_refund
                REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION billing_refund_fits();

            CREATE FUNCTION billing_cheque_fits() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, public, pg_temp AS $$
            -- Only cheques have these steps; one that bounces settles nothing any more.
            BEGIN
                PERFORM pg_advisory_xact_lock(7105, (company_id % 2147483647)::integer)
                   FROM (SELECT DISTINCT p.company_id FROM added AS a
                           JOIN public.billing_payment AS p ON p.id = a.payment_id
                          ORDER BY 1) AS companies;
                IF EXISTS (SELECT FROM added AS a
                             JOIN public.billing_payment AS p ON p.id = a.payment_id
                            WHERE p.method <> 'cheque') THEN
                    RAISE EXCEPTION 'only a cheque is banked, cleared or bounced'
                        USING ERRCODE = 'check_violation';
                END IF;
                PERFORM public.billing_sources_fit(
                    ARRAY(SELECT payment_id FROM added UNION ALL
                          SELECT w.id FROM added AS a
                            JOIN public.billing_payment AS w ON w.withheld_with_id = a.payment_id),
                    '{}');
                RETURN NULL;
            END $$;
            CREATE TRIGGER billing_cheque_fits AFTER INSERT ON billing_chequestep
                REFERENCING NEW TABLE AS added
                FOR EACH STATEMENT EXECUTE FUNCTION billing_cheque_fits();
            """,
            """
            DROP TRIGGER billing_cheque_fits ON billing_chequestep;
            DROP FUNCTION billing_cheque_fits();
            DROP TRIGGER billing_line_pays_once ON billing_payment;
            DROP FUNCTION billing_line_pays_once();
            DROP TRIGGER billing_refund_fits ON billing_refund;
            DROP FUNCTION billing_refund_fits();
            DROP TRIGGER billing_allocation_fits ON billing_allocation;
            DROP FUNCTION billing_allocation_fits();
            DROP FUNCTION billing_sources_fit(bigint[], bigint[]);
            """,
        ),
    ]
