"""The tables of an app's first migration, made in one go.

Django renders every model that hangs together with a changed one after each operation of a
migration. In a graph where everything refers to people and sites, hundreds of small operations
then take most of a minute, on every fresh database. Here the state takes them all first, is
rendered once, and the tables are made as they are at the end.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

# What a table made from the last state has from the beginning.
_INSIDE: Final = (AddField, AddConstraint, AddIndex)


class FreshTables(Operation):
    """`operations` as `makemigrations` wrote them: new models, what was added to them, triggers.

    Raises TypeError for any other operation (the tables are made from the last state: there is no
    step between), ValueError for an addition to a model that is not new here (nothing would make
    it). Such operations go beside this one, or into a later migration.
    """

    category = OperationCategory.ADDITION
    reduces_to_sql = True
    reversible = True
    serialization_expand_args = ["operations"]

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.operations = list(operations)
        new = set()
        for operation in self.operations:
            if isinstance(operation, CreateModel):
                new.add(operation.name_lower)
            elif not isinstance(operation, (*_INSIDE, AddTrigger)):
                raise TypeError(f"FreshTables cannot take {type(operation).__name__}")
            elif operation.model_name_lower not in new:
                raise ValueError(f"{operation.describe()}: FreshTables does not create the model")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"operations": self.operations}

    def describe(self) -> str:
        made = sum(isinstance(operation, CreateModel) for operation in self.operations)
        return f"Create {made} models"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # Without rendered models, a change of state renders nothing.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            if not isinstance(operation, _INSIDE):
                operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        # All that was added goes with its table (of a trigger, PostgreSQL's function stays, as it
        # does when pgtrigger takes the trigger away).
        for operation in reversed(self.operations):
            if isinstance(operation, CreateModel):
                operation.database_backwards(app_label, schema_editor, from_state, to_state)
