"""allauth's hooks: its letters go through our outbox, and nobody signs up by themselves."""

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.http import HttpRequest
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
