"""The doors: password for staff, e-mail code for applicants only."""

from typing import Any

from allauth.account.forms import LoginForm as BaseLoginForm
from allauth.account.forms import RequestLoginCodeForm as BaseRequestLoginCodeForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class LoginForm(BaseLoginForm):  # type: ignore[misc]
    """Calls the address what every other page calls it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("e-mail")


class RequestLoginCodeForm(BaseRequestLoginCodeForm):  # type: ignore[misc]
    """A member of staff gets no code: a mailbox must not stand in for password and second factor.

    The page answers the same whoever asks; the letter to a member of staff tells them to use
    their password.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("e-mail")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        user: User | None = getattr(self, "_user", None)
        if user is not None and user.is_staff:
            self._user = None
        return email


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Asks for the key's name in the page's language: allauth has no French word for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("name")
