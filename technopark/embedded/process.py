"""Child processes that never outlive their parent, not even one ended by `kill -9`."""

import ctypes
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from typing import Final

from technopark.embedded.errors import EmbeddedError

_PR_SET_PDEATHSIG: Final = 1
# Who forked this process; None in one that was not forked by Python.
_forked_by: int | None = None
_current: int = os.getpid()


def _note_fork() -> None:
    global _current, _forked_by
    _forked_by, _current = _current, os.getpid()


os.register_at_fork(after_in_child=_note_fork)


def die_with_parent(signum: signal.Signals = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Ask the kernel for `signum` when the parent ends; Linux only.

    `parent` is the process id expected as parent; without it, the one that forked this
    process. If that one is gone already, no signal would ever come: the process ends at once.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    expected = parent if parent is not None else _forked_by
    if expected is not None and os.getppid() != expected:
        sys.stderr.write("The parent process is gone; stopping.\n")
        sys.stderr.flush()
        os._exit(1)


def bound(
    command: Sequence[str], *, signum: signal.Signals, privileges: Sequence[str] = ()
) -> list[str]:
    """`command`, to be started by this very process, with `signum` as its death signal.

    The signal is set after the change of user (`privileges`, options of setpriv), which would
    clear it.  The shell closes the gap before that: a command whose parent is gone already
    does not start.  Raises EmbeddedError without setpriv.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EmbeddedError(
            "The program setpriv is missing: install the package util-linux (Debian, Fedora) "
            "or setpriv (Alpine)."
        )
    return [
        setpriv,
        *privileges,
        "--pdeathsig",
        signum.name.removeprefix("SIG"),
        "--",
        "/bin/sh",
        "-c",
        'test "$PPID" = "$0" && exec "$@"',
        str(os.getpid()),
        *command,
    ]
