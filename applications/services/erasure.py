"""What goes when a file is anonymised, and what stays.

Everything that anybody wrote of it or about it goes, in the tables, in their history and on the
disk. The reference, the states and dates, the outcomes and the counts that follow from them stay;
so do what the law keeps longer: signed minutes, leases, companies with their contacts.
"""

from collections.abc import Iterable
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db.models import Model, Q
from django.utils import timezone
from knox.models import AuthToken

from accounts.models import User
from applications.labels import LetterState
from applications.models import (
    AgendaItem,
    Application,
    ApplicationSector,
    CoApplicant,
    Decision,
    Declaration,
    Document,
    Ineligibility,
    InformationRequest,
    LegalHold,
    Letter,
    Offer,
    Place,
    PlaceMove,
    Remark,
    RequestedItem,
    Review,
    Revision,
    Score,
    SearchEntry,
    Task,
    Transfer,
    Transition,
)
from core.history import erase, forget_contexts
from core.models import Message, MessageState
from sites.models import Booking, Membership

WRITTEN: Final[tuple[tuple[Any, str], ...]] = (
    (Letter, "application"),
    (Document, "application"),
    (Remark, "application"),
    (Revision, "application"),
    (Review, "application"),
    (Score, "review__application"),
    (Declaration, "application"),
    (Transition, "application"),
    (CoApplicant, "application"),
    (InformationRequest, "application"),
    (Decision, "application"),
    (Ineligibility, "application"),
    (Task, "application"),
    (Transfer, "application"),
    (PlaceMove, "place__application"),
    (LegalHold, "application"),
    (AgendaItem, "application"),
    (SearchEntry, "application"),
)
"""The tables in which people write of a file, and how each leads to it. A test walks all models."""


def erase_file(file: Application, *, acting_user: User | None, reason: str) -> None:
    """Anonymise a *locked* file, within the caller's transaction.

    The uploaded files go last of all, just before the transaction ends: should it still fail, the
    file is due all the same and the next run finishes; nothing is left on the disk that no table
    knows of.
    """
    people = _people_of(file)
    kept_at = [name for name in file.documents.values_list("file", flat=True) if name]
    _settle(file)
    messages = Message.objects.filter(matter__startswith=f"application:{file.pk}:")
    rows: list[Model] = [file, *messages]
    for model, path in WRITTEN:
        rows += [model(pk=pk) for pk in _ever(model, path, file)]
    erase(instances=rows, acting_user=acting_user, reason=reason)
    _forget_contexts(file)
    _forget_log_entries(rows)
    file.refresh_from_db()
    file.anonymised_at = timezone.now()
    file.save(update_fields=["anonymised_at"])
    for person in people:
        erase_empty_account(person, acting_user=acting_user, reason=reason)
    for name in kept_at:
        default_storage.delete(name)


def _ever(model: Any, path: str, file: Application) -> list[int]:
    """The keys of the file's rows, those included that only the history still knows."""
    keys = set(model.objects.filter(**{path: file}).values_list("pk", flat=True))
    if (events := getattr(model, "pgh_event_model", None)) is not None:
        column = path.partition("__")[0]
        parents = [file.pk]
        if column != path:
            parents = list(file.reviews.values_list("pk", flat=True))
        known = events.objects.filter(**{f"{column}__in": parents})
        keys |= set(known.values_list("pgh_obj_id", flat=True))
    return sorted(keys)


def _people_of(file: Application) -> list[User]:
    """The applicant, and who was invited to apply with them, whether or not they came: whoever
    followed the link has an account. Locked."""
    invited = file.co_applicants.exclude(email="")
    people = User.objects.select_for_update().filter(
        Q(pk=file.applicant_id)
        | Q(pk__in=invited.exclude(user=None).values("user"))
        | Q(email__in=invited.values("email"))
    )
    return list(people.order_by("id"))


def _settle(file: Application) -> None:
    """Nothing of the file waits any more: no decision, letter, task or message."""
    now = timezone.now()
    file.decisions.to_publish().update(superseded_at=now)
    file.letters.current().update(state=LetterState.SUPERSEDED)
    file.tasks.open().update(done_at=now)
    Message.objects.filter(
        matter__startswith=f"application:{file.pk}:", state=MessageState.TO_SEND
    ).update(state=MessageState.SUPERSEDED)


def _forget_contexts(file: Application) -> None:
    """The reasons in the history of rows that have no words of their own."""
    offers = list(file.offers.values_list("pk", flat=True))
    held = Offer.pgh_event_model.objects.filter(pgh_obj_id__in=offers)  # type: ignore[attr-defined]
    bookings = held.exclude(booking=None).values_list("booking_id", flat=True).distinct()
    items = RequestedItem.objects.filter(request__application=file)
    forget_contexts(model=Offer, row_ids=offers)
    forget_contexts(model=Booking, row_ids=list(bookings))
    # Whoever moves or leaves moves others: their history bears the reason too. It stands in the
    # moves themselves, so that the list's events can do without.
    lists = list(file.places.values_list("site", flat=True).distinct())
    forget_contexts(model=Place, row_ids=lists, column="site_id")
    forget_contexts(model=RequestedItem, row_ids=list(items.values_list("pk", flat=True)))
    forget_contexts(model=ApplicationSector, row_ids=[file.pk], column="application_id")


def _forget_log_entries(rows: Iterable[Model]) -> None:
    """The staff site's log names each row as it was called."""
    by_model: dict[type[Model], list[str]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(str(row.pk))
    for model, keys in by_model.items():
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=keys
        )
        entries.update(object_repr="", change_message="")


def erase_empty_account(
    person: User,
    *,
    acting_user: User | None,
    reason: str,
    but_letters_on: Application | None = None,
) -> bool:
    """Close the account of a *locked* user and forget whose it was, unless something else of theirs
    is left; whether it was. Letters on a file that stays, `but_letters_on`, go with that file."""
    left = (
        person.is_staff
        or Membership.objects.filter(user=person).exists()
        or AuthToken.objects.filter(user=person).exists()
        or Application.objects.filter(Q(applicant=person) | Q(begun_by=person)).exists()
        or CoApplicant.objects.filter(user=person).exists()
    )
    if left:
        return False
    to_them = Message.objects.filter(to=person.email)
    if but_letters_on is not None:
        to_them = to_them.exclude(matter__startswith=f"application:{but_letters_on.pk}:")
    to_them.filter(state=MessageState.TO_SEND).update(state=MessageState.SUPERSEDED)
    letters = list(to_them)
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    person.is_active = False
    person.save(update_fields=["is_active"])
    erase(instances=[person, *letters], acting_user=acting_user, reason=reason)
    _forget_log_entries([person, *letters])
    return True
