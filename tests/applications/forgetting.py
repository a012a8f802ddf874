"""Rules of retention, and files that end."""

from typing import Any

from applications.models import Application, RetentionRule
from applications.services import retention, screening
from sites.models import Site
from tests.factories import scene


def rule(state: str, days: int) -> RetentionRule:
    return retention.save_rule(rule=RetentionRule(state=state, days=days), acting_user=None)


def spam(site: Site, **given: Any) -> Application:
    file = scene.application(site, **given)
    return screening.mark_spam(application=file, acting_user=None)
