"""Which system user the services run as.

PostgreSQL refuses to run as root.  Started by root, both services run as another user, with
at most one capability: to pass through folders closed to that user, such as root's home.
"""

import os
import pwd
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from technopark.embedded.errors import EmbeddedError
from technopark.embedded.paths import Paths
from technopark.embedded.process import bound

# The weaker first; containers often lack it, and a strict umask hides programs from it.
_CAPABILITIES: Final = ("dac_read_search", "dac_override")

_PROBE: Final = 'cd "$1" && test -r "$2" && "$2" --version'


@dataclass(frozen=True, slots=True)
class Account:
    """A user for the services; `privileges` are the options of setpriv that make it."""

    uid: int
    gid: int
    privileges: tuple[str, ...]

    def own(self, folder: Path) -> None:
        """Make `folder` (mode 700) if need be and give it, with its content, to the account."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid == self.uid:
            return
        # The folder itself comes last, so that an interrupted change is taken up again.
        for path in (*folder.rglob("*"), folder):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose(paths: Paths, *, program: Path) -> Account:
    """The account for this instance.

    Not root: the caller, who must own the data.  Root: the owner of the data if there is
    some, else `postgres`, else `nobody`.  Raises EmbeddedError when none can work.
    """
    found = next((p.stat() for p in (paths.postgres, paths.redis) if p.exists()), None)
    if os.geteuid() != 0:
        if found is not None and found.st_uid != os.geteuid():
            raise EmbeddedError(
                f"{paths.data} belongs to another user ({_name(found.st_uid)}): run as that "
                "user, or set DATA_DIR to a folder of your own."
            )
        return Account(uid=os.geteuid(), gid=os.getegid(), privileges=())
    # Data copied by root belongs to root now: it goes to the default account again.
    uid, gid = (found.st_uid, found.st_gid) if found is not None and found.st_uid else _default()
    return _with_capability(paths, uid=uid, gid=gid, program=program)


def _default() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise EmbeddedError(
        "PostgreSQL does not run as root, and there is no user postgres or nobody: "
        "run as an ordinary user."
    )


def _with_capability(paths: Paths, *, uid: int, gid: int, program: Path) -> Account:
    reason = ""
    for capability in _CAPABILITIES:
        account = Account(
            uid=uid,
            gid=gid,
            privileges=(
                f"--reuid={uid}",
                f"--regid={gid}",
                "--clear-groups",
                # Without it access(2), by which PostgreSQL's programs find each other,
                # overlooks the capability of a user who is not root.
                "--securebits=+no_setuid_fixup",
                *(
                    f"--{kind}=-all,+{capability}"
                    for kind in ("inh-caps", "ambient-caps", "bounding-set")
                ),
            ),
        )
        probe = subprocess.run(  # noqa: S603 - our own words only
            bound(
                ["/bin/sh", "-c", _PROBE, "sh", str(paths.run), str(program)],
                signum=signal.SIGKILL,
                privileges=account.privileges,
            ),
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        if probe.returncode == 0:
            return account
        reason = probe.stderr.strip().splitlines()[-1] if probe.stderr.strip() else "no reason"
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and the user {_name(uid)} cannot run it here "
        f"({reason}): run as an ordinary user in a folder of its own."
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
