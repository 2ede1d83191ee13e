"""Commands about me: me, and pitch, how I introduce myself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

import click

from netcrm.cli.base import App, as_json, dry_run, pass_app, print_json, say, table
from netcrm.cli.words import done, pretty, printable_commit, to_json
from netcrm.errors import NotFoundError
from netcrm.model.profile import Walk
from netcrm.model.text import slug

if TYPE_CHECKING:
    from netcrm.model.profile import Pitch, Profile
    from netcrm.network import Network
    from netcrm.network.core import Receipt
    from netcrm.rules.readiness import Unready

_SHOWN: Final = 6
_TODO: Final = {
    "objective": 'netcrm objective "..."',
    "interests": "netcrm me --interest ...",
    "pitch": "netcrm pitch --education ... --activities ... --interests ...",
    "practice": "netcrm pitch --practised 5",
    "linkedin": "netcrm me --link https://www.linkedin.com/in/...",
}
_LISTS: Final = {
    "interest": "interests",
    "skill": "skills",
    "value": "values",
    "link": "links",
    "holiday": "holidays",
}


class _Me(NamedTuple):
    """What there is to show of me."""

    name: str
    profile: Profile
    pitch: Pitch | None
    missing: list[Unready]

    @classmethod
    def of(cls, net: Network) -> _Me:
        me, profile = net.me, net.profile
        return cls(me.name if me else "Me", profile, profile.pitch(net.today), net.ready())

    @property
    def seconds(self) -> int | None:
        from netcrm.rules.readiness import spoken_seconds

        return spoken_seconds(self.pitch) if self.pitch else None

    def print_json(self, receipt: Receipt | None, dry_run: bool) -> None:
        print_json(
            **printable_commit(receipt.commit if receipt else None, dry_run),
            profile=to_json(self.profile),
            seconds=self.seconds,
            missing=[one._asdict() for one in self.missing],
        )

    def say_next(self) -> None:
        """Say what to do about what is missing first."""
        if self.missing:
            say(f"Next: {_todo(self.missing[0])} ({self.missing[0].text})", style="faint")
        else:
            say("You are ready. Next: netcrm ask WHO email", style="faint")


def _todo(missing: Unready) -> str:
    """Return the command that puts in what is missing."""
    part = missing.code.removeprefix("pitch-")
    return _TODO.get(missing.code, f"netcrm pitch --{part} ...")


def _change(
    net: Network, reason: str, changing: bool, dry_run: bool
) -> AbstractContextManager[Receipt | None]:
    """Return the block to change me in, or only to look at me."""
    return net.transaction(reason, dry_run=dry_run) if changing else net.reading()


@click.command("me")
@click.option("--stage", type=click.Choice([*filter(None, get_args(Walk))]), help="Where you are.")
@click.option("--education", help="What you study or studied.")
@click.option("--activities", help="What you do besides.")
@click.option("--seeking", help="What you are looking for.")
@click.option("--interest", multiple=True, help="Adds a field that you are curious about.")
@click.option("--skill", multiple=True, help="Adds something that you can do.")
@click.option("--value", multiple=True, help="Adds something that matters to you in work.")
@click.option("--link", multiple=True, metavar="URL", help="Adds a page of yours, as on LinkedIn.")
@click.option("--holiday", multiple=True, metavar="DAY", help="Adds a day on which nobody works.")
@click.option("--drop", multiple=True, metavar="VALUE", help="Removes one of the above.")
@click.option("--confidence", type=click.IntRange(1, 5), help="How sure you feel today, 1 to 5.")
@click.option("--note", help="Why, with --confidence.")
@dry_run
@as_json
@pass_app
def me_command(
    app: App,
    confidence: int | None,
    note: str | None,
    drop: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Show who you are and what is missing before you ask anybody; with options, change it.

    \b
    Example:
      netcrm me --stage college --interest psychiatry --interest "social work" --skill listening
      netcrm me --drop psychiatry --confidence 2 --note "nervous about the first call"
      netcrm me
    """
    if note is not None and confidence is None:
        raise click.UsageError("a note goes with --confidence")
    given = {name: value for name, value in options.items() if value not in (None, ())}
    changing = bool(given or drop or confidence)
    with app.open() as net:
        with _change(net, "me", changing, dry_run) as receipt:
            if given or drop:
                net.describe(**_described(net, given, drop))
            if confidence:
                net.feel(confidence, note or "")
            me = _Me.of(net)
    if as_json:
        me.print_json(receipt, dry_run)
    elif receipt:
        done(receipt.commit, dry_run, "change what you say of yourself", "Noted")
        me.say_next()
    else:
        _print_me(me)


def _described(net: Network, given: Mapping[str, Any], drop: Iterable[str]) -> dict[str, Any]:
    """Return the fields to change: what may be there several times is added, or dropped."""
    profile = net.profile
    fields = {name: value for name, value in given.items() if name not in _LISTS}
    lists: dict[str, list[Any]] = {}
    for option, field in _LISTS.items():
        more = [net.day(one) if option == "holiday" else one for one in given.get(option, ())]
        lists[field] = [*getattr(profile, field), *more]
    for word in drop:
        there = {field: [one for one in lists[field] if _is(one, word)] for field in lists}
        if not any(there.values()):
            raise NotFoundError(f"Nothing of yours is called “{word}”. See: netcrm me")
        lists = {field: [x for x in lists[field] if x not in there[field]] for field in lists}
    return {**fields, **{field: dict.fromkeys(values) for field, values in lists.items()}}


def _is(value: Any, word: str) -> bool:
    return str(value) in (word, slug(word))


def _print_me(me: _Me) -> None:
    profile = me.profile
    say(me.name, style="heading")
    rows = [
        (name, " ".join(str(getattr(profile, name)).split()))
        for name in ("stage", "education", "activities", "seeking")
    ]
    for field in _LISTS.values():
        values = getattr(profile, field)
        rows.append((field, ", ".join(map(str, values if field == "links" else sorted(values)))))
    if me.pitch:
        rows.append(("pitch", f"{me.seconds} seconds, {_practised(profile)}"))
    felt = [f"{one.level} on {pretty(one.on)}" for one in profile.confidence[-_SHOWN:]]
    rows.append(("confidence", ", ".join(felt)))
    table([row for row in rows if row[1]])
    if me.missing:
        say("Still missing:")
        table([(f"  {one.text}", _todo(one)) for one in me.missing])
    else:
        me.say_next()


def _practised(profile: Profile) -> str:
    if not profile.practices:
        return "never practised"
    minutes = sum(one.minutes for one in profile.practices)
    return f"practised {minutes} min, last on {pretty(max(p.on for p in profile.practices))}"


@click.command("pitch")
@click.option("--education", help="What you study or studied, in a sentence.")
@click.option("--activities", help="What you do besides, in a sentence.")
@click.option("--interests", help="Which careers you are curious about, in a sentence.")
@click.option("--goals", help="Where you want to get to, in a sentence.")
@click.option("--seeking", help="What you are looking for, in a sentence.")
@click.option("--because", multiple=True, metavar="INSIGHT",
              help="An insight that led to this version: how it begins.")  # fmt: skip
@click.option("--practised", type=click.IntRange(1, 600), metavar="MINUTES",
              help="That you practised it today.")  # fmt: skip
@dry_run
@as_json
@pass_app
def pitch_command(
    app: App, practised: int | None, dry_run: bool, as_json: bool, **options: Any
) -> None:
    """Show how you introduce yourself, and how long that takes; with options, change it.

    What you do not give stays as it is. Versions of earlier days are kept.

    \b
    Example:
      netcrm pitch --education "I study psychology." --activities "I row."
      netcrm pitch --practised 5
      netcrm pitch
    """
    given = {name: value for name, value in options.items() if value not in (None, ())}
    changing = bool(given or practised)
    with app.open() as net:
        with _change(net, "pitch", changing, dry_run) as receipt:
            if given:
                net.pitch(**given)
            if practised:
                net.practise(practised)
            me = _Me.of(net)
    if as_json:
        me.print_json(receipt, dry_run)
        return
    if receipt:
        done(receipt.commit, dry_run, "change your pitch", "Noted")
    _print_pitch(me)


def _print_pitch(me: _Me) -> None:
    if me.pitch:
        say(f"Your pitch of {pretty(me.pitch.on)}: {me.seconds} seconds.", style="heading")
        say(me.pitch.text)
        say(f"You have {_practised(me.profile)}.")
    parts = [one for one in me.missing if one.code.startswith(("pitch", "practice"))]
    if parts:
        table([(one.text, _todo(one)) for one in parts])
    else:
        me.say_next()
