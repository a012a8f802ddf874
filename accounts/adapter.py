"""allauth's hooks: its letters go through our outbox, and nobody signs up by themselves."""

import time
from typing import Any, Final

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import translation

from core import messages
from core.middleware import client_address

TOLD_BY_THE_PAGE: Final = {
    "account/messages/email_confirmed.txt",
    "account/messages/logged_in.txt",
    "account/messages/login_code_sent.txt",
}
"""allauth's notices that only repeat what the page they stand on says."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """An account is made by an application or by an administrator, never by a sign-up form."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Signing in counts too: whoever sets up their second factor right after it has just given
        the password, and asked again would only learn to type it anywhere."""
        request = allauth_context.request
        fresh = request is not None and any(
            time.time() - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT
            for record in get_authentication_records(request, request.user)
        )
        return not fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where people work, when no page had sent them to sign in."""
        user: Any = request.user
        return reverse("admin:index") if user.is_staff else resolve_url(settings.LOGIN_REDIRECT_URL)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the letter, in the recipient's language; codes are secret and wiped once sent."""
        user = context.get("user")
        language = getattr(user, "language", None) or translation.get_language() or "fr"
        request = allauth_context.request
        with translation.override(language):
            mail = self.render_mail(
                template_prefix, email, {"request": request, "email": email, **context}
            )
        messages.queue(
            to=email,
            subject=str(mail.subject),
            body=str(mail.body),
            language=language[:2],
            secret=True,
        )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message_template not in TOLD_BY_THE_PAGE:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)
