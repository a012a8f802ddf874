"""The health addresses, without sign-in and without being cached."""

import pytest
from django.test import Client


def test_live_asks_nobody(client: Client) -> None:
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_asks_the_database(client: Client) -> None:
    response = client.get("/health/ready/")
    assert response.json() == {"status": "ok", "failing": []}
