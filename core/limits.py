"""How often something may be asked, counted in the cache."""

import logging
from typing import Any

import redis
from rest_framework.throttling import SimpleRateThrottle

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
