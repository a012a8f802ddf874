"""PostgreSQL and Redis from their wheels, for a machine that has neither.

`paths` says where everything lies, `session` lets a program use the services, `keeper` is the
process that starts and stops them, `supervisor` runs the whole product (`make run`).
Importing any of them starts nothing and needs no Django.
"""

from technopark.embedded.errors import EmbeddedError
from technopark.embedded.session import hold, is_needed, use

__all__ = ["EmbeddedError", "hold", "is_needed", "use"]
