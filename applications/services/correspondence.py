"""Letters leave through the outbox, one current letter per matter."""

from applications.letters import Letter
from applications.models import Application
from core import messages


def send(application: Application, letter: Letter, matter: str) -> None:
    """Queue a letter to the applicant; a newer one on the matter supersedes an unsent older one."""
    messages.queue(
        to=application.contact_email,
        subject=letter.subject,
        body=letter.body,
        language=application.language,
        matter=f"application:{application.pk}:{matter}",
        site_code=application.site.code,
    )
