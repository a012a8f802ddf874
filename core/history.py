"""Who changed what, when and from where; and the one door by which personal data is erased.

`tracked` puts PostgreSQL triggers on a model (pghistory, statement level), so that bulk writes
and raw SQL are recorded too. `recorded` is what every service opens: a transaction whose events
carry the acting user.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
from django.db import connection, models, transaction
from pghistory import runtime

from core.fields import PERSONAL

# Statements that write no row need not say whose they are; every fifth is one of these.
runtime.IGNORED_SQL_PREFIXES += (  # type: ignore[assignment]  # declared as long as it is
    *("savepoint", "release savepoint", "rollback to savepoint"),
)

_Model = TypeVar("_Model", bound=type[models.Model])


def tracked(*, exclude: Sequence[str] = ()) -> Callable[[_Model], _Model]:
    """Class decorator: every insert, update and delete becomes an event row."""
    decorator: Callable[[_Model], _Model] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
    )
    return decorator


def tracked_link(link: _Model) -> _Model:
    """Class decorator for the proxy of a many-to-many table: each link made or undone becomes an
    event row. It bears the two keys only: Django lets nothing point at a row of such a table."""
    decorator: Callable[[_Model], _Model] = pghistory.track(
        pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None
    )
    return decorator(link)


@contextmanager
def recorded(acting_user: models.Model | None, *, reason: str = "") -> Iterator[None]:
    """A transaction in which each change is recorded as `acting_user`'s (None: the system)."""
    about: dict[str, Any] = {"user": acting_user.pk if acting_user is not None else None}
    if reason:
        about["reason"] = reason
    with transaction.atomic(), pghistory.context(**about):
        yield


def personal_columns(model: type[models.Model]) -> list[str]:
    """The columns of `model` marked as personal data."""
    return [
        field.column
        for field in model._meta.local_fields
        if field.column is not None and field.db_comment == PERSONAL
    ]


def erase(
    *, instances: Sequence[models.Model], acting_user: models.Model | None, reason: str
) -> int:
    """Blank every personal column of the rows, in the live table and in all of their history.

    Text becomes "" (of a unique column: a stand-in with the row's key), anything else NULL (a
    personal column is nullable unless it is text); the history also forgets the reasons given and
    the addresses it was done from. Writes one `core.Erasure` per row. Returns the number of event
    rows blanked. Raises ValueError for a model without personal columns: erasing nothing must not
    look like success.
    """
    blanked = 0
    with recorded(acting_user, reason=reason), connection.cursor() as cursor:
        for instance in instances:
            model = type(instance)
            if not personal_columns(model):
                raise ValueError(f"{model.__name__} has no personal column")
            event = getattr(model, "pgh_event_model", None)
            cursor.execute(
                "SELECT core_erase(%s, %s, %s, %s, %s)",
                [
                    model._meta.db_table,
                    event._meta.db_table if event is not None else None,
                    instance.pk,
                    acting_user.pk if acting_user is not None else None,
                    reason,
                ],
            )
            blanked += cursor.fetchone()[0]
    return blanked


def forget_contexts(
    *, model: type[models.Model], row_ids: Sequence[int], column: str = "pgh_obj_id"
) -> int:
    """Take the reasons given, and the addresses it was done from, out of the history of rows that
    have no personal column of their own. `column`: what of the event names the row."""
    events = model.pgh_event_model._meta.db_table  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_forget_contexts(%s, %s, %s)", [events, column, list(row_ids)])
        return int(cursor.fetchone()[0])


ERASE_FUNCTION = """
CREATE FUNCTION core_erase(live text, events text, row_id bigint, acting_user bigint, why text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Runs as the owner because history is insert-only for the runtime role. It can blank nothing
-- but the columns whose comment says that they are personal.
DECLARE
    assignments text;
    in_events text;
    names jsonb;
    blanked bigint := 0;
BEGIN
    SELECT string_agg(assignment, ', '), jsonb_agg(attname),
           -- Of a column that no history is kept of, there is nothing to blank.
           string_agg(assignment || ', ', '') FILTER (WHERE EXISTS (
               SELECT FROM pg_attribute event WHERE event.attname = personal.attname
                  AND event.attrelid = to_regclass('public.' || quote_ident(events))))
      INTO assignments, names, in_events
      FROM (SELECT attname, format('%I = %s', attname,
               CASE WHEN atttypid NOT IN ('varchar'::regtype, 'text'::regtype) THEN 'NULL'
                    WHEN EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND indisunique
                                    AND indnatts = 1 AND indkey[0] = attnum)
                    THEN '''erased-'' || $1' ELSE '''''' END) AS assignment
              FROM pg_attribute
             WHERE attrelid = format('public.%I', live)::regclass AND attnum > 0
               AND NOT attisdropped AND col_description(attrelid, attnum) = 'personal') personal;
    IF assignments IS NULL THEN
        RAISE EXCEPTION '% has no personal column', live;
    END IF;
    PERFORM set_config('technopark.erasing', 'yes', true);
    EXECUTE format('UPDATE %I SET %s WHERE id = $1', live, assignments) USING row_id;
    IF events IS NOT NULL THEN
        -- After the live row: the update above has just written the old values' successor.
        EXECUTE format('UPDATE %I SET %spgh_context = pgh_context - ''reason'' - ''address'' '
            'WHERE pgh_obj_id = $1', events, in_events) USING row_id;
        GET DIAGNOSTICS blanked = ROW_COUNT;
    END IF;
    PERFORM set_config('technopark.erasing', 'no', true);
    INSERT INTO core_erasure ("table", row_id, columns, reason, by_user, at)
    VALUES (live, row_id, names, why, acting_user, clock_timestamp());
    RETURN blanked;
END $$;
"""

FORGET_FUNCTION = """
CREATE FUNCTION core_forget_contexts(events text, naming text, row_ids bigint[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Runs as the owner, as core_erase does. It can change nothing but what people wrote into the
-- context of an event, and where they sat.
DECLARE
    forgotten bigint;
BEGIN
    PERFORM set_config('technopark.erasing', 'yes', true);
    EXECUTE format('UPDATE %I SET pgh_context = pgh_context - ''reason'' - ''address'' '
        'WHERE %I = ANY ($1) AND pgh_context ?| ARRAY[''reason'', ''address'']', events, naming)
        USING row_ids;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    PERFORM set_config('technopark.erasing', 'no', true);
    RETURN forgotten;
END $$;
"""
