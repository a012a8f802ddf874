"""`among`: `__in` for hundreds of ids. One parameter, which neither Django nor PostgreSQL looks
through value by value."""

from typing import Any

from django.db.models import Field, ForeignKey, Lookup


@Field.register_lookup
@ForeignKey.register_lookup
class Among(Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s)", (*params, list(self.rhs))
