"""The product's settings in production's shape, on data of its own."""

import os

from technopark.embedded.paths import ROOT

os.environ["DATA_DIR"] = str(ROOT / ".data-bench")
os.environ["DEBUG"] = "0"
os.environ["LOG_LEVEL"] = "ERROR"

from technopark.settings import *  # noqa: F403
from technopark.settings import REST_FRAMEWORK as _REST

ROOT_URLCONF = "benchmarks.urls"
ALLOWED_HOSTS = ["bench"]
# The limit is counted as always, but never reached.
REST_FRAMEWORK = {
    **_REST,
    "DEFAULT_THROTTLE_RATES": {
        "client": "9999/min",
        "public": "9999/min",
        "apply": "9999/min",
        "apply_email": "9999/min",
    },
}
# The manifest of collected files plays no part in what is measured.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
