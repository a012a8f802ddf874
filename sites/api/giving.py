"""Files as the answer to a request: the bytes as they are, to be saved."""

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView


class GivesBytes(APIView):
    """To stand before the resource's class: whatever the client says that it accepts, it gets the
    file, or a refusal as all of them are."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return super().perform_content_negotiation(request, force=True)
