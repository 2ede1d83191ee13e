"""The words of a message that was written as HTML.

`html.parser` takes minutes over a message of nothing but `<a `. Here each sign is looked at once.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

_BLOCK: Final = (
    "address|article|blockquote|body|center|dd|div|dl|dt|footer|form|h[1-6]|head|header|hr|html|li|"
    "ol|p|pre|section|table|tbody|td|th|thead|title|tr|ul"
)
_INLINE: Final = (
    "a|abbr|b|big|br|button|cite|code|del|em|font|i|img|input|ins|label|link|mark|meta|q|s|small|"
    "span|strike|strong|sub|sup|time|tt|u|var|wbr"
)
_HIDDEN: Final = frozenset({"script", "style"})
_IS_BLOCK: Final = re.compile(_BLOCK)
_IS_KNOWN: Final = re.compile(rf"{_BLOCK}|{_INLINE}|script|style")
_TAG: Final = re.compile(
    r"<(?:(/?)([a-z][a-z0-9]*)(?![a-z0-9:@._-])([^<>]*)|![^<>]*)>", re.IGNORECASE
)
_SURE_SIGN: Final = re.compile(rf"</(?:{_IS_KNOWN.pattern})\s*>|<br\s*/?>", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(?:[a-z][a-z0-9]{1,30}|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_BLANK_LINES: Final = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


def plain(text: str) -> str:
    """Return *text* without tags, and with what `&rsquo;` and the like stand for, decoded once.

    Only what has an end tag or a line break of HTML is HTML: "I <3 it" and "a < b" stay.
    """
    if _SURE_SIGN.search(text):
        return _BLANK_LINES.sub("\n\n", _decoded(_without_tags(_without_comments(text)))).strip()
    return _decoded(text)


def _decoded(text: str) -> str:
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda found: unescape(found[0]).replace("\xa0", " "), text)


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return first + "".join(other.partition("-->")[2] for other in others)


def _without_tags(text: str) -> str:
    kept: list[str] = []
    hidden = ""
    done = 0
    for tag in _TAG.finditer(text):
        name, is_end = (tag[2] or "").lower(), bool(tag[1])
        if not hidden:
            kept.append(text[done : tag.start()])
            kept.append(_instead_of(tag[0], name, is_end))
        if name in _HIDDEN and (hidden in ("", name)):
            hidden = "" if is_end else name
        done = tag.end()
    return "".join(kept) if hidden else "".join(kept) + text[done:]


def _instead_of(tag: str, name: str, is_end: bool) -> str:
    if name and not _IS_KNOWN.fullmatch(name):
        return tag  # somebody's own <placeholder>
    return "\n" if name == "br" or (is_end and _IS_BLOCK.fullmatch(name)) else ""
