"""What webhooks are sent, for the OpenAPI document."""

from typing import Final

from drf_spectacular.utils import OpenApiResponse, OpenApiWebhook, extend_schema

from applications.api.shapes import EventShape

_HEADERS: Final = """Headers:

- `Technopark-Event`: the event's name
- `Technopark-Delivery`: the event's id; the same event may come twice
- `Technopark-Timestamp`: when it was sent, in seconds since 1970
- `Technopark-Signature`: `v1=` and the hexadecimal HMAC-SHA256 of timestamp, full stop and body
  under the webhook's secret
"""

STEP_TAKEN: Final = OpenApiWebhook(
    name="step_taken",
    decorator=extend_schema(
        summary="A step of a sent file that its applicant is told too.",
        description=_HEADERS,
        request=EventShape,
        responses={"2XX": OpenApiResponse(description="Received. Anything else is tried again.")},
        tags=["webhooks"],
    ),
)
