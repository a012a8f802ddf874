"""A member of staff's own account: the pages of the second factor, in our dress."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts.choices import Role
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db


def test_the_list_of_passkeys_opens() -> None:
    user = scene.staff(Role.DIRECTOR)
    client = doors.signed_in(user)
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Clé du bureau"}
    )
    listed = reverse("mfa_list_webauthn")
    assert listed in client.get(reverse("mfa_index")).content.decode()
    page = client.get(listed)
    assert page.status_code == 200
    assert "Clé du bureau" in page.content.decode()
