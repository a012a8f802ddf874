"""Where signed documents come from. Today from people, who upload them; an electronic-signature
service is another `Signature`."""

import datetime as dt
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from leases.models import LeaseDocument


@dataclass(frozen=True, slots=True)
class SignedFile:
    """What came back signed, before it is checked; `signers` a line each."""

    file: BinaryIO
    name: str
    size: int
    signed_on: dt.date
    signers: str


class Signature(Protocol):
    def signed_file(self, document: LeaseDocument) -> SignedFile | None:
        """The signed document, or None as long as somebody has not signed."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """Signed on paper, or elsewhere, and uploaded with what is known of it."""

    uploaded: SignedFile

    def signed_file(self, document: LeaseDocument) -> SignedFile | None:
        return self.uploaded
