"""Chainable filters over applications, and who may see which."""

from datetime import timedelta
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.rights import Action
from applications.folding import Term, asked
from applications.workflow import ENDS, NEVER_SENT, OPEN_STATES, State
from core.periods import today
from sites.querysets import ScopedQuerySet
from sites.scopes import READING, roles_of, scope_of

if TYPE_CHECKING:
    from applications.models import (  # noqa: F401  the rows' classes
        AgendaItem,
        Application,
        Call,
        CallVersion,
        CoApplicant,
        Criterion,
        Decision,
        Declaration,
        Digest,
        Document,
        Ineligibility,
        InformationRequest,
        LegalHold,
        Letter,
        LetterTemplate,
        Member,
        Offer,
        Place,
        PlaceMove,
        Question,
        Reading,
        Remark,
        RequestedItem,
        RetentionRule,
        Review,
        Revision,
        Score,
        SearchEntry,
        Session,
        StageTarget,
        Task,
        TaskTemplate,
        Transfer,
        Transition,
        Vote,
        WantedDocument,
    )

_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class FileQuerySet(ScopedQuerySet[_Row_co]):
    """Rows of an application: seen by its site (by both, while a transfer is under way), by
    reviewers who declared that they have no conflict, by the committee that has it on its agenda,
    and never by somebody in conflict."""

    resource: ClassVar[str] = "application"
    file_path: ClassVar[str] = "application"
    """The lookup of the application; "" for the application itself."""
    open_to_reviewers: ClassVar[bool] = False
    """Whether an assigned reviewer reads these rows too."""

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        """The rows on which one of the user's roles, or an assignment, allows `action`."""
        scope = scope_of(user, action, self.resource)
        opening = action == Action.VIEW and self.open_to_reviewers
        reviewing = opening and bool(scope_of(user, Action.REVIEW, "review"))
        seated = opening and bool(roles_of(user))
        if not (scope or reviewing or seated):
            return self.none()
        rows = self.sent().free_of_conflict(user)
        if scope.network:
            return rows
        seen = Q(**{f"{self._at('site_id')}__in": scope.site_ids})
        if action in READING:
            seen |= Q(**{f"{self._at('also_site_id')}__in": scope.site_ids})
        if reviewing:
            seen |= Q(**{f"{self._at('pk')}__in": _reviewed_by(user)})
        if seated:
            seen |= Q(**{f"{self._at('pk')}__in": _decided_by(user)})
        return rows.filter(seen)

    def sent(self) -> Self:
        """Without drafts: staff see what was sent to them."""
        return self.exclude(**{f"{self._at('state')}__in": NEVER_SENT})

    def free_of_conflict(self, user: Any) -> Self:
        """Without the files in which the user declared a conflict of interest."""
        from applications.models import Declaration

        conflicted = Declaration.objects.filter(user=user, conflicted=True)
        return self.exclude(**{f"{self._at('pk')}__in": conflicted.values("application")})

    def _at(self, column: str) -> str:
        return f"{self.file_path}__{column}" if self.file_path else column


def _reviewed_by(user: Any) -> Any:
    """The files that opened to a reviewer."""
    from applications.models import Review

    return Review.objects.filter(reviewer=user).opened().values("application")


def _decided_by(user: Any) -> Any:
    """The files before a committee in which the user sits, until its session is closed."""
    from applications.models import AgendaItem

    items = AgendaItem.objects.filter(
        session__members__user=user, session__state__in=["planned", "open"]
    )
    return items.values("application")


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
        now = timezone.localtime()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return self.filter(due_at__gt=now, due_at__lt=midnight)

    def request_ends_soon(self) -> Self:
        """The applicant was asked, and has three days or less to answer."""
        from applications.models import InformationRequest

        ending = InformationRequest.objects.open().filter(due_on__lte=today() + timedelta(days=3))
        return self.filter(state="info_requested", pk__in=ending.values("application"))

    def matching(self, text: str) -> Self:
        """The files whose answers, contact, reference or ICE say what is asked (`folding.asked`);
        all of them where nothing is."""
        if not text.strip():
            return self
        question = _question(text)
        return self.none() if question is None else self.filter(search_entry__lexemes=question)


def _question(text: str) -> SearchQueryCombinable | None:
    """None: there is no word in it."""
    alternatives = [_all_of(terms) for terms in asked(text)]
    return reduce(or_, alternatives) if alternatives else None


def _all_of(terms: list[Term]) -> SearchQueryCombinable:
    return reduce(and_, map(_term, terms))


def _term(term: Term) -> SearchQueryCombinable:
    line = " ".join(term.words)
    config = "arabic" if term.arabic else "french"
    found = SearchQuery(line, config=config, search_type="phrase")
    if term.unfinished:
        # Only words of letters and digits: nothing that the raw syntax would take for its own.
        beginning = " <-> ".join(term.words) + ":*"
        found |= SearchQuery(beginning, config="simple", search_type="raw")
    return ~found if term.excluded else found


class TransitionQuerySet(FileQuerySet["Transition"]):
    open_to_reviewers = False


class DecisionQuerySet(FileQuerySet["Decision"]):
    def in_force(self) -> Self:
        return self.filter(superseded_at__isnull=True)

    def to_publish(self) -> Self:
        return self.in_force().filter(published_at__isnull=True)

    def places_run_out(self) -> Self:
        """Places on the waiting list whose last day is over."""
        return self.in_force().filter(
            outcome="waitlist", published_at__isnull=False, until__lt=today()
        )


class IneligibilityQuerySet(FileQuerySet["Ineligibility"]):
    def unsettled(self) -> Self:
        return self.filter(settled_at__isnull=True)


class RevisionQuerySet(FileQuerySet["Revision"]):
    open_to_reviewers = True


class InformationRequestQuerySet(FileQuerySet["InformationRequest"]):
    def open(self) -> Self:
        return self.filter(state="open")


class RequestedItemQuerySet(FileQuerySet["RequestedItem"]):
    file_path = "request__application"


class OfferQuerySet(FileQuerySet["Offer"]):
    def run_out(self) -> Self:
        """Open, past their date: `expire_offers` has them lapse."""
        return self.filter(Q(state="open"), expires_at__lte=timezone.now())


class DocumentQuerySet(FileQuerySet["Document"]):
    open_to_reviewers = True

    def kept(self) -> Self:
        """Without those that were removed or erased."""
        return self.filter(removed_at__isnull=True).exclude(file="")


class RemarkQuerySet(FileQuerySet["Remark"]):
    """Each remark says who else reads it; see `selectors.conversation`."""


class ReadingQuerySet(FileQuerySet["Reading"]):
    pass


class TaskQuerySet(FileQuerySet["Task"]):
    def open(self) -> Self:
        return self.filter(done_at__isnull=True)


class TransferQuerySet(FileQuerySet["Transfer"]):
    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        """Read with the file. While it is under way, the receiving site's staff act on it too:
        they answer it."""
        rows = super().visible_to(user, action)
        scope = scope_of(user, action, self.resource)
        if action in READING or not scope or scope.network:
            return rows
        from applications.models import Transfer

        received = Transfer.objects.open().filter(target__in=scope.site_ids).free_of_conflict(user)
        return self.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=received.values("pk")))

    def open(self) -> Self:
        return self.filter(state="open")


class CoApplicantQuerySet(FileQuerySet["CoApplicant"]):
    def standing(self) -> Self:
        """Those who came and were not removed."""
        return self.filter(accepted_at__isnull=False, removed_at__isnull=True)


class LegalHoldQuerySet(FileQuerySet["LegalHold"]):
    def standing(self) -> Self:
        return self.filter(lifted_at__isnull=True)


class LetterQuerySet(FileQuerySet["Letter"]):
    def current(self) -> Self:
        return self.filter(state__in=["draft", "approved"])


class SearchEntryQuerySet(FileQuerySet["SearchEntry"]):
    pass


class DeclarationQuerySet(FileQuerySet["Declaration"]):
    """Staff see that somebody is in conflict, not only with files that they may see themselves."""

    resource = "review"


class ReviewQuerySet(FileQuerySet["Review"]):
    resource = "review"

    def opened(self) -> Self:
        """Past the declaration of interests: the file is open to the reviewer."""
        return self.filter(state__in=["open", "submitted"])

    def pending(self) -> Self:
        return self.filter(state__in=["assigned", "open"])


class ScoreQuerySet(FileQuerySet["Score"]):
    resource = "review"
    file_path = "review__application"


class PlaceQuerySet(FileQuerySet["Place"]):
    def standing(self) -> Self:
        return self.filter(left_at__isnull=True)


class PlaceMoveQuerySet(FileQuerySet["PlaceMove"]):
    file_path = "place__application"


class AgendaItemQuerySet(FileQuerySet["AgendaItem"]):
    resource = "committee"


class VoteQuerySet(FileQuerySet["Vote"]):
    resource = "committee"
    file_path = "item__application"


class SessionQuerySet(ScopedQuerySet["Session"]):
    resource = "committee"


class MemberQuerySet(ScopedQuerySet["Member"]):
    resource = "committee"
    site_path = "session__site_id"


class _NetworkOrSite(ScopedQuerySet[_Row_co]):
    """Settings of admission: a row without a site is the network's, and read everywhere."""

    resource = "admission"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        scope = scope_of(user, action, self.resource)
        if scope.network or not scope or action not in READING:
            return self.within(scope)
        return self.filter(Q(site__isnull=True) | Q(site__in=scope.site_ids))


class LetterTemplateQuerySet(_NetworkOrSite["LetterTemplate"]):
    pass


class TaskTemplateQuerySet(_NetworkOrSite["TaskTemplate"]):
    pass


class StageTargetQuerySet(ScopedQuerySet["StageTarget"]):
    """The network's own targets are the network's to change."""

    resource = "target"


class RetentionRuleQuerySet(ScopedQuerySet["RetentionRule"]):
    resource = "admission"
    site_path = ""

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        scope = scope_of(user, action, self.resource)
        return self if scope.network or (scope and action in READING) else self.none()


class DigestQuerySet(ScopedQuerySet["Digest"]):
    resource = "system"
    site_path = ""


class CallQuerySet(ScopedQuerySet["Call"]):
    """A call for several sites is changed by whoever may at all of them; read at any."""

    resource = "admission"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        scope = scope_of(user, action, self.resource)
        if scope.network:
            return self
        from applications.models import Call

        here = Call.objects.filter(sites__in=scope.site_ids)
        rows = self.filter(pk__in=here.values("pk"))
        if action in READING:
            return rows
        elsewhere = Call.objects.filter(
            pk__in=Call.sites.through.objects.exclude(site__in=scope.site_ids).values("call")
        )
        return rows.exclude(pk__in=elsewhere.values("pk"))

    def open_on(self, day: Any) -> Self:
        return self.filter(period__contains=day)


class _OfCall(ScopedQuerySet[_Row_co]):
    resource = "admission"
    call_path: ClassVar[str] = "version__call"

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        from applications.models import Call

        scope = scope_of(user, action, self.resource)
        if scope.network:
            return self
        calls = Call.objects.visible_to(user, action)
        return self.filter(**{f"{self.call_path}__in": calls})


class CallVersionQuerySet(_OfCall["CallVersion"]):
    call_path = "call"

    def in_use(self) -> Self:
        return self.filter(state="in_use")


class QuestionQuerySet(_OfCall["Question"]):
    pass


class WantedDocumentQuerySet(_OfCall["WantedDocument"]):
    pass


class CriterionQuerySet(_OfCall["Criterion"]):
    pass
