"""CAMT.053 of every version: movements, balances, batches, reversals; and hostile XML."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from billing.camt import is_camt, read_camt
from billing.movements import AccountFile, Movement
from core.workbooks import BadFile

day = dt.date
PLAIN = """\
<Ntry><Amt Ccy="MAD">1200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{booked}</Sts>
 <BookgDt><Dt>2026-11-02</Dt></BookgDt><ValDt><DtTm>2026-11-03T00:00:00+01:00</DtTm></ValDt>
 <AcctSvcrRef>R-1</AcctSvcrRef>
 <NtryDtls><TxDtls>
  <Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
  <RltdPties><Dbtr>{atlas}</Dbtr></RltdPties>
  <RmtInf><Ustrd>Loyer  novembre</Ustrd>
   <Strd><CdtrRefInf><Ref>MITC-F2026-000001</Ref></CdtrRefInf></Strd></RmtInf>
 </TxDtls></NtryDtls><AddtlNtryInf>VIREMENT RECU</AddtlNtryInf></Ntry>"""
BATCH = """\
<Ntry><Amt Ccy="MAD">300</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{booked}</Sts>
 <BookgDt><Dt>2026-11-04</Dt></BookgDt><NtryDtls>
 <TxDtls><Refs><ChqNb>0004567</ChqNb></Refs>{hundred}</TxDtls>
 <TxDtls><Refs><ChqNb>0004568</ChqNb></Refs>{two_hundred}</TxDtls></NtryDtls></Ntry>"""
BACK = """\
<Ntry><Amt Ccy="MAD">200</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts>{booked}</Sts>
 <BookgDt><Dt>2026-11-05</Dt></BookgDt><AddtlNtryInf>CHQ 4568 IMPAYE</AddtlNtryInf></Ntry>"""
PENDING = """\
<Ntry><Amt Ccy="MAD">9</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{pending}</Sts></Ntry>"""


def statement(
    *entries: str,
    version: int = 2,
    opening: str = "1000.00",
    closing: str = "2300.00",
    more: str = "",
) -> bytes:
    new = version >= 8
    simple = "<Amt Ccy='MAD'>{0}</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
    nested = "<AmtDtls><TxAmt><Amt Ccy='MAD'>{0}</Amt></TxAmt></AmtDtls>"
    part = simple if version > 2 else nested
    told = {
        "booked": "<Cd>BOOK</Cd>" if new else "BOOK",
        "pending": "<Cd>PDNG</Cd>" if new else "PDNG",
        "atlas": "<Pty><Nm>Atlas Data SARL</Nm></Pty>" if new else "<Nm>Atlas Data SARL</Nm>",
        "hundred": part.format("100.00"),
        "two_hundred": part.format("200.00"),
    }
    balance = (
        "<Bal><Tp><CdOrPrtry><Cd>{0}</Cd></CdOrPrtry></Tp><Amt Ccy='MAD'>{1}</Amt>"
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-05</Dt></Dt></Bal>"
    )
    body = "".join(entry.format(**told) for entry in entries)
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>{more}"
        f"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02}'>"
        "<BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>S1</Id><Acct><Id>"
        "<IBAN>MA64225810012345678901234560</IBAN></Id></Acct>"
        f"{balance.format('OPBD', opening)}{balance.format('CLBD', closing)}{body}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


@pytest.mark.parametrize("version", range(2, 9))
def test_every_version_says_the_same(version: int) -> None:
    data = statement(PLAIN, BATCH, BACK, PENDING, version=version)
    assert is_camt(data)
    read = read_camt(data)
    assert read == AccountFile(
        [
            Movement(
                day(2026, 11, 2),
                Decimal("1200.00"),
                day(2026, 11, 3),
                "Atlas Data SARL",
                "MITC-F2026-000001",
                "Loyer novembre · VIREMENT RECU",
                bank_mark="R-1/0",
            ),
            Movement(day(2026, 11, 4), Decimal("100.00"), reference="0004567"),
            Movement(day(2026, 11, 4), Decimal("200.00"), reference="0004568"),
            Movement(day(2026, 11, 5), Decimal("-200.00"), words="CHQ 4568 IMPAYE", reversal=True),
        ],
        "225810012345678901234560",
        Decimal("1000.00"),
        Decimal("2300.00"),
    )
    assert read.difference == Decimal(0)


def test_a_batch_whose_parts_do_not_add_up_stays_one_line() -> None:
    read = read_camt(statement(BATCH.replace(">300<", ">299<"), closing="1299.00"))
    assert [(m.amount, m.reference, m.words) for m in read.movements] == [
        (Decimal("299.00"), "0004567", "0004568")
    ]


def test_an_envelope_around_it_is_no_matter() -> None:
    data = statement(PLAIN, closing="2200.00").replace(b"<Document", b"<Envelope><Document", 1)
    assert len(read_camt(data + b"</Envelope>").movements) == 1


def test_what_takes_back_names_its_parties_as_what_it_takes_back() -> None:
    back = PLAIN.replace("CRDT", "DBIT").replace("<Sts>", "<RvslInd>true</RvslInd><Sts>")
    (movement,) = read_camt(statement(back, closing="1000.00")).movements
    assert (movement.amount, movement.counterparty) == (Decimal("-1200.00"), "Atlas Data SARL")


def test_statements_that_follow_each_other_are_one_and_a_gap_is_refused() -> None:
    data = statement(PLAIN, closing="2200.00").decode()
    start, end = data.index("<Stmt>"), data.index("</BkToCstmrStmt>")
    second = statement(BACK, opening="2200.00", closing="2000.00").decode()
    joined = data[:end] + second[second.index("<Stmt>") : second.index("</BkToCstmrStmt>")]
    both = joined + data[end:]
    read = read_camt(both.encode())
    assert (read.opening, read.closing, len(read.movements), read.difference) == (
        Decimal("1000.00"),
        Decimal("2000.00"),
        2,
        Decimal(0),
    )
    with pytest.raises(BadFile, match="the balance jumps"):
        read_camt(both.replace(">2200.00<", ">2100.00<", 1).encode())
    other = both[:start] + both[start:].replace("4560</IBAN>", "4561</IBAN>", 1)
    with pytest.raises(BadFile, match="several accounts"):
        read_camt(other.encode())


TEN_TIMES = "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
BOMB = f"<!DOCTYPE d [<!ENTITY a 'ha'>{TEN_TIMES}]>"
STEAL = "<!DOCTYPE d SYSTEM 'file:///etc/passwd'>"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"more": BOMB}, "declares a document type"),
        ({"more": STEAL}, "declares a document type"),
        ({"more": "<"}, "this is no XML"),
        ({"version": 9}, "no CAMT.053 statement"),
        ({"entry": "<x>" * 50 + "</x>" * 50}, "nests deeper"),
        ({"entry": PLAIN.replace("MAD", "EUR")}, "Entry 1: its amount is in EUR"),
        ({"entry": PLAIN.replace("1200.00", "NaN")}, "Entry 1: “NaN” is no amount"),
        ({"entry": PLAIN.replace("1200.00", "1" * 18)}, "is no amount"),
        ({"entry": PLAIN.replace("2026-11-02", "2026-13-02")}, "Entry 1: “2026-13-02” is no day"),
        ({"entry": PLAIN.replace("CRDT", "BOTH")}, "does not say whether"),
        ({"entry": BACK.replace("BookgDt", "Gone")}, "Entry 1: it has no day of booking"),
    ],
)
def test_what_is_hostile_or_broken_is_refused(given: dict[str, Any], told: str) -> None:
    entry = given.pop("entry", PLAIN)
    with pytest.raises(BadFile) as refused:
        read_camt(statement(entry, **given))
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "data", [b"", b"<a/>", b"\xff\xfe<\0a", b"<?xml version='1.0' encoding='x'?><a/>"]
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadFile):
        read_camt(data)
