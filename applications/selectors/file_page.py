"""All that the staff's page of a file shows, each kind of row in one query."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, Max, Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.rights import Action
from applications.labels import (
    ApplicationState,
    LetterState,
    QuestionKind,
    ReviewState,
    SessionState,
    TaskList,
)
from applications.models import (
    AgendaItem,
    Application,
    Decision,
    Document,
    Ineligibility,
    InformationRequest,
    LegalHold,
    Letter,
    Offer,
    Place,
    Question,
    Reading,
    Remark,
    RequestedItem,
    Review,
    Revision,
    Session,
    Task,
    Transfer,
    Transition,
    WantedDocument,
)
from applications.next_act import Next, Standing, next_act
from applications.selectors.conversation import remarks_for
from applications.selectors.documents import documents_for
from applications.selectors.holds import holds_of
from applications.selectors.reading import chapters, questions_of
from applications.selectors.relatives import Relative, like_companies, relatives
from applications.selectors.scores import PENDING, Scores, scores_beside
from applications.selectors.versions import Compared, compared
from applications.stays import Move, Stay, stays, waited
from applications.workflow import ENDS, REVIEWED_IN, State
from core import formats
from core.models import Message
from core.periods import today
from sites.permissions import can
from tenants.models import Company

_TO_COME = (SessionState.PLANNED, SessionState.OPEN)
_UNDECIDED: Final = REVIEWED_IN | {State.SUBMITTED}


@dataclass(frozen=True, slots=True)
class Checklist:
    """The tasks of one list, in its order."""

    name: TaskList
    tasks: Sequence[Task]
    past: bool
    """Of a stage that is over: shown folded."""

    @property
    def done(self) -> int:
        return sum(task.done_at is not None for task in self.tasks)

    @property
    def left(self) -> int:
        return len(self.tasks) - self.done


@dataclass(frozen=True, slots=True)
class Paper:
    """What was asked for, and what came; without a label: whatever else came."""

    label: str
    documents: Sequence[Document]
    required: bool

    @property
    def lacking(self) -> bool:
        kept = (row for row in self.documents if row.removed_at is None and row.file)
        return self.required and not any(kept)


class FilePage:
    """A file as `user` may see it; what the template asks for is asked of the database once."""

    def __init__(self, application: Application, user: Any, *, against: int = 0) -> None:
        self.application = application
        self.user = user
        self._against = against

    # --- The answers -------------------------------------------------------------------------
    @cached_property
    def versions(self) -> list[Revision]:
        rows = self.application.revisions.select_related("sent_by").defer("answers")
        return list(rows.order_by("-number"))

    @cached_property
    def answers(self) -> Compared:
        prefetch_related_objects([self.application], "sectors")
        told = chapters(self.application, contact=True, empty=True, questions=self.questions)
        return compared(
            self.application,
            told,
            versions=self.versions,
            against=self._against,
            questions=self.questions,
        )

    @cached_property
    def questions(self) -> list[Question]:
        return questions_of(self.application)

    @cached_property
    def papers(self) -> list[Paper]:
        """The documents under what was asked for, in the call's order; then whatever else came."""
        version = self.application.call_version
        wanted: list[WantedDocument | Question] = list(version.documents.all()) if version else []
        wanted += [row for row in self.questions if row.kind == QuestionKind.FILE]
        found: dict[str, list[Document]] = {row.key: [] for row in wanted}
        others: list[Document] = []
        for document in documents_for(self.user, self.application):
            found.get(document.key, others).append(document)
        papers = [Paper(row.label, found[row.key], row.required) for row in wanted]
        return [*papers, Paper("", others, required=False)] if others else papers

    # --- What is said and done ------------------------------------------------------------------
    @cached_property
    def remarks(self) -> list[Remark]:
        return list(remarks_for(self.user, self.application))

    @cached_property
    def checklists(self) -> list[Checklist]:
        rows = self.application.tasks.select_related("template", "assignee", "done_by")
        found: dict[str, list[Task]] = {}
        for task in rows:
            found.setdefault(task.list, []).append(task)
        decided = self.application.state not in _UNDECIDED
        lists = [
            Checklist(name, found[name], past=decided and name == TaskList.SCREENING)
            for name in TaskList
            if name in found
        ]
        return sorted(lists, key=lambda each: each.past)

    @cached_property
    def transfers(self) -> list[Transfer]:
        people = ("source", "target", "asked_by", "settled_by")
        return list(self.application.transfers.select_related(*people))

    @cached_property
    def transfer(self) -> Transfer | None:
        """Under way."""
        return next((row for row in self.transfers if row.settled_at is None), None)

    @cached_property
    def speaks_for_target(self) -> bool:
        """Whether the user may say yes or no to the transfer."""
        if self.transfer is None:
            return False
        return bool(can(self.user, Action.SCREEN, "application", self.transfer.target_id))

    @cached_property
    def trail(self) -> list[Transition]:
        return list(self.application.transitions.select_related("acting_user").order_by("id"))

    @cached_property
    def stays(self) -> list[Stay]:
        moves = [Move(step.at, State(step.target)) for step in self.trail]
        return stays(moves, timezone.now())

    @property
    def times(self) -> list[tuple[str, str]]:
        """The time in each state, in words; then the staff's and the applicant's share."""
        staff, applicant = waited(self.stays)
        shares = [(_("with the staff"), staff), (_("waiting for the applicant"), applicant)]
        # In an end the clock stands: its line would be nought, beside the days since then.
        going_on = (stay for stay in self.stays if stay.state not in ENDS)
        named = [(str(ApplicationState(stay.state).label), stay.time) for stay in going_on]
        return [(label, _in_days(time)) for label, time in [*named, *shares]]

    @cached_property
    def readings(self) -> list[tuple[str, str]]:
        """Who opened the file, and how often (once an hour counts), in words."""
        rows = (
            Reading.objects.filter(application=self.application)
            .order_by()
            .values("user__name", "user__email")
            .annotate(times=Count("pk"), last=Max("at"))
            .order_by("-last")
        )
        return [(r["user__name"] or r["user__email"], _opened(r["times"], r["last"])) for r in rows]

    # --- Around the file --------------------------------------------------------------------------
    @cached_property
    def decisions(self) -> list[Decision]:
        return list(self.application.decisions.select_related("decided_by", "published_by"))

    @cached_property
    def offers(self) -> list[Offer]:
        return list(self.application.offers.select_related("space"))

    @cached_property
    def requests(self) -> list[InformationRequest]:
        items = Prefetch("items", RequestedItem.objects.order_by("id"))
        return list(self.application.requests.select_related("asked_by").prefetch_related(items))

    @property
    def holds(self) -> list[LegalHold]:
        return holds_of(self.application)

    @property
    def hold(self) -> LegalHold | None:
        """Standing."""
        return next((row for row in self.holds if row.lifted_at is None), None)

    @cached_property
    def outcome_letters(self) -> list[Letter]:
        """Written for this file alone, the newest first."""
        return list(self.application.letters.select_related("written_by").order_by("-id"))

    @property
    def letter_to_approve(self) -> Letter | None:
        return next((row for row in self.outcome_letters if row.state == LetterState.DRAFT), None)

    @cached_property
    def letters(self) -> list[tuple[str, str]]:
        """What was sent about it, and what became of each letter, in words."""
        matter = f"application:{self.application.pk}:"
        rows = Message.objects.filter(matter__startswith=matter).order_by("id")
        return [
            (row.subject, f"{_day(row.created_at)} · {row.get_state_display()}") for row in rows
        ]

    @cached_property
    def relatives(self) -> list[Relative]:
        return relatives(self.application, self.user)

    @cached_property
    def companies(self) -> list[Company]:
        return like_companies(self.application)

    @cached_property
    def sittings(self) -> list[AgendaItem]:
        """On which agendas it stands or stood, as far as the user sees the committee."""
        if self.application.state != State.COMMITTEE_READY and not self.decisions:
            return []
        sessions = Session.objects.visible_to(self.user)
        items = AgendaItem.objects.filter(application=self.application, session__in=sessions)
        return list(items.select_related("session__site").order_by("-session__held_at"))

    @property
    def sitting(self) -> Session | None:
        """Where it is to be decided."""
        open_ones = (item.session for item in self.sittings if item.session.state in _TO_COME)
        return next(open_ones, None)

    # --- What comes next ----------------------------------------------------------------------
    @cached_property
    def reviews(self) -> list[Review]:
        """Those that are wanted or in, and the conflicts that were declared instead."""
        rows = self.application.reviews.exclude(state=ReviewState.WITHDRAWN)
        return list(rows.select_related("reviewer").order_by("id"))

    @cached_property
    def own_review(self) -> Review | None:
        """What the user has to read, while an opinion is still asked for."""
        if self.application.state not in REVIEWED_IN:
            return None
        mine = (row for row in self.reviews if row.reviewer_id == self.user.pk)
        return next((row for row in mine if row.state in PENDING), None)

    @cached_property
    def scores(self) -> Scores:
        return scores_beside(self.application, self.reviews, self.user)

    @cached_property
    def findings(self) -> list[Ineligibility]:
        """That it was ineligible: who says so, and whether somebody else agreed."""
        return list(self.application.ineligibilities.select_related("found_by", "settled_by"))

    @property
    def finding(self) -> Ineligibility | None:
        """Nobody has agreed yet, nor said no."""
        return next((row for row in self.findings if row.settled_at is None), None)

    @cached_property
    def place(self) -> Place | None:
        """Its place on the waiting list."""
        if self.application.state != State.WAITLISTED:
            return None
        place: Place | None = self.application.places.standing().first()
        return place

    @cached_property
    def unanswered(self) -> Remark | None:
        """The applicant's last word, while it waits for an answer."""
        last = next((remark for remark in reversed(self.remarks) if remark.takes_turn), None)
        return last if last is not None and last.by_applicant else None

    @cached_property
    def decision(self) -> Decision | None:
        """In force."""
        return next((row for row in self.decisions if row.superseded_at is None), None)

    def left_of(self, name: TaskList) -> int:
        return sum(each.left for each in self.checklists if each.name == name)

    @cached_property
    def next(self) -> Next:
        decision = self.decision
        in_state = Counter(review.state for review in self.reviews)
        return next_act(
            Standing(
                state=State(self.application.state),
                receives_transfer=self.speaks_for_target,
                asked_by_applicant=self.unanswered is not None,
                found_ineligible=self.finding is not None,
                found_by_viewer=(
                    self.finding is not None and self.finding.found_by_id == self.user.pk
                ),
                screening_left=self.left_of(TaskList.SCREENING),
                onboarding_left=self.left_of(TaskList.ONBOARDING),
                own_review_pending=self.own_review is not None,
                reviews_pending=sum(in_state[state] for state in PENDING),
                reviews_done=in_state[ReviewState.SUBMITTED],
                on_agenda=self.sitting is not None,
                letter_unapproved=self.letter_to_approve is not None,
                published=decision is not None and decision.published_at is not None,
                resumes_on=decision.until if decision is not None else None,
            ),
            today=today(),
        )


def _day(at: dt.datetime) -> str:
    return formats.day(timezone.localdate(at), get_language() or "fr")


def _opened(times: int, last: dt.datetime) -> str:
    words = ngettext("once, on %(day)s", "%(times)s times, last on %(day)s", times)
    return words % {"times": times, "day": _day(last)}


def _in_days(time: dt.timedelta) -> str:
    return ngettext("%(count)s day", "%(count)s days", time.days) % {"count": time.days}
