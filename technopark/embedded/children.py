"""The supervised programs: started, their output labelled line by line, stopped."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Final

from technopark.embedded.process import bound

_WIDTH: Final = 6  # of the longest name, `worker`
_one_line_at_a_time = threading.Lock()


class Child:
    """One program under the supervisor.  It gets `orphaned` when the supervisor is killed."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        pass_fds: Sequence[int],
        orphaned: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.process = subprocess.Popen(  # noqa: S603 - our own words only
            bound(command, signum=orphaned),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(env),
            pass_fds=tuple(pass_fds),
            # Ctrl-C reaches the supervisor alone, which then stops its children in order;
            # and the whole family of a child can be killed at once.
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self._pump = threading.Thread(target=self._relay, args=(self.process.stdout,), daemon=True)
        self._pump.start()

    def _relay(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                text = line.decode(errors="replace").rstrip("\n")
                # The terminal may be gone: the child must not block for that.
                with _one_line_at_a_time, suppress(OSError):
                    sys.stdout.write(f"{self.name:<{_WIDTH}} | {text}\n")
                    sys.stdout.flush()

    def has_ended(self) -> bool:
        """Whether the program is no longer there."""
        return self.process.poll() is not None

    def drain(self) -> None:
        """Wait until the last words of an ended program are out."""
        self._pump.join(2)

    def kill(self) -> None:
        """End the program and whatever it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def stop(children: Sequence[Child], *, patience: float) -> None:
    """Ask all to stop, wait `patience` seconds in total, then kill what is left."""
    for child in children:
        if not child.has_ended():
            child.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + patience
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, deadline - time.monotonic()))
    for child in children:
        child.kill()
        child.drain()
