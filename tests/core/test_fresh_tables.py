"""Tables made in one go are the tables that one operation after the other makes."""

from collections.abc import Callable, Sequence

import pytest
from django.db import connection, models, transaction
from django.db.migrations import operations as op
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter
from pgtrigger import compiler
from pgtrigger.migrations import AddTrigger

from core.fresh_tables import FreshTables
from technopark.embedded.paths import OWNER

APP = "fresh"
TRIGGERS = {"house": "fresh_house", "living": "fresh_house_people"}


def _operations() -> list[Operation]:
    """As `makemigrations` writes them: two models that point at each other, and what came later."""
    key = ("id", models.BigAutoField(primary_key=True))
    link = f"{APP}.House_people"
    return [
        op.CreateModel("House", [key, ("name", models.CharField(max_length=9))]),
        op.CreateModel(
            "Person", [key, ("home", models.ForeignKey(f"{APP}.House", models.CASCADE))]
        ),
        op.AddField(
            "house", "owner", models.ForeignKey(f"{APP}.Person", models.CASCADE, null=True)
        ),
        op.AddField("person", "email", models.EmailField(db_comment="personal", unique=True)),
        op.AddField("house", "rooms", models.IntegerField(db_default=1)),
        op.AddField("house", "people", models.ManyToManyField(f"{APP}.Person", related_name="+")),
        op.CreateModel("Living", [], options={"proxy": True}, bases=(link,)),
        op.AddIndex("house", models.Index(fields=["-rooms", "owner"], name="fresh_house_rooms")),
        op.AddConstraint(
            "house",
            models.UniqueConstraint(
                fields=["owner", "name"], condition=~models.Q(name=""), name="fresh_house_once"
            ),
        ),
        op.AddConstraint(
            "house", models.CheckConstraint(condition=models.Q(rooms__gt=0), name="fresh_rooms")
        ),
        *(AddTrigger(model, _trigger(table)) for model, table in TRIGGERS.items()),
    ]


def _trigger(table: str) -> compiler.Trigger:
    sql = compiler.UpsertTriggerSql(
        func="RETURN NULL;",
        hash="1",
        operation="INSERT",
        pgid=f"pgtrigger_{table}",
        table=table,
        when="AFTER",
    )
    return compiler.Trigger(name="told", sql=sql)


def _tables() -> set[tuple[str, ...]]:
    """Columns, constraints, indexes and triggers, in no order."""
    told: set[tuple[str, ...]] = set()
    with connection.cursor() as cursor:
        for sql in (
            "SELECT c.relname, attname, format_type(atttypid, atttypmod), attnotnull::text, "
            "attidentity, coalesce(pg_get_expr(adbin, adrelid), ''), "
            "coalesce(col_description(c.oid, attnum), '') FROM pg_class c "
            "JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 LEFT JOIN pg_attrdef "
            "ON adrelid = c.oid AND adnum = attnum WHERE relkind = 'r' AND relname LIKE 'fresh%'",
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid::regclass::text LIKE 'fresh%'",
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'fresh%'",
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'fresh%'",
        ):
            cursor.execute(sql)
            told.update(cursor.fetchall())
    return told


def _run(operations: Sequence[Operation]) -> list[ProjectState]:
    """Do them as a migration does; returns the states before, between and after."""
    states = [ProjectState()]
    with connection.schema_editor() as editor:
        for operation in operations:
            states.append(states[-1].clone())
            operation.state_forwards(APP, states[-1])
            operation.database_forwards(APP, editor, states[-2], states[-1])
    return states


def _made_by(operations: Sequence[Operation]) -> set[tuple[str, ...]]:
    with transaction.atomic():
        _run(operations)
        made = _tables()
        transaction.set_rollback(True)
    return made


@pytest.mark.django_db
def test_in_one_go_and_one_by_one_the_tables_are_the_same() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {OWNER}")
    one_by_one = _made_by(_operations())
    assert {name for name, *_ in one_by_one} >= {
        *("fresh_house", "fresh_house_people", "fresh_person", "fresh_house_rooms"),
        *("fresh_house_once", "fresh_rooms", "pgtrigger_fresh_house"),
    }
    assert _made_by([FreshTables(_operations())]) == one_by_one


@pytest.mark.django_db
def test_going_back_leaves_no_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {OWNER}")
    fresh = FreshTables(_operations())
    before, after = _run([fresh])
    with connection.schema_editor() as editor:
        fresh.database_backwards(APP, editor, after, before)
    assert _tables() == set()


def test_the_state_is_the_same_and_renders_the_models_when_asked() -> None:
    one_by_one, in_one_go = ProjectState(), ProjectState()
    assert not in_one_go.apps.all_models[APP]  # rendered before: must not be kept
    for operation in _operations():
        operation.state_forwards(APP, one_by_one)
    FreshTables(_operations()).state_forwards(APP, in_one_go)
    assert "apps" not in in_one_go.__dict__
    assert set(in_one_go.apps.all_models[APP]) == {
        *("house", "house_people", "living", "person"),
    }
    assert {key: state.fields.keys() for key, state in in_one_go.models.items()} == {
        key: state.fields.keys() for key, state in one_by_one.models.items()
    }


@pytest.mark.parametrize(
    ("kind", "says", "added"),
    [
        (
            TypeError,
            "FreshTables cannot take AlterField",
            lambda: op.AlterField("house", "name", models.TextField()),
        ),
        (TypeError, "FreshTables cannot take RunSQL", lambda: op.RunSQL("SELECT 1")),
        (
            ValueError,
            "Add field name to elsewhere: FreshTables does not create the model",
            lambda: op.AddField("elsewhere", "name", models.TextField()),
        ),
    ],
)
def test_what_would_be_lost_is_refused(
    kind: type[Exception], says: str, added: Callable[[], Operation]
) -> None:
    with pytest.raises(kind) as refused:
        FreshTables([*_operations(), added()])
    assert str(refused.value) == says


def test_a_migration_says_it_as_it_was_made() -> None:
    fresh = FreshTables(_operations()[:2])
    assert fresh.describe() == "Create 2 models"
    written, imports = OperationWriter(fresh, indentation=0).serialize()
    assert written.splitlines()[:3] == [
        "core.fresh_tables.FreshTables(",
        "    operations=[",
        "        migrations.CreateModel(",
    ]
    assert "import core.fresh_tables" in imports
