"""One archive with the database and the uploaded files, and the way back.

`archive` is the file's shape, `postgres` PostgreSQL's own programs, `saving` and `restoring` the
two acts. All of it works as the owner of the tables.
"""

from technopark.backup.archive import BackupError
from technopark.backup.restoring import restore
from technopark.backup.saving import save

__all__ = ["BackupError", "restore", "save"]
