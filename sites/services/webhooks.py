"""Webhooks: what happened is a row for each endpoint that wants it, sent by a job afterwards.

An event is written in the transaction that causes it. A delivery is claimed, and the claim
committed, before anybody connects: if the process dies in between, the delivery comes due again
and the receiver may get it twice (it knows by the event's id). One that is not taken is tried
again with growing pauses for a day.
"""

import datetime as dt
import hmac
import json
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from core.errors import DomainError, InvalidInput
from core.history import recorded
from core.jobs import wake_on_commit
from sites.models import (
    DeliveryState,
    Site,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from sites.permissions import require
from sites.services import posting

DELIVER_TASK: Final = "sites.deliver_webhooks"
PAUSES: Final = [
    dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 480)
]
"""Between the attempts: a day in all."""
CLAIMED_FOR: Final = dt.timedelta(minutes=5)
"""A delivery whose worker died comes due again after this."""
BATCH: Final = 50
_LOCK: Final = 5_120_803  # pg advisory lock: one run at a time
KEPT_FOR: Final = dt.timedelta(days=90)
"""Deliveries that are over stay in the log for this long."""
TEST: Final = "webhook.test"
_EVENTS: dict[str, str | Promise] = {}


class UnknownEvent(InvalidInput):
    code = "unknown_event"
    text = _("There is no event %(event)s.")
    field = "topics"


class NotDeliverable(DomainError):
    code = "webhook_not_deliverable"
    text = _("Only a delivery that was given up, to a webhook that is active, can be sent again.")


def declare_events(events: Mapping[str, str | Promise]) -> None:
    """An app says, once, what it will announce, with the words for the endpoint's form."""
    _EVENTS.update(events)


def known_events() -> list[tuple[str, str | Promise]]:
    """What endpoints can choose from."""
    return list(_EVENTS.items())


def announce(*, event: str, site: Site, payload: Callable[[], dict[str, Any]]) -> int:
    """Put an event on its way to whoever listens; call it inside the transaction that causes it.

    `payload` is asked for only if somebody listens. Returns to how many it goes.
    """
    return announce_each(event=event, site_ids=[site.pk], told=lambda: [(site.pk, payload())])


def announce_each(
    *,
    event: str,
    site_ids: Collection[int],
    told: Callable[[], Iterable[tuple[int, dict[str, Any]]]],
) -> int:
    """Put many events of one kind on their way at once, as `announce` does each: `told` gives the
    site and the payload of each, all of them of `site_ids`. Where nobody listens, one query."""
    if event not in _EVENTS:
        raise UnknownEvent(event=event)
    through = WebhookEndpoint.sites.through.objects.filter(
        webhookendpoint=OuterRef("pk"), site__in=site_ids
    )
    listening: list[Any] = list(
        WebhookEndpoint.objects.filter(Q(topics=[]) | Q(topics__contains=[event]), active=True)
        .annotate(sites_told=ArraySubquery(through.values("site")))
        .filter(Q(every_site=True) | Exists(through))
    )
    if not listening:
        return 0
    events = [(site_id, uuid.uuid4(), payload) for site_id, payload in told()]
    deliveries = [
        (endpoint, event_id, payload)
        for site_id, event_id, payload in events
        for endpoint in listening
        if endpoint.every_site or site_id in endpoint.sites_told
    ]
    return _queue(deliveries, event)


def deliver_due(*, resolver: posting.Resolver = posting.resolve) -> int:
    """Send what is due, each delivery claimed and committed first. Returns how many arrived.

    An endpoint that fails once rests until the next run: its others would wait in vain, and
    everybody else's behind them. One run at a time: receivers that let us wait hold up one worker,
    and letters have the others.
    """
    with _alone() as alone:
        return _deliver_due(resolver) if alone else 0


def _deliver_due(resolver: posting.Resolver) -> int:
    arrived, resting = 0, set[int]()
    for _turn in range(BATCH):
        delivery = _claim(resting)
        if delivery is None:
            return arrived
        if _deliver(delivery, resolver):
            arrived += 1
        else:
            resting.add(delivery.endpoint_id)
    wake_on_commit(DELIVER_TASK)  # more may wait: another worker's turn
    return arrived


def send_again(*, delivery: WebhookDelivery, acting_user: User | None) -> None:
    """A person has it sent once more, arrived or given up. Raises NotDeliverable, NotAllowed."""
    require(acting_user, Action.CHANGE, "webhook", None)
    changed = WebhookDelivery.objects.filter(
        pk=delivery.pk,
        state__in=[DeliveryState.SENT, DeliveryState.FAILED],
        endpoint__active=True,
    ).update(state=DeliveryState.TO_SEND, attempts=0, due_at=timezone.now(), sent_at=None)
    if not changed:
        raise NotDeliverable
    wake_on_commit(DELIVER_TASK)


def send_test(*, endpoint: WebhookEndpoint, acting_user: User | None) -> WebhookDelivery:
    """An event that tells nothing, so that a receiver can be tried. Raises NotAllowed."""
    require(acting_user, Action.CHANGE, "webhook", None)
    if not endpoint.active:
        raise NotDeliverable
    with transaction.atomic():
        _queue([(endpoint, uuid.uuid4(), {"endpoint": endpoint.name})], TEST)
    return WebhookDelivery.objects.filter(endpoint=endpoint).latest("id")


def keep_endpoint(*, endpoint: WebhookEndpoint, acting_user: User | None) -> WebhookEndpoint:
    """Save a new or changed endpoint. Raises BadAddress, UnknownEvent, NotAllowed."""
    action = Action.ADD if endpoint.pk is None else Action.CHANGE
    require(acting_user, action, "webhook", None)
    posting.check_url(endpoint.url, allow_private=endpoint.allow_private)
    for event in endpoint.topics:
        if event not in _EVENTS:
            raise UnknownEvent(event=event)
    with recorded(acting_user):
        endpoint.save()
    return endpoint


def renew_secret(*, endpoint: WebhookEndpoint, acting_user: User | None) -> WebhookEndpoint:
    """The old secret signs nothing any more, what waits neither. Raises NotAllowed."""
    require(acting_user, Action.CHANGE, "webhook", None)
    with recorded(acting_user):
        kept = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
        kept.generation += 1
        kept.save(update_fields=["generation"])
    return kept


def secret_of(endpoint: WebhookEndpoint) -> str:
    """What the receiver checks the signature with."""
    about = f"{endpoint.pk}:{endpoint.generation}"
    return salted_hmac("technopark.webhooks", about, algorithm="sha256").hexdigest()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v1=` and the hexadecimal HMAC-SHA256 of the timestamp, a full stop and the body."""
    signed = timestamp.encode() + b"." + body
    return f"v1={hmac.digest(secret.encode(), signed, 'sha256').hex()}"


def forget_old() -> int:
    """Delete the deliveries that were over long ago, with their attempts. Returns how many."""
    over = WebhookDelivery.objects.exclude(state=DeliveryState.TO_SEND)
    gone, _each = over.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return gone


def _queue(
    deliveries: Iterable[tuple[WebhookEndpoint, uuid.UUID, dict[str, Any]]], event: str
) -> int:
    """To whom, the event's id, and what it says."""
    now = timezone.now()
    made = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            endpoint=endpoint,
            event=event,
            event_id=event_id,
            payload=payload,
            created_at=now,
            due_at=now,
        )
        for endpoint, event_id, payload in deliveries
    )
    wake_on_commit(DELIVER_TASK)
    return len(made)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other run is at work; the lock goes with the connection when a worker dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        alone = cursor.fetchone() == (True,)
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _claim(resting: set[int]) -> WebhookDelivery | None:
    """Take the next due delivery; nobody else finds it due while it is under way."""
    with transaction.atomic():
        delivery = (
            WebhookDelivery.objects.due()
            .filter(endpoint__active=True)
            .exclude(endpoint__in=resting)
            .select_related("endpoint")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("due_at", "id")
            .first()
        )
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.due_at = timezone.now() + CLAIMED_FOR
        delivery.save(update_fields=["attempts", "due_at"])
    return delivery


def _deliver(delivery: WebhookDelivery, resolver: posting.Resolver) -> bool:
    endpoint = delivery.endpoint
    body = json.dumps(
        {"event": delivery.event, "id": str(delivery.event_id), **delivery.payload},
        ensure_ascii=False,
    ).encode()
    now = timezone.now()
    timestamp = str(int(now.timestamp()))
    answer = posting.post(
        endpoint.url,
        body=body,
        headers={
            "Content-Type": "application/json",
            "User-Agent": "Technopark",
            "Technopark-Event": delivery.event,
            "Technopark-Delivery": str(delivery.event_id),
            "Technopark-Timestamp": timestamp,
            "Technopark-Signature": signature(secret_of(endpoint), timestamp, body),
        },
        allow_private=endpoint.allow_private,
        resolver=resolver,
    )
    with transaction.atomic():
        WebhookAttempt.objects.create(
            delivery=delivery,
            at=now,
            status=answer.status,
            milliseconds=answer.milliseconds,
            answer=answer.text,
        )
        _settle(delivery, answer)
    return answer.ok


def _settle(delivery: WebhookDelivery, answer: posting.Answer) -> None:
    if answer.ok:
        delivery.state = DeliveryState.SENT
        delivery.sent_at = timezone.now()
    elif delivery.attempts > len(PAUSES):
        delivery.state = DeliveryState.FAILED
    else:
        delivery.due_at = timezone.now() + PAUSES[delivery.attempts - 1]
    delivery.save(update_fields=["state", "sent_at", "due_at"])
