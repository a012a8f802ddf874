"""Whoever wakes the worker asks our broker, in every process of the product."""

import os
import subprocess
import sys

import pytest
from celery import current_app

from core.jobs import wake_on_commit
from technopark.embedded.paths import ROOT


def test_the_current_app_is_ours() -> None:
    assert current_app.main == "technopark"
    assert current_app.conf.broker_url.startswith("redis+socket://")


@pytest.mark.django_db(transaction=True)
def test_a_commit_leaves_a_message_in_redis(caplog: pytest.LogCaptureFixture) -> None:
    """Tests beside this one wake the same broker: theirs may come first."""
    with current_app.connection_for_write() as connection:
        queue = connection.SimpleQueue("celery")
        queue.clear()
        wake_on_commit("core.send_messages")
        found = ""
        while found != "core.send_messages":  # Empty is raised where nothing comes any more
            message = queue.get(timeout=5)
            message.ack()
            found = message.headers["task"]
        queue.close()
    assert caplog.records == []


def test_manage_py_knows_it_too() -> None:
    code = "from celery import current_app as app; print(app.main)"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        check=False,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "technopark.settings"},
        text=True,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "technopark"), done.stderr
