"""Children that end with their parent, however it ends."""

import signal
import subprocess
import sys

import pytest

from technopark.embedded.process import bound
from tests.technopark.instance import lives, wait_until

_FORK = """
import os, sys, time
from technopark.embedded.process import die_with_parent
read, write = os.pipe()
child = os.fork()
if child == 0:
    {before}
    die_with_parent()
    os.write(write, b"!")
    time.sleep(60)
os.read(read, 1)
print(child, flush=True)
time.sleep(60)
"""
_BOUND = """
import signal, subprocess, sys, time
from technopark.embedded.process import bound
child = subprocess.Popen(bound(["sleep", "60"], signum=signal.SIGTERM))
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("script", [_FORK.format(before="pass"), _BOUND], ids=["fork", "bound"])
def test_child_ends_with_a_killed_parent(script: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert lives(child)
    parent.kill()
    parent.communicate(timeout=10)
    assert wait_until(lambda: not lives(child), within=10)


def test_child_of_a_parent_that_is_gone_already_ends() -> None:
    # The parent is killed before the child asks for its death signal, which would never come.
    before = "os.kill(os.getppid(), 9)\n    while os.getppid() == int(sys.argv[1]): pass"
    script = _FORK.format(before=before).replace("int(sys.argv[1])", "parent")
    script = script.replace("child = os.fork()", "parent = os.getpid(); child = os.fork()")
    started = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True, timeout=20
    )
    # run() returns once the pipes are closed: by then the child is gone as well.
    assert (started.returncode, started.stdout, started.stderr) == (
        -signal.SIGKILL,
        "",
        "The parent process is gone; stopping.\n",
    )


def test_bound_command_does_not_start_under_another_parent() -> None:
    command = bound(["echo", "started"], signum=signal.SIGTERM)
    through_a_shell = ["/bin/sh", "-c", '"$@"; exit $?', "sh", *command]
    done = subprocess.run(through_a_shell, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "started\n")
