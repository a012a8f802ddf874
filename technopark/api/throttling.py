"""Limits per client, counted in Redis."""

from typing import Any

from rest_framework.request import Request

from core.limits import Limit


class ClientThrottle(Limit):
    """By token: a person's other clients are not held up by one that asks too much."""

    scope = "client"

    def get_cache_key(self, request: Request, view: object) -> str | None:
        token: Any = request.auth
        return f"throttle:client:{token.pk}" if token is not None else None
