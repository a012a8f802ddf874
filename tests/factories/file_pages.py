"""The staff's page of a file, as somebody sees it."""

from django.test import Client

from accounts.models import User
from applications.models import Application
from tests.factories import doors


def address(file: Application, rest: str = "change/") -> str:
    return f"/staff/applications/application/{file.pk}/{rest}"


def opened_by(who: User) -> Client:
    """Signed in, in English."""
    client = doors.signed_in(who)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def shown(client: Client, file: Application, query: str = "") -> str:
    answer = client.get(f"{address(file)}?lang=en{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def section(page: str, name: str) -> str:
    """The section of that name."""
    start = page.index(f'id="{name}"')
    return page[start : page.index("</section>", start)]
