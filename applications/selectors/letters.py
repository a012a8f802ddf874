"""Which words a letter has: the site's own, else the network's, else the product's."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat

from accounts.rights import Action
from applications.models import Application, Declaration, Letter, LetterTemplate
from core.models import Message, MessageState
from sites.models import Membership, Site
from sites.selectors import messages_visible_to

Book = Mapping[tuple[str, str, int | None], LetterTemplate]
"""The templates by kind, language and site (None: the network's)."""


def template_for(*, kind: str, language: str, site: Site) -> LetterTemplate | None:
    """The words that a letter of the site begins from; None: the product's own."""
    templates = LetterTemplate.objects.filter(Q(site=site) | Q(site=None))
    return (
        templates.filter(kind=kind, language=language)
        .order_by(F("site").asc(nulls_last=True))
        .first()
    )


def book_of_templates(site_ids: Iterable[int]) -> Book:
    """The templates that letters of these sites can begin from, in one query."""
    rows = LetterTemplate.objects.filter(Q(site__in=set(site_ids)) | Q(site=None))
    return {(row.kind, row.language, row.site_id): row for row in rows}


def found_in(book: Book, *, kind: str, language: str, site_id: int) -> LetterTemplate | None:
    """As `template_for`, from a book."""
    return book.get((kind, language, site_id)) or book.get((kind, language, None))


def current_letters(applications: Any) -> dict[int, Letter]:
    """The letter of each file that waits to leave, by the application's id; one query."""
    rows = Letter.objects.current().filter(application__in=applications)
    return {letter.application_id: letter for letter in rows.select_related("written_by")}


def messages_open_to(user: Any, action: Action = Action.VIEW) -> QuerySet[Message]:
    """The outbox as the user may see it: nothing that was written on a file in which they are in
    conflict, nor what names one among others, as the morning mail does."""
    of_the_file = Concat(Value("application:"), Cast("application", CharField()), Value(":"))
    hidden = Declaration.objects.filter(user=user, conflicted=True).annotate(
        matter=ExpressionWrapper(OuterRef("matter"), output_field=CharField()),
        body=ExpressionWrapper(OuterRef("body"), output_field=TextField()),
    )
    return messages_visible_to(user, action).exclude(
        Exists(
            hidden.filter(
                Q(matter__startswith=of_the_file) | Q(body__contains=F("application__reference"))
            )
        )
    )


def naming(file: Application, *, to: str) -> QuerySet[Message]:
    """What waits to leave to an address and names the file."""
    waiting = Message.objects.filter(to=to, state=MessageState.TO_SEND)
    return waiting.filter(Q(body__contains=file.reference) | Q(subject__contains=file.reference))


def others_decide(application: Application, user: Any) -> bool:
    """Whether anybody but the user may decide at the file's site, and so approve a letter."""
    members = Membership.objects.at(application.site_id).that_may(Action.DECIDE, "application")
    return members.filter(user__is_active=True).exclude(user=user).exists()
