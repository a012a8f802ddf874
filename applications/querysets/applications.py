"""Applications, their trail, the versions of their answers, and what they are found by."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q
from django.utils import timezone

from accounts.rights import Action
from applications.labels import TransferState
from applications.querysets.files import FileQuerySet
from applications.querysets.search import search_query
from applications.workflow import ENDS, NEVER_SENT, OPEN_STATES, State
from core.periods import end_of, today
from sites.scopes import scope_of

if TYPE_CHECKING:
    from applications.models import (  # noqa: F401  the rows' classes
        Application,
        Revision,
        SearchEntry,
        Transition,
    )


class ApplicationQuerySet(FileQuerySet["Application"]):
    file_path = ""
    open_to_reviewers = True

    def of_applicant(self, user: Any) -> Self:
        """The user's own files, and those they were invited to and came to.

        Not what a partner's program has begun for them and not sent: that is the program's.
        """
        if not user.is_authenticated:
            return self.none()
        from applications.models import CoApplicant

        invited = CoApplicant.objects.standing().filter(user=user)
        own = self.filter(Q(applicant=user) | Q(pk__in=invited.values("application")))
        return own.exclude(begun_by__isnull=False, state__in=NEVER_SENT)

    def drafts_of_client(self, user: Any) -> Self:
        """What the user's program has begun and not sent, where the user may still add."""
        begun = self.filter(begun_by=user, state=State.DRAFT)
        return begun.within(scope_of(user, Action.ADD, self.resource))

    def of_partner(self, user: Any, action: Action = Action.VIEW) -> Self:
        """What the partner's program has begun at its token's sites, wherever it went since."""
        scope = scope_of(user, action, "begun")
        if not scope:
            return self.none()
        kept = self.filter(begun_by=user, anonymised_at__isnull=True).exclude(state=State.EXPIRED)
        if scope.network:
            return kept
        from applications.models import Transfer

        left = Transfer.objects.filter(source__in=scope.site_ids, state=TransferState.DONE)
        return kept.filter(Q(site__in=scope.site_ids) | Q(pk__in=left.values("application")))

    def made_together(self, first: int) -> Self:
        """The application made first, and its sisters at other sites."""
        return self.filter(Q(pk=first) | Q(sister_of=first))

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def to_anonymise(self) -> Self:
        """Ended, past the day until which they are kept, and not held back."""
        from applications.models import LegalHold

        held = LegalHold.objects.standing().values("application")
        due = self.filter(retain_until__lte=today(), anonymised_at__isnull=True, state__in=ENDS)
        return due.exclude(pk__in=held)

    def late(self) -> Self:
        """Waiting for staff longer than their stage's target."""
        return self.filter(due_at__lte=timezone.now())

    def due_today(self) -> Self:
        """The stage's target time ends before midnight."""
        return self.filter(due_at__gt=timezone.now(), due_at__lt=end_of(today()))

    def request_ends_soon(self) -> Self:
        """The applicant was asked, and has three days or less to answer."""
        from applications.models import InformationRequest

        ending = InformationRequest.objects.open().filter(due_on__lte=today() + timedelta(days=3))
        return self.filter(state=State.INFO_REQUESTED, pk__in=ending.values("application"))

    def to_confirm_by(self, user: Any) -> Self:
        """Found ineligible by somebody else: a second person has to agree."""
        from applications.models import Ineligibility

        others = Ineligibility.objects.unsettled().exclude(found_by=user.pk)
        return self.filter(state="screening", pk__in=others.values("application"))

    def matching(self, text: str) -> Self:
        """The files whose answers, contact, reference or ICE say what is asked (`folding.asked`);
        all of them where nothing is."""
        if not text.strip():
            return self
        question = search_query(text)
        return self.none() if question is None else self.filter(search_entry__lexemes=question)


class TransitionQuerySet(FileQuerySet["Transition"]):
    pass


class RevisionQuerySet(FileQuerySet["Revision"]):
    open_to_reviewers = True


class SearchEntryQuerySet(FileQuerySet["SearchEntry"]):
    pass
