"""What several of these tests need."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """Files are kept here for the time of a test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
