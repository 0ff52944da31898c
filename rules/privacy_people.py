"""Addresses and plates of private persons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audit.language import scouts
from audit.language.code import in_code
from audit.language.patterns import regex
from audit.language.spots import found
from audit.model import Hit, Line, Severity, Span, Text
from audit.rule import Scope, family

from .privacy_unmasked import RULES as UNMASKED

rule = family("privacy")

MAIL = regex(
    r"(?P<user>[A-Za-z0-9][A-Za-z0-9._%+-]{0,63})@(?P<host>(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24})(?![A-Za-z0-9:/])"
)
ROLE = regex(
    r"(?:info|admin|service|support|contact|hello|hi|webmaster|editor|tougao|hr|jobs?|noreply|no-reply|postmaster|press|sales|help|feedback|office|root|user|me|you|name|foo|test|git|npm|xxx+|abc|xyz|my[-_.]?(?:account|name|mail)|your[-_.]?(?:account|name|mail)|username|account|someone|alice|bob|j[-_.]?doe|john[-_.]?doe|zhang[-_.]?san|li[-_.]?si)\d*\Z",
    re.IGNORECASE,
)
DUMMY_HOST = regex(
    r"(?:^|\.)(?:example|test|domain|email|mail|company|host)\.(?:com|org|net|cn)\Z|\.(?:png|jpg|js|svg|gif)\Z"
    r"|\.(?:example|invalid|test|localhost|local|localdomain|lan|intern|internal|corp|home)\Z",
    re.IGNORECASE,
)
# mail that anyone can open: a private address, whoever holds it
PRIVATE_HOST = regex(
    r"(?:^|\.)(?:qq|foxmail|163|126|yeah|139|189|sina|sohu|tom|21cn|aliyun|gmail|googlemail|hotmail|outlook|live|msn|yahoo|icloud|hinet|pchome|seed)\.(?:com|net|cn|vip|tw)(?:\.[a-z]{2})?\Z",
    re.IGNORECASE,
)
LABEL = regex(
    r"[邮郵][箱件址]|信箱|[联聯][系繫絡络]|E-?mail[:：]|投稿|[发發]送?[到至]|寄[到至往]|[电電][话話]|手[机機]",
    re.IGNORECASE,
)
# the address of an office, or one that the public is asked to write to
INVITED = regex(
    r"[举舉][报報]|客服|投稿|稿件|[来來]稿|[报報]名|[应應]征|[征徵](?:文|稿|集)|[发發]送?[到至]|寄[到至往]|[编編][辑輯]部|商[务務]|[简簡][历歷]|招聘|本[报報刊]|[热熱][线線]|[咨諮][询詢]|[监監]督|[订訂][阅閱]|[发發]送[^。；\n]{0,30}[至到]\Z|[”）)]\s?[至到]\Z"
)
LIST_USER = regex(
    r"(?:^|[-_.])(?:info|public|official|news|bugs?|devel?|dev|users?|list|team|maintainers?|request|subscribe|unsubscribe|submit|security|announce|discuss|control|doc|project|help|support)(?:$|[-_.])",
    re.IGNORECASE,
)
LIST_HOST = regex(r"(?:lists?|bugs?|groups?|packages)\.", re.IGNORECASE)
USER_CHAR = regex(r"[A-Za-z0-9._%+-]")
NEAR, INVITED_NEAR = 16, 32
PLATE = regex(
    r"[京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊][A-HJ-NP-Z][·•. -]?"
    r"(?=[A-HJ-NP-Z0-9]*[0-9][A-HJ-NP-Z0-9]*[0-9])[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"
)
DRIVEN = regex(r"[车車]牌|牌照|[轿轎][车車]|[车車][号號]|[车車][辆輛]|[货貨][车車]|[驾駕][驶駛]|肇事|[车車]主|[车車]")


@rule(
    "PII004", "mail-address", Severity.MINOR, "mail address", scope=Scope.TEXT, scout=scouts.holds("@"), confidence=0.85
)
def mail_address(text: Text) -> Iterator[Hit]:
    """A mail address of a person.

    Why it matters: harvesters read published text.
    Left alone: addresses of offices (info@, service@), examples (example.com), code, links. Signatures of authors (`Name <a@b.org>`),
    mailing lists and teams, addresses that the public is asked to write to (`举报邮箱`, `报名表发送至`), and addresses of an
    organisation without a word for mail or contact before them are a remark.
    Repair: none by itself; leave it out or ask the owner.
    """
    body = text.body
    for at in found(body, "@"):
        begin = at
        while begin > 0 and at - begin < 64 and USER_CHAR.match(body, begin - 1):
            begin -= 1
        match = MAIL.match(body, begin)
        if match is None or match.start("host") != at + 1 or body[begin - 1 : begin] in {"/", ":"}:
            continue
        if ROLE.match(match["user"]) or DUMMY_HOST.search(match["host"]) or in_code(text, *match.span()):
            continue
        signed = body[begin - 1 : begin] == "<" and body[match.end() : match.end() + 1] == ">"
        private = PRIVATE_HOST.search(match["host"]) is not None
        labelled = LABEL.search(body, max(0, begin - NEAR), begin) is not None
        office = (
            LIST_USER.search(match["user"]) is not None
            or LIST_HOST.match(match["host"]) is not None
            or INVITED.search(body, max(0, begin - INVITED_NEAR), begin) is not None
        )
        sure = not signed and not office and (private or labelled)
        yield Hit(
            Span(*match.span()),
            confidence=0.9 if sure else 0.5,
            severity=None if sure else Severity.INFO,
            evidence={"private_host": private, "labelled": labelled, "signature": signed, "office": office},
        )


@rule(
    "PII005",
    "number-plate",
    Severity.MINOR,
    "number plate",
    triggers=(
        "京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊",
        "ABCDEFGHJKLMNPQRSTUVWXYZ",
        "0123456789",
    ),
    by_line=True,
    confidence=0.9,
)
def number_plate(line: Line) -> Iterator[Hit]:
    """The number plate of a car of mainland China.

    Why it matters: it leads to its holder.
    Left alone: plates with masked signs, models and codes without two digits; without a word for a car near it, only a remark.
    Repair: none by itself; mask it or leave it out.
    """
    for match in PLATE.finditer(line.body, line.start, line.end):
        driven = DRIVEN.search(line.body, max(line.start, match.start() - 30), min(line.end, match.end() + 20))
        if driven is None and in_code(line.text, *match.span()):
            continue
        yield Hit(
            Span(*match.span()),
            confidence=0.95 if driven else 0.5,
            severity=Severity.MINOR if driven else Severity.INFO,
            evidence={"car_near": driven is not None},
        )


RULES = (mail_address, number_plate, *UNMASKED)
