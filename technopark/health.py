"""Whether the product lives, and whether it can work: for load balancers and the supervisor."""

import logging

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """PostgreSQL and Redis answer too; 503 with the one that does not."""
    failing = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.warning("The database does not answer: %s", error)
        failing.append("database")
    try:
        cache.get("health")
    except RedisError as error:
        logger.warning("Redis does not answer: %s", error)
        failing.append("redis")
    status = "failing" if failing else "ok"
    return JsonResponse({"status": status, "failing": failing}, status=503 if failing else 200)
