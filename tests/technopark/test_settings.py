"""Settings from the environment."""

import runpy
from pathlib import Path

import pytest

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
