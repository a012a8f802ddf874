"""The product's settings for the test-suite: data of its own, beside a running demo.

Each run takes the first free folder `.data-test…`, so that two runs never meet; xdist's workers
and the programs that tests start inherit the choice.
"""

import itertools
import os
from pathlib import Path

from technopark.embedded.locks import FileLock
from technopark.embedded.paths import ROOT

SLOT = "TECHNOPARK_TEST_DATA"
# The caller's environment describes a demo or a server, neither is ours to test on.
CONFIGURED_BY = (
    *("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "EMAIL_URL"),
    *("DATABASE_PASSWORD", "OWNER_DATABASE_PASSWORD"),
    *("ALLOWED_HOSTS", "MEDIA_ROOT", "PORT", "BIND", "DEBUG", "DEMO", "LOG_LEVEL"),
    *("BEHIND_PROXY", "TRUSTED_PROXIES", "DEFAULT_FROM_EMAIL", "HSTS_SECONDS", "SSL_REDIRECT"),
    *("CLAMD_ADDRESS", "UPLOAD_LIMIT_MB", "METRICS_TOKEN"),
)


def _take_slot() -> str:
    for number in itertools.count(1):
        folder = ROOT / (".data-test" if number == 1 else f".data-test-{number}")
        folder.mkdir(mode=0o700, exist_ok=True)
        slot = FileLock(folder / "slot")
        if slot.acquire():
            return str(folder)  # the lock stays open, and ours, until the process ends
        slot.close()
    raise AssertionError


if SLOT not in os.environ:
    for _name in CONFIGURED_BY:
        os.environ.pop(_name, None)
        os.environ.pop(f"{_name}_FILE", None)
    os.environ[SLOT] = _take_slot()
    os.environ["DATA_DIR"] = os.environ[SLOT]
    # The folder may be lost with the machine; half the time is spent waiting for the disk.
    os.environ["EMBEDDED_FSYNC"] = "off"
    # Playwright runs an event loop in the thread that also asks the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from technopark.settings import *  # noqa: E402, F403
from technopark.settings import DATABASES as _DATABASES  # noqa: E402

# The owner makes and migrates the test database; conftest.py then steps down to the role that
# the product works as.
DATABASES = {"default": {**_DATABASES["default"], "USER": "technopark_owner"}}
# Rate limits live in the cache: one per process, emptied before each test.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Slow on purpose in production.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No manifest: the pages under test need no collected files.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Straight from the apps: a live server needs no collected files either.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
# WhiteNoise warns of a folder that is not there.
STATIC_ROOT = Path(os.environ[SLOT]) / "static"
STATIC_ROOT.mkdir(exist_ok=True)
