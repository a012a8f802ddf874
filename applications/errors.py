"""What can be refused about applications, decisions and offers."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.errors import DomainError, InvalidInput, NotAllowed


class ImpossibleStep(DomainError):
    code = "impossible_step"
    text = _("The state « %(state)s » does not allow this.")


class WouldReplace(DomainError):
    """What a request would do again is not what it would do first."""

    code = "idempotency_key_wanted"
    text = _(
        "Something else is there under this name: send an Idempotency-Key to replace it, so that "
        "a request that arrives late cannot put the older one back."
    )
    status = 428


class NotOpenable(DomainError):
    code = "not_openable"
    text = _("%(reason)s")


class ReasonNeeded(InvalidInput):
    code = "reason_needed"
    text = _("Say why.")
    field = "reason"


class NotAdmitted(DomainError):
    code = "not_admitted"
    text = _("No decision in force admits this application: it can be offered nothing.")


class BadDecision(InvalidInput):
    code = "bad_decision"
    text = _("%(reason)s")


class NothingToPublish(DomainError):
    code = "nothing_to_publish"
    text = _("There is no unpublished decision on this application.")


class OutcomeRanOut(DomainError):
    code = "outcome_ran_out"
    text = _("Its last day is over: take the decision back, and decide again.")


class SecondPersonNeeded(DomainError):
    code = "second_person_needed"
    text = _("Another person must confirm it: an officer, or the director where there is only one.")


class NotFoundIneligible(DomainError):
    code = "not_found_ineligible"
    text = _("Nobody has found this application ineligible.")


class BadOriginal(InvalidInput):
    code = "bad_original"
    text = _("Choose another application, one that is not itself a duplicate.")
    field = "original"


class BadTask(InvalidInput):
    code = "bad_task"
    text = _("%(reason)s")


class NotTransferable(DomainError):
    code = "not_transferable"
    text = _("%(reason)s")
    field = "target"


class TransferClosed(DomainError):
    code = "transfer_closed"
    text = _("This transfer is closed: %(state)s.")


class Anonymised(DomainError):
    code = "anonymised"
    text = _("This application has been anonymised: nothing of it is left to go on with.")


class NotEnded(DomainError):
    code = "not_ended"
    text = _("Only a file that has ended is anonymised; this one is « %(state)s ».")


class OnLegalHold(DomainError):
    code = "on_legal_hold"
    text = _("A legal hold keeps this file: lift it first.")


class NothingToWrite(DomainError):
    code = "nothing_to_write"
    text = _("There is no outcome that the applicant has still to be told.")


class BadLetter(InvalidInput):
    code = "bad_letter"
    text = _("A letter has a subject of 300 characters at the most, and a text.")


class LetterClosed(DomainError):
    code = "letter_closed"
    text = _("This letter has left, or another one has taken its place.")


class LetterNotApproved(DomainError):
    code = "letter_not_approved"
    text = _("Its letter is written and not approved yet.")


class OwnLetter(DomainError):
    code = "own_letter"
    text = _("You wrote this letter: another person approves it.")


class NotWaiting(DomainError):
    code = "not_waiting"
    text = _("This application has left the waiting list.")


class BadRank(InvalidInput):
    code = "bad_rank"
    text = _("The ranks of this list run from 1 to %(last)s.")
    field = "rank"


class BadRequest(InvalidInput):
    code = "bad_request_for_information"
    text = _("%(reason)s")


class NotAsked(DomainError):
    code = "not_asked"
    text = _("This is not open for change: only what was asked for is.")
    status = 400


class OfferClosed(DomainError):
    code = "offer_closed"
    text = _("This offer is closed: %(state)s.")


class OfferExpired(DomainError):
    code = "offer_expired"
    text = _("This offer ran out on %(day)s. Write to us: it can be made again.")


class SpaceNeeded(InvalidInput):
    code = "space_needed"
    text = _("Choose a space: only a domiciliation needs none.")
    field = "space"


class BadOfferDates(InvalidInput):
    code = "bad_offer_dates"
    text = _("The lease must end after it starts, and the offer must run out in the future.")
    field = "last_day"


class CallNotReady(InvalidInput):
    code = "call_not_ready"
    text = _("This version cannot be put in use yet. %(problems)s")


class VersionFrozen(DomainError):
    code = "call_version_frozen"
    text = _("This version is in use or was: it stays as it is. Make a new version to change it.")


class CallClosed(DomainError):
    code = "call_closed"
    text = _("« %(call)s » takes no applications any more at %(site)s.")


class BadAnswers(InvalidInput):
    """`data["fields"]` says of each question, by its key, why its answer is refused."""

    code = "bad_answers"
    text = _("Some answers are missing or cannot be right.")


class IncompleteDraft(BadAnswers):
    """`data["fields"]` has a list of refusals for each name."""

    code = "incomplete_draft"


class DocumentMissing(InvalidInput):
    code = "document_missing"
    text = _("A document is missing: %(document)s.")


class TooMuchTyped(InvalidInput):
    code = "too_much_typed"
    text = _("This is more than can be kept. Shorten it.")


class BadAddress(InvalidInput):
    code = "bad_address"
    field = "email"


class TooManyLetters(DomainError):
    code = "too_many_letters"
    text = _("Many letters have left for this draft: look among unwanted mail, or ask tomorrow.")
    status = 429
    field = "email"


class SiteClosed(DomainError):
    code = "site_takes_no_applications"
    text = _("%(site)s takes no applications at present.")
    field = "site"


class BadRemark(InvalidInput):
    code = "bad_remark"
    text = _("%(reason)s")
    field = "body"


class TooManyRemarks(DomainError):
    code = "too_many_remarks"
    text = _("You have written a lot today: go on tomorrow, or call us.")
    status = 429


class NothingToAnswer(DomainError):
    code = "nothing_to_answer"
    text = _("The applicant waits for no answer, or has written again: read the conversation.")


class InConflict(NotAllowed):
    code = "in_conflict"
    text = _("You declared a conflict of interest in this application.")


class OwnFile(NotAllowed):
    code = "own_file"
    text = _("You applied with this file yourself: a colleague works on it.")


class NotConcerned(NotAllowed):
    code = "not_concerned"
    text = _("This application is not before you: there is nothing to declare.")


class ConflictStands(DomainError):
    code = "conflict_stands"
    text = _("Scoring has begun: only another officer can put your declaration right.")


class OwnDeclaration(NotAllowed):
    code = "own_declaration"
    text = _("Another officer has to correct your own declaration.")


class BadAssignment(InvalidInput):
    code = "bad_assignment"


class BadReview(InvalidInput):
    code = "bad_review"


class NotYours(NotAllowed):
    code = "not_your_review"
    text = _("This review is somebody else's.")


class ReviewClosed(DomainError):
    code = "review_closed"
    text = _("This is not open for review: « %(state)s ».")


class NotOpenForUpload(NotAsked):
    code = "not_open_for_upload"
    text = _("This document is not asked for at present.")
    field = "file"


class TooManyFiles(DomainError):
    code = "too_many_files"
    text = ngettext_lazy(
        "There is %(limit)s file already, which is the most: remove it first.",
        "There are %(limit)s files already, which is the most: remove one first.",
        "limit",
    )
    field = "file"


class FilesTooLarge(DomainError):
    code = "files_too_large"
    text = _("All files of an application together may have %(megabytes)s MB: remove one first.")
    field = "file"


class BadSession(InvalidInput):
    code = "bad_session"


class SessionClosed(DomainError):
    code = "session_closed"
    text = _("This cannot be done: « %(state)s ».")


class NotSeated(NotAllowed):
    code = "not_seated"
    text = _("You do not sit in this session.")


class NotVoting(DomainError):
    code = "not_voting"
    text = _("This member does not vote on this application: away, in conflict, or not needed.")


class QuorumMissing(DomainError):
    code = "quorum_missing"
    text = ngettext_lazy(
        "%(there)s member can vote on this application; the quorum is %(wanted)s.",
        "%(there)s members can vote on this application; the quorum is %(wanted)s.",
        "there",
    )


class VotesSayOtherwise(InvalidInput):
    code = "votes_say_otherwise"
    text = _("The votes say otherwise, or nothing: give the reason of this outcome.")
    field = "note"


class NotTheChair(NotAllowed):
    code = "not_the_chair"
    text = _("Only the chair of the session signs its minutes.")


class BadInvitation(InvalidInput):
    code = "bad_invitation"
    text = _("%(reason)s")
    field = "email"


class InvitationGone(DomainError):
    code = "invitation_gone"
    text = _("This invitation is no longer valid: ask for another.")


class OtherAddress(NotAllowed):
    code = "other_address"
    text = _("This invitation was sent to another address: sign in with that one.")


class DocumentsMissing(InvalidInput):
    code = "documents_missing"
    text = _("Upload what was asked for first: %(labels)s.")
