"""Lessors, sites and their space, tariffs, bookings, and who works where."""

from sites.models.bookings import Booking
from sites.models.clients import (
    DeliveryState,
    IdempotentReply,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEndpointSite,
)
from sites.models.lessors import Lessor, VatRule
from sites.models.memberships import ClientToken, ClientTokenSite, Membership
from sites.models.places import Building, Floor, Site, SiteCapacity
from sites.models.spaces import LettablePeriod, Measure, Space, SpaceReplacement
from sites.models.tariffs import RatePlan, RatePlanStep

__all__ = [
    "Booking",
    "Building",
    "ClientToken",
    "ClientTokenSite",
    "DeliveryState",
    "Floor",
    "IdempotentReply",
    "Lessor",
    "LettablePeriod",
    "Measure",
    "Membership",
    "RatePlan",
    "RatePlanStep",
    "Site",
    "SiteCapacity",
    "Space",
    "SpaceReplacement",
    "VatRule",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEndpointSite",
]
