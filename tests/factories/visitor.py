"""A visitor of the public form: begins a draft, types into its chapters, reads what comes back."""

import re
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from applications.forms import opened_now
from sites.models import Site
from tests.factories import scene


def begin(site: Site, /, **changed: Any) -> dict[str, Any]:
    """The first page, open for a minute."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False):
        opened = opened_now()
    values = {"site": site.code, "email": "Contact@Demo.example", "keep": "on", "opened": opened}
    return {**values, "fax": "", **changed}


def begun(client: Client, site: Site, **changed: Any) -> str:
    """The address of the draft that the client began."""
    answer = client.post("/apply/?lang=en", begin(site, **changed))
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"])


def fill(client: Client, address: str, **changed: Any) -> None:
    """Type the same into every chapter, as the button saves it."""
    for chapter in ("applicant", "project", "space"):
        client.post(f"{address}{chapter}/", scene.typed(**changed))


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
