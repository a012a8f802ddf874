"""A file on its way from one site to another: asked, and who sees it."""

from accounts.models import User
from accounts.rights import Action
from applications.models import Application, Transfer
from applications.services import transfers
from sites.models import Site

Officers = tuple[User, User]


def asked(file: Application, target: Site, by: User | None = None) -> Transfer:
    return transfers.ask_transfer(
        application=file, target=target, reason="Un bureau y est libre.", acting_user=by
    )


def seen_by(*users: User) -> list[tuple[bool, bool]]:
    """(reads, acts) of each user on the only file."""
    files = Application.objects
    return [
        (files.visible_to(user).exists(), files.visible_to(user, Action.SCREEN).exists())
        for user in users
    ]
