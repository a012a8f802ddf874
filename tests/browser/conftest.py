"""The system's Chromium, quiet and without any request of its own."""

import shutil
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found is not None, "no Chromium: tests/ensure_chromium.sh says how to install it"
    return {"executable_path": found, "args": list(QUIET)}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test names its live server; the plugin's own fixture is of a kind pytest deprecates."""
