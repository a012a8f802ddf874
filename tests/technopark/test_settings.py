"""Settings from the environment: a bad value is refused by a line that names it."""

import datetime as dt
import os
import runpy
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from technopark.embedded.paths import ROOT, paths
from tests.settings import CONFIGURED_BY

SERVER = {
    "DATABASE_URL": "postgres://runtime:s3cret@db/technopark",
    "REDIS_URL": "redis://cache",
    "SITE_URL": "https://hub.example.org",
    "SECRET_KEY": "k" * 50,
    "MEDIA_ROOT": "/srv/media",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "hub@hub.example.org",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CONFIGURED_BY:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def _settings(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> dict[str, object]:
    """What the module says in that environment; the one in use is not touched."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "technopark" / "settings.py"))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "DATABASE_URL",
            "mysql://root:s3cret@db/x",
            " must begin with postgres:// or postgresql://",
        ),
        ("OWNER_DATABASE_URL", "owner", " must begin with postgres:// or postgresql://"),
        ("DATABASE_URL", "postgres://u:s3cret@db:x/y", ": its port must be a number up to 65535."),
        ("REDIS_URL", "http://cache", " must begin with redis:// or rediss://"),
        ("SITE_URL", "hub.example.org", "='hub.example.org' must be like https://hub.example.org."),
        ("SECRET_KEY", "k" * 49, " must have at least 50 characters."),
        ("METRICS_TOKEN", "k" * 19, " must have at least 20 characters."),
        ("MEDIA_ROOT", "", " is not set (or MEDIA_ROOT_FILE with its content)."),
        ("DEFAULT_FROM_EMAIL", "", " is not set (or DEFAULT_FROM_EMAIL_FILE with its content)."),
        ("DEBUG", "perhaps", "='perhaps' must be yes or no."),
        ("HSTS_SECONDS", "a year", "='a year' must be a whole number."),
        ("TRUSTED_PROXIES", "-1", "=-1 must be at least 0."),
        ("LOG_LEVEL", "LOUD", "='LOUD' must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL."),
    ],
)
def test_a_bad_value_is_named(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        _settings(monkeypatch, {**SERVER, name: value})
    assert str(refused.value) == f"{name}{said}"


def test_the_command_line_says_it_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **SERVER, "LOG_LEVEL": "LOUD"},
        capture_output=True,
        text=True,
    )
    said = "LOG_LEVEL='LOUD' must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL."
    assert (done.returncode, done.stderr) == (1, f"manage.py: {said}\n")


AWAY = {
    **SERVER,
    "DATABASE_URL": "postgres://runtime:s3cret@127.0.0.1:1/technopark",
    "OWNER_DATABASE_URL": "postgres://owner:s3cret@127.0.0.1:1/technopark",
    "REDIS_URL": "redis://127.0.0.1:1",
}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["manage.py", "indicators", "hosted"], "manage.py: PostgreSQL cannot be reached ("),
        pytest.param(
            ["manage.py", "migrate"],
            "manage.py: PostgreSQL cannot be reached (",
            marks=pytest.mark.torture,
        ),
        (["-m", "technopark.embedded.prepare"], "Redis cannot be reached ("),
    ],
)
def test_a_server_that_does_not_answer_is_named(command: list[str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "technopark.settings", **AWAY},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith(said)
    assert "s3cret" not in done.stderr
    assert "_URL" in done.stderr


def test_the_clock_of_the_log_is_moroccos() -> None:
    """UTC all year since 20 September 2026, whatever the system's own tables say."""
    before, since = dt.datetime(2026, 8, 1, tzinfo=dt.UTC), dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    offsets = [time.localtime(day.timestamp()).tm_gmtoff for day in (before, since)]
    assert offsets == [3600, 0]


def test_an_unknown_way_to_send_mail_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL must begin with .*smtp\+tls://"):
        _settings(monkeypatch, {**SERVER, "EMAIL_URL": "pigeon://user:s3cret@loft"})


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "key"
    given = {**SERVER, "SECRET_KEY": "", "SECRET_KEY_FILE": str(secret)}
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY_FILE cannot be read: "):
        _settings(monkeypatch, given)
    secret.write_text("\n")
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY_FILE=.* is empty\.$"):
        _settings(monkeypatch, given)
    secret.write_text("s" * 50 + "\n")
    assert _settings(monkeypatch, given)["SECRET_KEY"] == "s" * 50
    with pytest.raises(ImproperlyConfigured, match=r"^Set SECRET_KEY or SECRET_KEY_FILE, not both"):
        _settings(monkeypatch, {**given, "SECRET_KEY": "k" * 50})


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    made = _settings(monkeypatch, {**SERVER, "ALLOWED_HOSTS": "", "SSL_REDIRECT": ""})
    assert (made["ALLOWED_HOSTS"], made["SECURE_SSL_REDIRECT"]) == (["hub.example.org"], True)


@pytest.mark.parametrize(
    ("given", "folder"),
    [
        ({}, paths().mail),
        ({"EMAIL_URL": "filemail:///srv/mail"}, Path("/srv/mail")),
        (SERVER, None),
    ],
)
def test_letters_lie_in_the_folder_that_is_announced(
    given: dict[str, str], folder: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _settings(monkeypatch, given)["EMAIL_FILE_PATH"] == folder
