"""One server program as a child of the keeper."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from technopark.embedded.account import Account
from technopark.embedded.errors import EmbeddedError
from technopark.embedded.locks import FileLock
from technopark.embedded.process import bound

_PAUSE: Final = 0.02  # seconds
_TO_LEAVE: Final = 60  # seconds an earlier server may take to finish its shutdown
_TO_ANSWER: Final = 60  # seconds; crash recovery of a large database takes its time
_LOG_LIMIT: Final = 5_000_000  # bytes


@dataclass
class Service:
    """A server: how to start it, ask whether it answers, and stop it."""

    name: str
    command: Sequence[str]
    account: Account
    stop_signal: signal.Signals
    """The polite way to stop; also its death signal when the keeper is gone."""
    kill_signals: Sequence[signal.Signals]
    """What follows, 10 seconds apart, when politeness did not help."""
    lock: Path
    log: Path
    answers: Callable[[], bool]
    before_start: Callable[[], None] = lambda: None
    """Runs when no process of an earlier server is left."""
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _log_start: int = field(default=0, init=False)

    def start(self) -> None:
        """Start the server and return once it answers.

        Its processes inherit the lock: as long as one of an earlier server lives, even as an
        orphan that is still shutting down, the next start waits.
        Raises EmbeddedError with the server's own last words.
        """
        lock = FileLock(self.lock)
        try:
            if not lock.acquire(wait=_TO_LEAVE):
                raise EmbeddedError(
                    f"An earlier {self.name} of this folder does not stop: end it "
                    f"(`fuser {self.lock}` shows its process) and try again."
                )
            self.before_start()
            self.process = self._spawn(lock.fd)
        finally:
            lock.close()
        self._wait_until_it_answers()

    def _spawn(self, lock_fd: int) -> subprocess.Popen[bytes]:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.rename(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            return subprocess.Popen(  # noqa: S603 - our own words only
                bound(self.command, signum=self.stop_signal, privileges=self.account.privileges),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                pass_fds=(lock_fd,),
                # A terminal's Ctrl-C is for the programs that use the server.
                start_new_session=True,
            )

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _TO_ANSWER
        while not self.answers():
            if not self.is_running():
                raise EmbeddedError(f"{self.name} did not start: {self.last_words()}")
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{self.name} does not answer; its log is {self.log}.")
            time.sleep(_PAUSE)

    def is_running(self) -> bool:
        """Whether the server that was started has not ended."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the server: politely, then harder; returns when it is gone."""
        process, self.process = self.process, None
        if process is None:
            return
        for signum, patience in (
            (self.stop_signal, _TO_LEAVE),
            *((signum, 10) for signum in self.kill_signals),
        ):
            if process.poll() is None:
                os.kill(process.pid, signum)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
            return

    def last_words(self) -> str:
        """The last complaint in the log since the start, and where the log is."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode(errors="replace").strip().splitlines()
        telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "rror" in line]
        words = (telling or lines or ["it said nothing"])[-1].strip()
        return f"{words} (log: {self.log})"
