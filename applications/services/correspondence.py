"""Letters leave through the outbox, one current letter per matter."""

from collections.abc import Callable

from accounts.choices import Role
from accounts.models import User
from applications.letters import Letter, copied
from applications.models import Application, Declaration
from core import messages
from core.models import Message
from sites.models import Membership


def send(application: Application, letter: Letter, matter: str) -> Message:
    """Queue a letter to the applicant, with a copy to those who apply with them; a newer one on
    the matter supersedes an unsent older one."""
    for email in _beside(application):
        messages.queue(
            to=email,
            subject=letter.subject,
            body=copied(application, letter),
            language=application.language,
            matter=_matter(application, matter),
            site_code=application.site.code,
        )
    return send_alone(application, letter, matter)


def send_alone(application: Application, letter: Letter, matter: str) -> Message:
    """The same without copies: the letter holds a key to the draft, which is one person's."""
    return messages.queue(
        to=application.contact_email,
        subject=letter.subject,
        body=letter.body,
        language=application.language,
        matter=_matter(application, matter),
        site_code=application.site.code,
    )


def send_to_staff(application: Application, user: User, letter: Letter, matter: str) -> None:
    """Queue a letter about the file to a member of staff, a reviewer or a committee member."""
    messages.queue(
        to=user.email,
        subject=letter.subject,
        body=letter.body,
        language=user.language,
        matter=_matter(application, matter),
        site_code=application.site.code,
    )


def tell_officers(
    application: Application, written: Callable[[str], Letter], matter: str
) -> list[User]:
    """Queue a letter, `written` in each one's language, to the site's admissions officers.

    Whoever declared a conflict of interest in the file hears nothing of it. Returns whom it goes
    to.
    """
    conflicted = Declaration.objects.filter(application=application, conflicted=True)
    here = Membership.objects.at(application.site_id).filter(role=Role.ADMISSIONS_OFFICER)
    told = User.objects.filter(is_active=True, pk__in=here.values("user"))
    readers = list(told.exclude(pk__in=conflicted.values("user")).order_by("pk"))
    for reader in readers:
        send_to_staff(application, reader, written(reader.language), matter)
    return readers


def _beside(application: Application) -> list[str]:
    """The addresses of those who came to apply with the applicant."""
    people = application.co_applicants.standing().filter(user__is_active=True)
    return list(people.order_by("pk").values_list("email", flat=True))


def _matter(application: Application, matter: str) -> str:
    return f"application:{application.pk}:{matter}"
