"""How often something may be asked, counted in the cache."""

import logging
from typing import Any

import redis
from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle

from core.middleware import client_address

logger = logging.getLogger(__name__)


class Limit(SimpleRateThrottle):
    """`scope` names the rate in the settings. While Redis is away nobody is held up: a limit
    spares the house, and is no reason to close it."""

    def allow_request(self, request: Any, view: Any) -> bool:
        try:
            return super().allow_request(request, view)
        except redis.RedisError:
            logger.warning("Redis does not answer: the limit %s is not counted.", self.scope)
            return True


class ByNetwork(Limit):
    """What comes from one network address."""

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"throttle:{self.scope}:{client_address(request)}"


def allowed(request: HttpRequest, *limits: type[Limit]) -> bool:
    """Whether all of them have room; each counts, whichever is too much: the answer does not tell
    which, nor what is known of an address."""
    room = [limit().allow_request(request, None) for limit in limits]
    return all(room)
