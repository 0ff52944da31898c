"""Numbers and addresses by which a private person can be found or robbed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from audit.language.patterns import regex
from audit.language.spots import digit_runs
from audit.model import Hit, Offsets, Severity, Span, Text
from audit.rule import Scope, family

from .privacy_circumstance import RULES as CIRCUMSTANCES
from .privacy_people import RULES as PEOPLE

rule = family("privacy")

DIGITS = "0123456789"
PROVINCES = frozenset(
    map(
        str,
        (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82),
    )
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
NEAR = 24
IDENTITY = regex(r"身[份分][证證]|[证證]件[号號]|公民身份")
PHONE = regex(
    r"[电電][话話]|手[机機]|[联聯][系繫]|微信|[热熱][线線]|[来來][电電]|致[电電]|[Tt][Ee][Ll]|☎|[拨撥]打|[报報]名"
)
BANK = regex(r"[账帐帳賬][号號户戶]|卡[号號]|[银銀]行|[开開][户戶]|[汇匯]款|捐款|[转轉][账帐帳賬]|信用社|支付[宝寶]")
# the public is asked to call or to give: the number was published with its owner's will
INVITED = regex(
    r"[热熱][线線]|[记記]者|本[报報刊台]|捐[款助赠贈]|善款|[爱愛]心|[报報]名|[咨諮][询詢]|[报報]料|[预預][订訂约約]|[订訂][购購]|客服|招[商聘生]|加盟|[监監]督|[举舉][报報]|[寻尋]人|[线線]索|[可请請][^，。；\n]{0,12}[联聯][系繫]|[联聯][系繫][^，。；\n]{0,10}[。：:]?手[机機][号號]"
)
INVITED_NEAR = 48
NUMBERING = regex(
    r"(?:ISBN|[编編][号號]|[订訂][单單]|[单單][号號]|QQ|ID|[条條]形?[码碼]|文[号號]|流水[号號]|DOI|[专專]利)[^\n]{0,6}\Z"
)
# fields of a table of figures: with a decimal point, or too long for a count and too short for a card
FIGURE = r"[-+]?(?:\d{1,14}\.\d+|\d{5,14})"
BEHIND_FIGURE = regex(rf"(?<![\d.]){FIGURE}[ \t|,，]{{1,12}}\Z")
BEFORE_FIGURE = regex(rf"[ \t|,，]{{1,12}}{FIGURE}(?![\d.])|\.\d")
KNOWN = frozenset({"13800138000", "13888888888", "12345678910", "13912345678", "13812345678", "13800000000"})


class Number(NamedTuple):
    """A number as written, blanks and hyphens between its groups left out of `digits`."""

    start: int
    end: int
    digits: str


def _numbers(text: Text) -> list[Number]:
    """Digits in runs of 9 and more, and in groups of 3 and 4 as phones and cards are written; built once."""
    starts, ends = digit_runs(text)
    sizes = ends - starts
    numbers = [
        Number(start, end, text.body[start:end])
        for start, end in zip(starts[sizes >= 9].tolist(), ends[sizes >= 9].tolist(), strict=True)
        if end - start <= 20
    ]
    near = np.zeros(len(starts), dtype=bool)
    near[:-1] = starts[1:] - ends[:-1] == 1
    heads = np.flatnonzero(near & ((sizes == 3) | (sizes == 4)))
    if len(heads) and len(starts) > 2:
        heads = heads[heads + 2 < len(starts)]
        heads = heads[near[heads + 1] & (sizes[heads + 1] == 4) & (sizes[heads + 2] == 4)]
        numbers += [_grouped(text, starts, ends, int(head)) for head in heads]
    return sorted(number for number in numbers if not _glued(text.body, number))


def _grouped(text: Text, starts: Offsets, ends: Offsets, head: int) -> Number:
    last = head + 2
    while (
        last + 1 < len(starts)
        and starts[last + 1] - ends[last] == 1
        and ends[last + 1] - starts[last + 1] <= 4
        and last - head < 4
    ):
        last += 1
    written = text.body[starts[head] : ends[last]]
    digits = re.sub(r"[ -]", "", written)
    return Number(int(starts[head]), int(ends[last]), digits if digits.isdecimal() else "")


def _glued(body: str, number: Number) -> bool:
    before, after = body[number.start - 1 : number.start] if number.start else "", body[number.end : number.end + 1]
    glue = before.isascii() and (before.isalnum() or before in "._-/=&#%$*+@") and before != ""
    return (
        not number.digits
        or glue
        or (after.isascii() and (after.isalnum() and after not in "Xx"))
        or after in tuple("_/=")
    )


def _numbers_of(text: Text) -> list[Number]:
    return text.signal("privacy.numbers", _numbers)  # type: ignore[no-any-return]


def _said(body: str, number: Number, word: re.Pattern[str]) -> bool:
    return word.search(body, max(0, number.start - NEAR), min(len(body), number.end + NEAR // 2)) is not None


def _among_figures(body: str, number: Number) -> bool:
    """Whether the number is a figure in a row of figures, or has decimals itself."""
    decimals = body[number.end : number.end + 1] == "." and BEFORE_FIGURE.match(body, number.end) is not None
    return decimals or (
        BEFORE_FIGURE.match(body, number.end) is not None
        and BEHIND_FIGURE.search(body[max(0, number.start - 32) : number.start]) is not None
    )


def _invited(body: str, number: Number) -> bool:
    """Whether the words before the number ask the public to use it; a report of a crime or an illness does not."""
    return INVITED.search(body, max(0, number.start - INVITED_NEAR), number.start) is not None


def _checked(number: str) -> bool:
    """Whether the last sign of an 18-digit identity number is its check digit (GB 11643, ISO 7064 MOD 11-2)."""
    return (
        CHECKS[sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11]
        == number[17].upper()
    )


def _born(number: str) -> bool:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return 1900 <= birth.year <= 2100


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@rule(
    "PII001",
    "identity-card",
    Severity.CRITICAL,
    "identity-card number",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.97,
)
def identity_card(text: Text) -> Iterator[Hit]:
    """The number of an identity card: 18 signs with province, birth date and check digit.

    Why it matters: it identifies a person for life; it may not be published.
    Left alone: numbers whose date or check digit is wrong, unless 身份证 stands beside them; order and serial numbers.
    Repair: none by itself; mask it or leave it out.
    """
    body = text.body
    for number in _numbers_of(text):
        end = number.end + (len(number.digits) == 17 and body[number.end : number.end + 1] in {"X", "x"})
        sign = number.digits + body[number.end : end]
        said = _said(body, number, IDENTITY)
        if len(sign) == 18 and sign[:2] in PROVINCES and _born(sign):
            good = _checked(sign)
            if good or said:
                yield Hit(
                    Span(number.start, end),
                    confidence=0.99 if good else 0.8,
                    evidence={"check_digit": good, "named": said},
                )
        elif len(sign) == 15 and said and sign[:2] in PROVINCES and _born(sign[:6] + "19" + sign[6:]):
            yield Hit(Span(number.start, end), confidence=0.85, evidence={"digits": 15, "named": said})


@rule("PII002", "mobile-number", Severity.MAJOR, "mobile number", scope=Scope.TEXT, by_line=True, confidence=0.9)
def mobile_number(text: Text) -> Iterator[Hit]:
    """A mobile number of mainland China, with or without gaps.

    Why it matters: a private person can be called by it for years.
    Left alone: hot lines (110, 12345, 95588, 400-…), landlines, serial numbers, well-known examples (13800138000). A number
    that the public is asked to call (`报名热线`, `请与本报记者联系`), or in a row of figures, is a remark.
    Repair: none by itself; mask it or leave it out.
    """
    for number in _numbers_of(text):
        digits = number.digits.removeprefix("86") if len(number.digits) == 13 else number.digits
        if (
            len(digits) != 11
            or digits[0] != "1"
            or digits[1] not in "3456789"
            or digits in KNOWN
            or len(set(digits)) < 4
        ):
            continue
        said = _said(text.body, number, PHONE)
        if not said and NUMBERING.search(text.body[max(0, number.start - 14) : number.start]):
            continue
        invited = _invited(text.body, number)
        figure = not said and _among_figures(text.body, number)
        yield Hit(
            Span(number.start, number.end),
            confidence=0.97 if said else 0.3 if figure else 0.7,
            severity=Severity.INFO if invited or figure else None,
            evidence={"named": said, "public_invited": invited},
        )


@rule(
    "PII003",
    "bank-card",
    Severity.CRITICAL,
    "bank card or account number",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.9,
)
def bank_card(text: Text) -> Iterator[Hit]:
    """The number of a bank card: 16 to 19 digits with a good Luhn sum, beside a word for bank or account, or with UnionPay's 62.

    Why it matters: money can be asked or taken by it.
    Left alone: numbers without the sum, order and serial numbers, identity cards. An account that the public is asked to give
    to (`捐款账号`) is a remark.
    Repair: none by itself; mask it or leave it out.
    """
    for number in _numbers_of(text):
        digits = number.digits
        if not 16 <= len(digits) <= 19 or digits[0] not in "34569" or not _luhn(digits) or len(set(digits)) < 4:
            continue
        said = _said(text.body, number, BANK)
        if said or (
            digits.startswith("62") and not NUMBERING.search(text.body[max(0, number.start - 14) : number.start])
        ):
            invited = _invited(text.body, number)
            yield Hit(
                Span(number.start, number.end),
                confidence=0.97 if said else 0.6,
                severity=Severity.INFO if invited else None,
                evidence={"luhn": True, "named": said, "public_invited": invited},
            )


RULES = (identity_card, mobile_number, bank_card, *PEOPLE, *CIRCUMSTANCES)
