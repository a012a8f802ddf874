"""What most tests of applications stand on."""

from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.choices import Role
from accounts.models import User
from sites.models import Site
from tests.factories import scene


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def sites() -> tuple[Site, Site]:
    """Where a file is, and where it may go."""
    return scene.site("CAS"), scene.site("TNG")


@pytest.fixture
def officers(sites: tuple[Site, Site]) -> tuple[User, User]:
    """One of each of the two sites."""
    here, there = (scene.staff(Role.ADMISSIONS_OFFICER, site) for site in sites)
    return here, there


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """The folder of uploaded files, empty."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
