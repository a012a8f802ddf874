"""The offer: a space held at frozen terms, open until a day; taken back when it must be."""

import datetime as dt

from accounts.models import User
from accounts.rights import Action
from applications import letters
from applications.errors import BadOfferDates, ImpossibleStep, SpaceNeeded
from applications.models import Application, Offer, OfferState
from applications.selectors.relatives import known_company
from applications.selectors.terms import preview_terms
from applications.services.correspondence import send
from applications.services.decisions import mark_published
from applications.services.letters import send_if_approved, send_letter
from applications.services.steps import locked, take_step
from applications.terms import Terms, as_json
from applications.workflow import State, Step
from core.history import recorded
from core.periods import Period, end_of, today
from sites.choices import BookingKind, TenantKind
from sites.errors import WrongSite
from sites.models import Space
from sites.permissions import require
from sites.services import bookings


def make_offer(
    *,
    application: Application,
    space: Space | None,
    tenant_kind: str,
    start: dt.date,
    last_day: dt.date | None,
    open_until: dt.date,
    acting_user: User | None,
) -> Offer:
    """Offer a space (or a domiciliation) and hold it until the end of `open_until`.

    The terms are frozen. An admission that was not published yet is published by it. The same
    offer made twice is one. Raises NotAdmitted, ImpossibleStep, SpaceTaken, SpaceNotLettable,
    SpaceNeeded, WrongSite, NoRatePlan, SpaceNotMeasured, BadOfferDates, LetterNotApproved,
    NotAllowed.
    """
    if (space is None) != (tenant_kind == TenantKind.DOMICILIATION):
        raise SpaceNeeded
    if (last_day is not None and last_day < start) or open_until < today():
        raise BadOfferDates
    period = Period.through(start, last_day)
    with recorded(acting_user):
        file = locked(application)
        require(acting_user, Action.DECIDE, "application", file.site_id)
        if (known := _the_same(file, space, tenant_kind, period)) is not None:
            return known
        if space is not None and space.site_id != file.site_id:
            raise WrongSite(space=space.code, site=file.site.name)
        terms = preview_terms(
            site=file.site,
            space=space,
            tenant_kind=tenant_kind,
            period=period,
            company=known_company(file),
        )
        if not take_step(file, Step.OFFER, acting_user=acting_user):
            raise ImpossibleStep(state=file.get_state_display())  # another offer was faster
        decision = file.decisions.in_force().get()
        if decision.published_at is None:
            mark_published(decision, acting_user)
            send_if_approved(file, decision, "admission")
        offer = _held(
            file, space, tenant_kind, period, terms, open_until=open_until, acting_user=acting_user
        )
        send_letter(file, offer, "decision", acting_user)
    return offer


def withdraw_offer(
    *, application: Application, reason: str, acting_user: User | None
) -> Application:
    """Take an unanswered offer back; the space is free and another can be offered."""
    with recorded(acting_user, reason=reason):
        file = locked(application)
        if take_step(file, Step.WITHDRAW_OFFER, acting_user=acting_user, reason=reason):
            send(file, letters.offer_withdrawn(file), "decision")
    return file


def _held(
    file: Application,
    space: Space | None,
    tenant_kind: str,
    period: Period,
    terms: Terms,
    *,
    open_until: dt.date,
    acting_user: User | None,
) -> Offer:
    """The offer's row with its terms, and the hold on its space where it has one."""
    booking = None
    if space is not None:
        booking = bookings.book(
            space=space,
            period=period,
            kind=BookingKind.HOLD,
            expires_at=end_of(open_until),
            label=file.reference,
            acting_user=acting_user,
        )
    return Offer.objects.create(
        application=file,
        booking=booking,
        space=space,
        tenant_kind=tenant_kind,
        period=period,
        area_m2=terms.area_m2,
        unit=terms.unit,
        steps=as_json(terms.steps),
        monthly_rent=terms.monthly_rent,
        deposit=terms.deposit,
        expires_at=end_of(open_until),
    )


def _the_same(
    file: Application, space: Space | None, tenant_kind: str, period: Period
) -> Offer | None:
    if file.state != State.OFFERED:
        return None
    return Offer.objects.filter(
        application=file,
        state=OfferState.OPEN,
        space=space,
        tenant_kind=tenant_kind,
        period=period,
    ).first()
