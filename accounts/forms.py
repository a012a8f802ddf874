"""Sign-in by e-mail code: for applicants only."""

from allauth.account.forms import RequestLoginCodeForm as BaseRequestLoginCodeForm

from accounts.models import User


class RequestLoginCodeForm(BaseRequestLoginCodeForm):  # type: ignore[misc]
    """A member of staff gets no code: a mailbox must not stand in for password and second factor.

    The page answers the same whoever asks; the letter to a member of staff tells them to use
    their password.
    """

    def clean_email(self) -> str:
        email: str = super().clean_email()
        user: User | None = getattr(self, "_user", None)
        if user is not None and user.is_staff:
            self._user = None
        return email
