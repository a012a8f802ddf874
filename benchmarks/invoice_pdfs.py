"""PDFs of invoices (PDF/A-3b with the UBL inside and a QR code): how many a second of one core.

Budget: 150. The rows are at hand: what is measured is words, XML, QR code and typesetting. Most of
it is typst's layout, which asks for each paragraph; the rest is Python's.
"""

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final
from unittest.mock import patch

from billing.choices import InvoiceKind
from billing.models import Invoice, InvoiceLine
from billing.papers import invoice as papers
from billing.papers.invoice import invoice_pdf, invoice_ubl
from core.periods import Period
from sites.models import Site

INVOICES: Final = 300
BUDGET: Final = 150
_SELLER: Final = {
    "name": "MITC — Moroccan Information Technopark Company", "legal_form": "SA",
    "capital": "46000000.00", "address": "Route de Nouasser", "postcode": "20270",
    "city": "Casablanca", "ice": "001512572000078", "if_number": "1084001",
    "tp_number": "37990112", "rc_number": "117535", "rc_court": "Casablanca",
    "cnss_number": "6087233", "phone": "+212522501234", "email": "factures@technopark.example",
    "rib": "007780000123456789012345",
}  # fmt: skip


def lines() -> Iterator[str]:
    for language in ("fr", "ar"):
        rows = [_invoice(number, language) for number in range(1, INVOICES + 1)]
        invoice_pdf(rows[0])  # fonts and compiler are there from the first one on
        each = _cpu(invoice_pdf, rows)
        xml = _cpu(invoice_ubl, rows)
        with patch.object(papers, "typeset", return_value=b""):
            words = _cpu(invoice_pdf, rows)
        yield (
            f"{language}: {1 / each:.0f} a second (budget {BUDGET}); {each * 1000:.1f} ms each, of "
            f"which {(each - words) * 1000:.1f} typst, {xml * 1000:.1f} the UBL"
        )


def _cpu(make: Callable[[Invoice], bytes], rows: Sequence[Invoice]) -> float:
    """Seconds of CPU for one: the median, since a busy moment is nobody's cost."""
    taken = []
    for row in rows:
        since = time.process_time()
        make(row)
        taken.append(time.process_time() - since)
    return statistics.median(taken)


def _invoice(number: int, language: str) -> Invoice:
    """A month's rent with charges and a place to park: as most are, three lines."""
    site = Site(code="CAS", name_fr="Casablanca", name_ar="الدار البيضاء", name_en="Casablanca")
    invoice = Invoice(
        pk=number, kind=InvoiceKind.INVOICE, number=f"MITC-F2026-{number:06}", year=2026,
        sequence=number, site=site, issued_on=dt.date(2026, 11, 2), due_on=dt.date(2026, 11, 12),
        language=language, seller=_SELLER, client={
            "name": f"Locataire {number} SARL", "legal_form": "SARL",
            "address": f"{number}, rue des Orangers\nCasablanca", "ice": "001512572000078",
            "if_number": "40123456", "rc_number": f"{400000 + number}", "rc_court": "Casablanca",
        },
        net=Decimal("3010.50") + number, vat=(Decimal("3010.50") + number) / 5,
    )  # fmt: skip
    invoice.total = invoice.net + invoice.vat
    november = Period(dt.date(2026, 11, 1), dt.date(2026, 12, 1))
    charges = [
        ("rent", "", "A-B12", "per_m2", Decimal(100), Decimal("25.40"), Decimal("2540.00"), True),
        ("service", "", "", "flat", Decimal("220.50"), None, Decimal("220.50"), False),
        ("parking", "place 12", "", "flat", Decimal(250) + number, None, Decimal(250) + number,
         False),
    ]  # fmt: skip
    made = [
        InvoiceLine(
            invoice=invoice, position=position, kind=kind, label=label, space=space, unit=unit,
            period=november, rate=rate, area_m2=area, amount=amount, vat_rate=Decimal(20),
            vat=amount / 5, is_rent=is_rent,
        )
        for position, (kind, label, space, unit, rate, area, amount, is_rent)
        in enumerate(charges, start=1)
    ]  # fmt: skip
    invoice._prefetched_objects_cache = {"lines": made}  # type: ignore[attr-defined]
    return invoice
