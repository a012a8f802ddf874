"""What webhooks are sent, for the OpenAPI document."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiResponse, OpenApiWebhook, extend_schema

from applications.api.shapes import EventShape
from billing.api.shapes import IssuedShape, SettledShape

_HEADERS: Final = """Headers:

- `Technopark-Event`: the event's name
- `Technopark-Delivery`: the event's id; the same event may come twice
- `Technopark-Timestamp`: when it was sent, in seconds since 1970
- `Technopark-Signature`: `v1=` and the hexadecimal HMAC-SHA256 of timestamp, full stop and body
  under the webhook's secret
"""


def _told(name: str, summary: str, shape: type[Any]) -> OpenApiWebhook:
    return OpenApiWebhook(
        name=name,
        decorator=extend_schema(
            summary=summary,
            description=_HEADERS,
            request=shape,
            responses={
                "2XX": OpenApiResponse(description="Received. Anything else is tried again.")
            },
            tags=["webhooks"],
        ),
    )


STEP_TAKEN: Final = _told(
    "step_taken", "A step of a sent file that its applicant is told too.", EventShape
)
INVOICE_ISSUED: Final = _told(
    "invoice_issued", "An invoice or a credit note is issued.", IssuedShape
)
INVOICE_SETTLED: Final = _told(
    "invoice_settled",
    "Nothing of an invoice is open any more, by payments and credits; told again where it was"
    " opened again.",
    SettledShape,
)
