"""HTML as tags and text with their places in the source, which no parser of trees keeps.

What is markup follows the tokenizer of the HTML standard (section 13.2.5); every step goes forward, so that time is linear in the size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MARKS = ("!", "?", "/")  # behind < they open what is neither tag nor text
COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
DOCTYPE = re.compile(r"<!doctype[^>\[]*+\[[^\]]*+\]\s*+>", re.IGNORECASE)  # with declarations of its own
TAG = re.compile(
    r"""</?([a-zA-Z][^\s/>]*+)
    (?: [^>"'=]++                          # names, blanks
      | = \s*+ (?: "[^"]*+" | '[^']*+' )?  # values, which may hold >
      | ["']                               # a quote that opens no value, or has no end
    )*+ >?""",
    re.VERBOSE,
)
RAW = {  # elements whose content is no markup; a reader sees only that of the last
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "title", "iframe", "noembed", "noframes", "noscript", "textarea")
}
TEXT, VERBATIM = "", "!"  # names of what is no tag: text, and text in which & is nothing but itself


Token = tuple[str, int, int]  # a stretch of the source: a tag by its name, an end tag's with a slash in front, or text


def tokens(body: str, *, xml: bool) -> Iterator[Token]:
    """The text and the tags of a page in their order; comments, declarations, scripts and the like are left out.

    In XML, `<script/>` is whole and CDATA is text.

    >>> list(tokens("a<b>c</b>", xml=False))
    [('', 0, 1), ('b', 1, 4), ('', 4, 5), ('/b', 5, 9)]
    """
    at, size = 0, len(body)
    text = 0  # where the text began that goes up to here
    declared = False
    while (start := body.find("<", at)) >= 0:
        tag = TAG.match(body, start)
        if not tag and body[start + 1 : start + 2] not in MARKS:
            at = start + 1
            continue
        if start > text:
            yield TEXT, text, start
        if tag:
            closing = body[start + 1] == "/"
            name, at = tag[1].lower(), tag.end()
            yield f"/{name}" if closing else name, start, at
            if name in RAW and not closing and not (xml and body.endswith("/>", start, at)):
                close = RAW[name].search(body, at)
                first, at = at, close.start() if close else size
                if name == "textarea":
                    yield TEXT, first, at
        elif xml and body.startswith("<![CDATA[", start):
            end = body.find("]]>", start)
            yield VERBATIM, start + 9, end if end >= 0 else size
            at = end + 3 if end >= 0 else size
        else:
            at = past(body, start, declared=declared)
            declared = declared or body[start + 2 : start + 3] in ("d", "D")
        text = at
    if text < size:
        yield TEXT, text, size


def past(body: str, start: int, *, declared: bool) -> int:
    """The end of what is neither tag nor text; declarations are only read once, for the first has them."""
    found = COMMENT.match(body, start) or (None if declared else DOCTYPE.match(body, start))
    if found:
        return found.end()
    end = body.find(">", start)
    return end + 1 if end >= 0 else len(body)
