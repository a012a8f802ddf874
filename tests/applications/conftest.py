"""What most tests of applications stand on."""

from pathlib import Path

import pytest
from pytest_django import Settings

from sites.models import Site
from tests.factories import scene


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """The folder of uploaded files, empty."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
