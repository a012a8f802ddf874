"""Limits per client, counted in Redis."""

from rest_framework.throttling import UserRateThrottle


class ClientThrottle(UserRateThrottle):
    """Signed-in clients by user, the public by address; `scope` names the rate in settings."""

    scope = "client"
