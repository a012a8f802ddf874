"""`POST /api/v1/applications/{reference}/{act}/`: each act on a file, as one table.

A row names the steps of `applications.workflow` that the act can take, what it wants to be told
and the service that does it, the same that the staff page calls: role, site, conflicts and the
file's state are checked there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from rest_framework import serializers

from accounts.models import User
from applications.api import bodies, shapes
from applications.api.answering import answer_request
from applications.api.files import file_in_full, visible_file
from applications.errors import BadOriginal, ImpossibleStep, NotTransferable, TransferClosed
from applications.models import Application, Offer, Transfer
from applications.services import (
    answers,
    conversation,
    decisions,
    offers,
    onboarding,
    requests,
    screening,
    transfers,
)
from applications.workflow import Step
from sites.api.acts import Acts
from sites.errors import UnknownSpace
from sites.models import Site, Space

Given = dict[str, Any]
Service = Callable[[Application, User, Given], Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `steps`: those it takes, none where the workflow has no step for it."""

    name: str
    does: str
    steps: tuple[Step, ...]
    service: Service
    body: type[serializers.Serializer[Any]] = bodies.NothingBody


def _plain(service: Callable[..., Any]) -> Service:
    """A service that takes `application`, `acting_user` and what the body says."""
    return lambda file, user, given: service(application=file, acting_user=user, **given)


def _request_information(file: Application, user: User, given: Given) -> None:
    requests.request_information(
        application=file,
        fields=given.get("fields_wanted", ()),
        questions=given.get("questions_wanted", ()),
        documents=given.get("documents_wanted", ()),
        message=given["message"],
        due_on=given["due_on"],
        acting_user=user,
    )


def _mark_duplicate(file: Application, user: User, given: Given) -> None:
    rows = Application.objects.visible_to(user)
    original = rows.filter(reference=given["original"].strip().upper()).first()
    if original is None:
        raise BadOriginal
    screening.mark_duplicate(application=file, original=original, acting_user=user)


def _offer(file: Application, user: User, given: Given) -> None:
    space = None
    if given.get("space") is not None:
        space = Space.objects.visible_to(user).filter(pk=given["space"]).first()
        if space is None:
            raise UnknownSpace
    offers.make_offer(
        application=file,
        space=space,
        tenant_kind=given["tenant_kind"],
        start=given["start"],
        last_day=given.get("end"),
        open_until=given["open_until"],
        acting_user=user,
    )


def _accept(file: Application, user: User, _given: Given) -> None:
    answers.accept_offer(offer=_last_offer(file), acting_user=user)


def _decline(file: Application, user: User, given: Given) -> None:
    answers.decline_offer(offer=_last_offer(file), acting_user=user, **given)


def _last_offer(file: Application) -> Offer:
    offer: Offer | None = file.offers.order_by("-id").first()
    if offer is None:
        raise ImpossibleStep(state=file.get_state_display())
    return offer


def _ask_transfer(file: Application, user: User, given: Given) -> None:
    site = Site.objects.filter(code=given["site"]).first()
    if site is None:
        raise NotTransferable(field="site", reason=given["site"])
    transfers.ask_transfer(application=file, target=site, reason=given["reason"], acting_user=user)


def _settle_transfer(service: Callable[..., Any]) -> Service:
    def settle(file: Application, user: User, given: Given) -> None:
        transfer: Transfer | None = file.transfers.order_by("-id").first()
        if transfer is None:
            raise TransferClosed(state="–")
        service(transfer=transfer, acting_user=user, **given)

    return settle


_PUBLISHED: Final = (
    Step.PUBLISH_ADMISSION,
    Step.PUBLISH_WAITING,
    Step.PUBLISH_DEFERRAL,
    Step.PUBLISH_REFUSAL,
)
_WHY: Final = bodies.ReasonBody

ACTS: Final = (
    # --- Screening
    Act("start-screening", "An officer takes the file up.", (Step.START_SCREENING,),
        _plain(screening.start_screening)),
    Act("mark-spam", "Sent by a machine, or no application at all. Nobody is written to.",
        (Step.MARK_SPAM,), _plain(screening.mark_spam)),
    Act("mark-duplicate", "The same project is already there.", (Step.MARK_DUPLICATE,),
        _mark_duplicate, bodies.DuplicateBody),
    Act("find-ineligible", "Propose to end the file as ineligible; a second person has to agree.",
        (), _plain(screening.find_ineligible), bodies.IneligibleBody),
    Act("confirm-ineligible", "The second person agrees: the file ends.",
        (Step.CONFIRM_INELIGIBLE,), _plain(screening.confirm_ineligible)),
    Act("reject-ineligible", "Not ineligible after all.", (), _plain(screening.reject_ineligible)),
    Act("send-to-review", "Reviewers read it next.", (Step.SEND_TO_REVIEW,),
        _plain(screening.send_to_review)),
    Act("prepare-for-committee", "It can be decided.", (Step.PREPARE_FOR_COMMITTEE,),
        _plain(screening.prepare_for_committee)),
    Act("return-to-review", "More opinions are wanted.", (Step.RETURN_TO_REVIEW,),
        _plain(screening.return_to_review), _WHY),
    Act("reopen", "An end is taken back: the file is screened again.", (Step.REOPEN,),
        _plain(screening.reopen), _WHY),
    # --- What is missing
    Act("request-information", "Open fields to the applicant until a day.",
        (Step.REQUEST_INFORMATION,), _request_information, bodies.RequestBody),
    Act("answer-request", "On the applicant's own word; the documents are put first.",
        (Step.ANSWER_REQUEST,), answer_request, bodies.RequestedBody),
    Act("close-request", "The answer is no longer needed.", (Step.CLOSE_REQUEST,),
        _plain(requests.close_request), _WHY),
    Act("leave-unanswered", "The applicant's last message wants no answer from staff.", (),
        _plain(conversation.leave_unanswered)),
    # --- The decision
    Act("decide", "The outcome; the applicant learns it when it is published.", (Step.DECIDE,),
        _plain(decisions.decide), bodies.DecisionBody),
    Act("revoke-decision", "The file is before the committee again.", (Step.REVOKE_DECISION,),
        _plain(decisions.revoke_decision), _WHY),
    Act("publish", "Tell the applicant the decision.", _PUBLISHED, _plain(decisions.publish)),
    Act("resume", "A deferred file comes back before the committee.", (Step.RESUME,),
        _plain(screening.resume)),
    # --- The offer
    Act("offer", "Offer a space, or a domiciliation, and hold it.", (Step.OFFER,), _offer,
        bodies.OfferBody),
    Act("withdraw-offer", "Take an unanswered offer back.", (Step.WITHDRAW_OFFER,),
        _plain(offers.withdraw_offer), _WHY),
    Act("accept-offer", "On the applicant's own word.", (Step.ACCEPT_OFFER,), _accept),
    Act("decline-offer", "On the applicant's own word.", (Step.DECLINE_OFFER,), _decline, _WHY),
    Act("start-onboarding", "Settle what is left until the keys.", (Step.START_ONBOARDING,),
        _plain(onboarding.start_onboarding)),
    Act("withdraw", "On the applicant's own word.", (Step.WITHDRAW,), _plain(answers.withdraw),
        _WHY),
    # --- To another site
    Act("ask-transfer", "Ask another site to take the file.", (), _ask_transfer,
        bodies.TransferBody),
    Act("agree-transfer", "The receiving site takes the file over.", (),
        _settle_transfer(transfers.agree_transfer)),
    Act("refuse-transfer", "The receiving site does not take it.", (),
        _settle_transfer(transfers.refuse_transfer), bodies.AnswerBody),
    Act("cancel-transfer", "The sending site keeps the file after all.", (),
        _settle_transfer(transfers.cancel_transfer)),
)  # fmt: skip

FILE_ACTS: Final = Acts("application", shapes.ApplicationDetailShape, visible_file, file_in_full)
