"""Limits per client, counted in Redis."""

from rest_framework.throttling import UserRateThrottle


class ClientThrottle(UserRateThrottle):
    """Clients with a token, by user; `scope` names the rate in settings."""

    scope = "client"
