"""How many requests were answered, by what, and in how many seconds.

Counted in Redis, which all processes share; lost with it, as Prometheus expects of a counter. While
Redis is away nothing is counted, and no request waits for it.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from time import monotonic, perf_counter
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from technopark.metrics.exposition import Metric, Sample

logger = logging.getLogger(__name__)

UNROUTED: Final = "none"
"""Of what no route answers: static files, addresses that are none."""
PAUSE: Final = 10
"""Seconds without counting after Redis did not answer."""
_PATIENCE: Final = 0.1
"""Seconds that Redis has to answer."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUESTS: Final = "metrics:requests"
_MICROSECONDS: Final = "metrics:request_microseconds"


class TrafficMiddleware:
    """The outermost: what it measures is all that the process does for a request, but for what an
    answer streams afterwards."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed  # nobody can read it
        self.get_response = get_response
        self.silent_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = perf_counter()
        response = self.get_response(request)
        taken = perf_counter() - begun
        if monotonic() >= self.silent_until:
            try:
                _count(_labels(request, response), round(taken * 1_000_000))
            except RedisError as error:
                logger.warning("Redis does not answer: %s", error)
                self.silent_until = monotonic() + PAUSE
        return response


def counters() -> Iterator[Metric]:
    try:
        requests, microseconds = _counted(_REQUESTS), _counted(_MICROSECONDS)
    except RedisError as error:
        logger.warning("Redis does not answer: %s", error)
        return
    yield Metric(
        "technopark_requests_total",
        "Requests answered, by route, method and class of status.",
        [Sample(int(count), labels) for labels, count in requests],
        kind="counter",
    )
    yield Metric(
        "technopark_request_seconds_total",
        "Seconds that these requests took.",
        [Sample(Decimal(int(spent)).scaleb(-6), labels) for labels, spent in microseconds],
        kind="counter",
    )


def _labels(request: HttpRequest, response: HttpResponse) -> str:
    """Few enough to be kept for good: an address is told by its route's name."""
    match = request.resolver_match
    route = UNROUTED if match is None else match.view_name
    method = request.method if request.method in _METHODS else "other"
    return f"{route} {method} {response.status_code // 100}xx"


def _count(labels: str, microseconds: int) -> None:
    """On one way to Redis and back."""
    with connected().pipeline(transaction=False) as both:
        both.hincrby(_REQUESTS, labels, 1)
        both.hincrby(_MICROSECONDS, labels, microseconds)
        both.execute()


def _counted(key: str) -> list[tuple[Mapping[str, str], bytes]]:
    found: Mapping[bytes, bytes] = connected().hgetall(key)
    return [
        (
            dict(zip(("route", "method", "status"), labels.decode().rsplit(" ", 2), strict=True)),
            count,
        )
        for labels, count in sorted(found.items())
    ]


@cache
def connected() -> Any:
    return Redis.from_url(
        settings.COUNTERS_URL,
        socket_timeout=_PATIENCE,
        socket_connect_timeout=_PATIENCE,
        # Once more: a connection that is kept may have been closed meanwhile.
        retry=Retry(NoBackoff(), 1),
    )
