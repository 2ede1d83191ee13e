"""What could I write? Letters that are filled in from facts; what is not known stays to be seen."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from netcrm.errors import InvalidError
from netcrm.rules.circumstances import KINDS, NOTE_LIMIT
from netcrm.rules.said import CHANNEL_WORDS

_BLANKS: Final = {
    "first": "their given name",
    "name": "their name",
    "organisation": "where they work",
    "title": "what they do there",
    "found": "how you found them",
    "referrer": "who sent you, once they have agreed to be named",
    "shared": "a place that you have both been at",
    "me": "your name",
    "about_me": "who you are, in a sentence",
    "stage": "what you are, such as a student",
    "interest": "what you are exploring",
    "objective": "what you would like to know",
    "minutes": "how long you ask for",
    "formats": "in which ways you can talk",
    "asked": "when you asked",
    "met": "when you talked",
    "declined": "when they said no",
    "since": "when you were last in touch",
    "takeaway": "what you took away from your talk",
    "next_step": "what you will do next",
    "referred_to": "to whom they pointed you",
    "applied": "their advice that you followed",
    "decision": "what you decided",
    "news": "what is new with you",
    "target": "the name of the other person",
    "target_first": "the given name of the other person",
    "target_job": "what the other person does",
    "why": "why they should meet",
    "outcome": "what came of it",
}
_BLANK: Final = re.compile(r"\{([^{}]*)\}")
_FILL: Final = re.compile(r"\{(\w+)\}(\.?)")
_ENDS: Final = (".", "?", "!", "…")
_MARKS: Final = re.compile(r"(\|?)\s*(\??)\s*(.*)")
_SUBJECT: Final = "Subject:"


class Fact(NamedTuple):
    """What fills a blank, and the ids of the records that say so.

    What there is, but may only be written once somebody was asked, has no text; `ask` says whom to
    ask for what.
    """

    text: str = ""
    records: tuple[str, ...] = ()
    ask: str = ""


class Draft(NamedTuple):
    """A letter to look through, and to send oneself.

    `missing` says in words what was not known, `facts` are the ids of the records it rests on.
    """

    kind: str
    channel: str
    subject: str
    text: str
    missing: tuple[str, ...]
    facts: tuple[str, ...]


class Line(NamedTuple):
    """A sentence of a template: one to leave out if need be, one instead of those before it."""

    text: str
    is_optional: bool = False
    is_instead: bool = False


class Template(NamedTuple):
    """The text of a letter, with blanks."""

    subject: str
    paragraphs: tuple[tuple[Line, ...], ...]


def blanks() -> dict[str, str]:
    """Return the names that a template may use in braces, and what each stands for."""
    return dict(_BLANKS)


def parse_templates(texts: Mapping[str, str], whose: str) -> dict[str, Template]:
    """Return the templates of netcrm, a plugin or the user.

    Args:
        texts: by kind, such as thank_you, or by kind and channel, such as request.phone. A line is
            a sentence, an empty line begins a paragraph; the first line may be "Subject: ...". A
            line that begins with ? falls out where a blank of it is not known, one that begins
            with | stands only if no marked line before it does.
        whose: the name of a file or a plugin, for messages.

    Raises:
        InvalidError: a text is for no kind or channel, or has an unknown blank, which is named.
    """
    made = {}
    for key, text in texts.items():
        try:
            _check(key, text)
        except InvalidError as error:
            raise InvalidError(f"{whose}: {key}: {error}") from None
        made[key] = _parsed(text)
    return made


def _check(key: str, text: str) -> None:
    kind, dot, channel = key.partition(".")
    if kind not in KINDS:
        raise InvalidError(f"is for no kind of draft; choose of {', '.join(sorted(KINDS))}")
    if dot and channel not in CHANNEL_WORDS:
        raise InvalidError(f"is for no channel; choose of {', '.join(CHANNEL_WORDS)}")
    if not isinstance(text, str):
        raise InvalidError(f"expected text, got {text!r}")
    for name in _BLANK.findall(text):
        if name not in _BLANKS:
            raise InvalidError(f"there is no blank {{{name}}}; choose of {', '.join(_BLANKS)}")


def _parsed(text: str) -> Template:
    head, _, rest = text.strip().partition("\n")
    subject = ""
    if head.startswith(_SUBJECT):
        subject, text = head.removeprefix(_SUBJECT).strip(), rest
    paragraphs: list[list[Line]] = [[]]
    for said in text.strip().splitlines():
        found = _MARKS.fullmatch(said.strip())
        if found and found[3]:
            paragraphs[-1].append(Line(found[3], bool(found[2]), bool(found[1])))
        else:
            paragraphs.append([])
    return Template(subject, tuple(tuple(lines) for lines in paragraphs if lines))


def draft(
    kind: str,
    known: Mapping[str, Fact],
    templates: Mapping[str, Template],
    *,
    channel: str = "email",
) -> Draft:
    """Return a letter in which everything known is filled in, and nothing is made up.

    A blank that is not known stays as [what is missing], unless its sentence can do without. Where
    a channel has a limit, sentences that can be left out are, from the last, until it fits.

    Args:
        kind: of the draft: request, follow_up, thank_you and so on.
        known: what is known, by the name of the blank; see `blanks`.
        templates: of the kinds and channels; a channel without one of its own has that of the kind.
        channel: how it will be sent; only e-mail has a subject.

    Raises:
        InvalidError: there is no such kind, or no text for it that short.
    """
    template = _chosen(kind, channel, templates)
    limit = NOTE_LIMIT if channel == "linkedin_note" else None
    paragraphs = _fitting(template, known, limit)
    subject = template.subject if channel == "email" else ""
    used = dict.fromkeys(
        name
        for text in (subject, *(line.text for lines in paragraphs for line in lines))
        for name in _BLANK.findall(text)
    )
    facts = [known.get(name, Fact()) for name in used]
    return Draft(
        kind=kind,
        channel=channel,
        subject=_filled(subject, known),
        text=_text(paragraphs, known),
        missing=tuple(
            fact.ask or _BLANKS[name]
            for name, fact in zip(used, facts, strict=True)
            if not _said(fact)
        ),
        facts=tuple(dict.fromkeys(id_ for fact in facts if _said(fact) for id_ in fact.records)),
    )


def _chosen(kind: str, channel: str, templates: Mapping[str, Template]) -> Template:
    if kind not in KINDS:
        raise InvalidError(f"{kind!r} is no kind of draft; choose of {', '.join(sorted(KINDS))}")
    own = templates.get(f"{kind}.{channel}")
    if own is None and channel == "linkedin_note":
        raise InvalidError(
            f"a LinkedIn note is too short for this ({kind}); choose linkedin_message or email"
        )
    if own is None and kind not in templates:
        raise InvalidError(f"there is no text for {kind}")
    return own or templates[kind]


def _fitting(template: Template, known: Mapping[str, Fact], limit: int | None) -> list[list[Line]]:
    """Return the lines that stand, those left out for which there is no room."""
    without: list[Line] = []
    while True:
        paragraphs = [list(_standing(lines, known, without)) for lines in template.paragraphs]
        paragraphs = [lines for lines in paragraphs if lines]
        optional = [line for lines in paragraphs for line in lines if line.is_optional]
        if limit is None or not optional or len(_text(paragraphs, known)) <= limit:
            return paragraphs
        without.append(optional[-1])


def _standing(
    lines: tuple[Line, ...], known: Mapping[str, Fact], without: Collection[Line]
) -> Iterator[Line]:
    stands = was_instead = False
    for line in lines:
        if not line.is_instead and (was_instead or not line.is_optional):
            stands = False  # another choice begins
        was_instead = line.is_instead
        if line.is_instead and stands:
            continue
        if line.is_optional and (line in without or not _is_known(line, known)):
            continue
        stands = line.is_optional or line.is_instead
        yield line


def _is_known(line: Line, known: Mapping[str, Fact]) -> bool:
    """Whether nothing in a line is missing but what somebody is to be asked."""
    facts = (known.get(name, Fact()) for name in _BLANK.findall(line.text))
    return all(_said(fact) or fact.ask for fact in facts)


def _text(paragraphs: list[list[Line]], known: Mapping[str, Fact]) -> str:
    filled = (" ".join(_filled(line.text, known) for line in lines) for lines in paragraphs)
    return "\n\n".join(filled)


def _filled(text: str, known: Mapping[str, Fact]) -> str:
    """Return a text with its blanks filled in, once: what is filled in is never read again."""

    def fill(found: re.Match[str]) -> str:
        said = _said(known.get(found[1], Fact())) or f"[{_BLANKS[found[1]]}]"
        return said if said.endswith(_ENDS) else said + found[2]

    return _FILL.sub(fill, text)


def _said(fact: Fact) -> str:
    """Return what a fact says, as one line."""
    return " ".join(fact.text.split())
