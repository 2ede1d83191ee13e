"""Commands about letters: draft, lint. None is ever sent from here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from netcrm.cli.base import (
    App,
    app_of,
    as_json,
    complete_name,
    pass_app,
    print_json,
    safe,
    say,
    warn,
    who_argument,
)
from netcrm.cli.words import person_json
from netcrm.errors import InvalidError, NotFoundError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from netcrm.model.contact import Contact
    from netcrm.network import Network
    from netcrm.network.writing import Letter
    from netcrm.rules.drafts import Draft
    from netcrm.rules.judging import Finding

_CHANNELS: Final = ("email", "linkedin-note", "linkedin-message", "phone", "letter", "in-person")
_FORMATS: Final = ("in-person", "video", "phone")
_SPOKEN: Final = ("phone", "in_person")
_UNLOGGED: Final = ("reconnect", "decline_graciously", "introduction_offer")
"""Letters that are logged as a message like any other."""
_SUBJECT: Final = "Subject:"
_QUESTIONS: Final = "questions"
_STYLES: Final = {"error": "late", "warning": "now", "info": "faint"}
_FAULTY: Final = 1


def complete_folder(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the draft folders for completion in a shell."""
    from click.shell_completion import CompletionItem

    return [
        CompletionItem(one.name, help=safe(one.summary))
        for one in app_of(context).plugins.draft_folders()
        if one.name.startswith(incomplete)
    ]


def _folder(
    context: click.Context, parameter: click.Parameter, to: str | None
) -> Callable[[bytes], str] | None:
    """Return what puts a message into a draft folder; one that is not there is told at once."""
    if to is None:
        return None
    name, _, account = to.partition(":")
    put = app_of(context).plugins.draft_folder(name).put
    return lambda message: put(message, account)


@click.command("draft")
@click.argument("kind")
@who_argument()
@click.option("--channel", type=click.Choice(_CHANNELS),
              help="How you will send it; without it, as they prefer.")  # fmt: skip
@click.option("--min", "minutes", type=int, help="How many minutes to ask for.")
@click.option("--format", "formats", multiple=True, type=click.Choice(_FORMATS),
              help="A way to talk that you offer; may be given several times.")  # fmt: skip
@click.option("--about", default="", metavar="WHO|TEXT", shell_complete=complete_name,
              help="Whom you want to meet or have met; else what you know, learned or have done, "
              "in your words.")  # fmt: skip
@click.option("--edit", is_flag=True, help="Open it in your editor ($VISUAL, $EDITOR) first.")
@click.option("--mailto", "as_link", is_flag=True, help="Print a mailto: link instead.")
@click.option("--eml", metavar="FILE",
              help="Write a file that mail programs open; - is standard output.")  # fmt: skip
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@click.option("--to", "put", metavar="NAME", callback=_folder, shell_complete=complete_folder,
              help="Put it into a draft folder, such as gmail; NAME:ACCOUNT if you have several "
              "accounts there.")  # fmt: skip
@click.option(
    "--force",
    is_flag=True,
    help="Draft it although they are not to be contacted, or have not both agreed.",
)
@as_json
@pass_app
def draft_command(
    app: App,
    kind: str,
    who: str,
    channel: str | None,
    edit: bool,
    as_link: bool,
    eml: str | None,
    replace: bool,
    put: Callable[[bytes], str] | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Draft a letter from what is known, and print it. Nothing is sent, and nothing is stored.

    Only the letter goes to standard output; what is missing and what to mend goes to standard
    error. Send it yourself, then log it.

    \b
    request               ask for an interview
    follow_up             ask once more
    thank_you             after you have talked
    progress_update       tell what is new with you
    reconnect             after a long time
    decline_graciously    answer a no
    introduction_request  ask them to introduce you to somebody (--about)
    report_back           tell what came of somebody they pointed you to (--about)
    introduction_offer    ask whether they would like to meet somebody
    introduction          bring both together, once both agreed
    \b
    Example:
      netcrm draft request ana --min 20
      netcrm draft thank_you ana --about "nights are the hardest part" --edit
      netcrm draft introduction-request ana --about luis --eml intro.eml
    """
    by_mail = as_link or eml is not None or put is not None
    _check_ways(by_mail, as_link + (eml is not None) + (put is not None) + as_json, channel)
    with app.open() as net, net.reading():
        how = "email" if by_mail else channel or ""
        letter = net.draft(_kind(kind), who, channel=how, **options)
        person = net.contact(who)
    letter = _edited(app, letter) if edit else letter
    if as_json:
        print_json(**_letter_json(letter, person))
        return
    if by_mail:
        _mail(letter, person, eml, replace, put)
    else:
        say(_head(letter.draft) + letter.draft.text)
    _remark(letter, person)


def _check_ways(by_mail: bool, ways: int, channel: str | None) -> None:
    """Refuse options that contradict each other."""
    if ways > 1:
        raise click.UsageError("give one of --mailto, --eml, --to and --json")
    if by_mail and channel not in (None, "email"):
        raise click.UsageError("--mailto, --eml and --to are for e-mail")


def _kind(word: str) -> str:
    return word.lower().replace("-", "_")


def _head(draft: Draft) -> str:
    return f"{_SUBJECT} {draft.subject}\n\n" if draft.subject else ""


def _parted(text: str) -> tuple[str, str]:
    """Return the subject and the text of a letter, as `draft` prints it."""
    first, _, rest = text.partition("\n")
    if first.startswith(_SUBJECT):
        return first.removeprefix(_SUBJECT).strip(), rest.lstrip("\n")
    return "", text


def _edited(app: App, letter: Letter) -> Letter:
    """Let the user edit a letter; lint then says what of it is still to be filled in."""
    from netcrm.rules.lint import lint

    before = _head(letter.draft) + letter.draft.text
    try:
        after = click.edit(before.encode(errors="replace").decode(), require_save=False) or ""
    except UnicodeDecodeError as error:
        raise InvalidError(f"what your editor saved is not UTF-8 text: {error}") from None
    subject, text = _parted(after.rstrip())
    draft = letter.draft._replace(subject=subject, text=text, missing=())
    rules = app.plugins.lint_rules()
    found = lint(draft.kind, text, letter.circumstances, more_rules=rules)
    return letter._replace(draft=draft, findings=found)


def _mail(
    letter: Letter,
    person: Contact,
    file: str | None,
    replace: bool,
    put: Callable[[bytes], str] | None,
) -> None:
    """Hand a letter over to a mail program: among its drafts, as a file, or else as a link."""
    from netcrm.rules.mail import Mailbox, eml, mailto, message

    if not letter.addresses:
        raise NotFoundError(
            f"No e-mail address of {person.name} is known. To note one: "
            f"netcrm edit {person.handle} --email ADDRESS"
        )
    to, also = Mailbox(letter.addresses[0], person.name), [Mailbox(one) for one in letter.also]
    if put is not None:
        _put(letter, message(letter.draft, to, also=also), put)
    elif file is None:
        say(mailto(letter.draft, to, also=also))
    elif file == "-":
        hand_over(eml(letter.draft, to, also=also))
    else:
        write_file(file, eml(letter.draft, to, also=also), over=replace)
        say(f"Wrote {file}. Open it with your mail program, and send it from there.")


def _put(letter: Letter, content: bytes, put: Callable[[bytes], str]) -> None:
    """Put a letter into a draft folder; if that fails, show it, lest what was written is lost."""
    try:
        where = put(content)
    except BaseException:
        say(_head(letter.draft) + letter.draft.text)
        raise
    say(f"The draft is in {where}\nRead it there, and send it yourself.")


def hand_over(content: bytes) -> None:
    """Write a file for another program to standard output; a terminal is shown it harmlessly."""
    if sys.stdout.isatty():
        say("\n".join(content.decode(errors="replace").splitlines()))
    else:
        sys.stdout.buffer.write(content)


def write_file(file: str, content: bytes, *, over: bool) -> None:
    """Write a file that only its owner can read, whole or not at all; a pipe or device as it is."""
    from netcrm.storage.files import making, path_at
    from netcrm.storage.lines import refuse_existing

    path = path_at(file)
    if path.is_file() and not over:
        refuse_existing(path)
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(content)
        return
    with making(path, over=over) as out:
        out.write(content)


def _remark(letter: Letter, person: Contact) -> None:
    """Say what to do about a letter before it is sent, and after it, on standard error."""
    draft, head = letter.draft, _head(letter.draft)
    if draft.missing:
        warn(f"Still to fill in: {'; '.join(draft.missing)}.")
    blanks = {f"[{one}]" for one in draft.missing}
    mends = [one for one in letter.findings if draft.text[one.start : one.end] not in blanks]
    for one in _shifted(mends, len(head)):
        warn(_line(one, head + draft.text))
    if draft.kind == "request":
        log = f"ask {person.handle} {draft.channel}"
    elif letter.other:
        said = "introduced" if draft.kind == "introduction" else f"asked {person.handle}"
        log = f"introduce {person.handle} {letter.other.handle} --{said}"
    else:
        kind = "" if draft.kind in _UNLOGGED else f" --kind {draft.kind}"
        log = f"log {person.handle} {draft.channel}{kind}"
    when = "said" if draft.channel in _SPOKEN else "sent"
    warn(f"When it is {when}: netcrm {log}")


def _letter_json(letter: Letter, person: Contact) -> dict[str, Any]:
    draft = letter.draft
    return {
        "kind": draft.kind,
        "channel": draft.channel,
        "person": person_json(person),
        "addresses": list(letter.addresses),
        "also": list(letter.also),
        "subject": draft.subject,
        "text": draft.text,
        "missing": list(draft.missing),
        "facts": list(draft.facts),
        "findings": [_finding_json(one, draft.text) for one in letter.findings],
    }


@click.command("lint")
@click.argument("kind")
@click.argument("file", required=False, default="-")
@click.option("--to", "who", metavar="WHO", shell_complete=complete_name,
              help="To whom it goes; without it, less can be checked.")  # fmt: skip
@click.option("--channel", type=click.Choice(_CHANNELS),
              help="How you will send it, with --to; without it, as they prefer.")  # fmt: skip
@click.option("--off", multiple=True, metavar="CODE", help="A rule to leave out, such as O02.")
@click.option("--strict", is_flag=True, help="Exit with 1 if there is an error.")
@as_json
@pass_app
def lint_command(
    app: App,
    kind: str,
    file: str,
    who: str | None,
    channel: str | None,
    off: Sequence[str],
    strict: bool,
    as_json: bool,
) -> int:
    """Tell what to mend in a letter: that in FILE, or on standard input.

    KIND is as for draft. Each line is E, W or I (error, warning, information), the code of a rule,
    line:column, and what to do. The checks look for words, so they can be wrong.

    With questions as KIND, the plan of questions for your interview with --to WHO is checked.

    \b
    Example:
      netcrm lint thank_you letter.txt --to ana
      netcrm draft request ana | netcrm lint request --to ana
      netcrm lint questions --to ana
    """
    codes = [code.upper() for code in off]
    if kind == _QUESTIONS:
        if who is None or channel or file != "-":
            raise click.UsageError("give --to WHO: the questions checked are those of your plan")
        with app.open() as net, net.reading():
            text, findings = _plan(net, who), net.lint_questions(who, off=codes)
    else:
        if channel and who is None:
            raise click.UsageError("--channel goes with --to")
        text = _read(file)
        _, body = _parted(text)
        with app.open() as net, net.reading():
            found = net.lint(_kind(kind), body, who=who, channel=channel or "", off=codes)
        findings = _shifted(found, len(text) - len(body))
    if as_json:
        print_json(kind=_kind(kind), findings=[_finding_json(one, text) for one in findings])
    else:
        for one in findings:
            say(_line(one, text), style=_STYLES[one.severity])
        if not findings:
            say("Nothing to mend.")
    return _FAULTY if strict and any(one.severity == "error" for one in findings) else 0


def _plan(net: Network, who: str) -> str:
    """Return the text of a plan, in which the findings have their places: one question a line."""
    threads = net.interviews(who=who)
    return "\n".join(one.text for thread in threads[:1] for one in thread.interview.questions)


def _read(file: str) -> str:
    """Return the text of a file, or of standard input."""
    named = "standard input" if file == "-" else file
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError(f"{named} is not UTF-8 text: {error}") from None
    except OSError as error:
        raise InvalidError(f"{named} cannot be read: {error.strerror or error}") from None
    return text.removeprefix("\ufeff")


def _shifted(findings: Iterable[Finding], by: int) -> tuple[Finding, ...]:
    """Return findings in a text as findings in one that has so many characters before it."""
    return tuple(
        one._replace(start=one.start + by, end=one.end + by) if one.end else one for one in findings
    )


def _place(finding: Finding, text: str) -> tuple[int, int] | None:
    """Return the line and the column where a finding begins; None if it is about the whole."""
    if not finding.end:
        return None
    before = text[: finding.start]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _line(finding: Finding, text: str) -> str:
    place = _place(finding, text)
    at = f" {place[0]}:{place[1]}" if place else ""
    said = " ".join(finding.text.split())
    return f"{finding.severity[0].upper()} {finding.code}{at}: {said}"


def _finding_json(finding: Finding, text: str) -> dict[str, Any]:
    line, column = _place(finding, text) or (None, None)
    return {**finding._asdict(), "line": line, "column": column}
