"""What all of billing's tests may ask for."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """The folder of stored files, empty."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
