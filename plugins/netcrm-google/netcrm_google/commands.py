"""The commands `netcrm google login`, `status`, `sync` and `logout`, and the group of all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click

from netcrm import (
    App,
    InvalidError,
    NetcrmError,
    Network,
    RefusedError,
    pass_app,
)
from netcrm_google.accounts import Outside, reaching, whose
from netcrm_google.auth import WORDS, Mail, by_browser, by_paste, login, read_client, revoke
from netcrm_google.outside import OUTSIDE, around
from netcrm_google.progress import Progress
from netcrm_google.publish import publish_command
from netcrm_google.quota import LEGACY, NEW, Quota
from netcrm_google.rounds import Estimate, Round, estimate, heard, sought, sync
from netcrm_google.shared import (
    PARTLY_DONE,
    Result,
    as_json,
    in_turn,
    meant,
    pass_outside,
    result_of,
)
from netcrm_google.suggest import suggest_command
from netcrm_google.tokens import PURPOSES, Purpose, again
from netcrm_google.trouble import message
from netcrm_google.words import permissions, print_json, say_result, warn, warn_of_exposed

_A_YEAR: Final = timedelta(days=365)
_QUOTAS: Final[Mapping[str, Quota]] = {"new": NEW, "legacy": LEGACY}
_AGAIN: Final = "netcrm google login"
_NEXT: Final[Mapping[Purpose, str]] = {
    "sync": "netcrm google sync",
    "contacts": "netcrm import google-contacts",
    "calendar": "netcrm google publish",
}


@click.group("google")
@click.pass_context
def google_command(context: click.Context) -> None:
    """Keep up to date with your Gmail and Calendar; nothing is sent."""
    context.meta[OUTSIDE] = around()


google_command.add_command(publish_command)
google_command.add_command(suggest_command)


# --- login


@google_command.command("login")
@click.option(
    "--client",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What Google gave you for your app; needed the first time.",
)
@click.option(
    "--scope",
    "mail",
    type=click.Choice(["metadata", "readonly"]),
    default="metadata",
    show_default=True,
    help="What Google is to allow: headers of mail only, or all of it. Headers are all we read.",
)
@click.option(
    "--for",
    "purpose",
    type=click.Choice(list(PURPOSES)),
    default="sync",
    show_default=True,
    help="What to sign in for; each is a permission of its own.",
)
@click.option("--paste", is_flag=True, help="Use a browser on another machine.")
@pass_outside
def login_command(
    outside: Outside, file: Path | None, mail: Mail, purpose: Purpose, paste: bool
) -> None:
    """Sign in to an account of Google's, or to one more.

    How to get the file for --client is in the README of netcrm-google.

    \b
    Example:
      netcrm google login --client ~/Downloads/client_secret_123.json
      netcrm google login --for contacts
      netcrm google login --paste
    """
    client = outside.store.client() if file is None else read_client(file)
    if client is None:
        raise InvalidError(
            f"the first time, name the file that Google gave you for your app: {_AGAIN} "
            "--client client_secret_....json. How to get it: README of netcrm-google"
        )
    if not (paste or outside.is_asked()):
        raise RefusedError(
            f"nobody is here to sign in. In a terminal without a browser: {_AGAIN} --paste"
        )
    signed = login(
        outside.store,
        client,
        by_paste(outside.ask) if paste else by_browser(outside.browse),
        whose=lambda credentials: whose(outside, credentials),
        today=datetime.fromtimestamp(outside.means.now(), UTC).astimezone().date(),
        purpose=purpose,
        mail=mail,
    )
    click.echo(f"{signed.token.account} is signed in: {permissions(signed.token.scopes)}.")
    for one in signed.missing:
        warn(
            f"{WORDS[one]}: was not allowed. To allow it, sign in again and tick it: "
            f"{again(purpose)}"
        )
    warn_of_exposed(outside.store)
    if purpose in _NEXT:
        click.echo(f"Next: {_NEXT[purpose]} {signed.token.account}")


# --- status


@google_command.command("status")
@as_json
@pass_outside
@pass_app
def status_command(app: App, outside: Outside, as_json: bool) -> None:
    """Show who is signed in, what may be read, and since when it is; nothing is asked of Google.

    \b
    Example:
      netcrm google status
    """
    with app.open() as net:
        found = [_status(net, outside, one) for one in outside.store.everybody()]
    warn_of_exposed(outside.store)
    if as_json:
        print_json(accounts=found)
        return
    if not found:
        click.echo(f"Nobody is signed in. To sign in: {_AGAIN} --client FILE")
    for one in found:
        click.echo(one["account"])
        if one["error"]:
            click.echo(f"  {one['error']}")
        else:
            click.echo(f"  is allowed   {permissions(one['scopes'])}")
            click.echo(f"  signed in    {one['signed_in']}")
        click.echo(f"  mail         {_since_when(one['since'])}")
        click.echo(f"  meetings     {_since_when(one['meetings_since'])}")
        click.echo(f"  last news    {one['last_sync'] or 'none yet'}")


def _status(net: Network, outside: Outside, account: str) -> dict[str, Any]:
    said = heard(net, account)
    status: dict[str, Any] = {
        "account": account,
        "scopes": [],
        "signed_in": None,
        "is_signed_in": False,
        "since": said.mail or None,
        "meetings_since": said.meetings or None,
        "last_sync": said.last.astimezone(net.now().tzinfo).isoformat("T", "seconds")
        if said.last
        else None,
        "error": None,
    }
    try:
        tokens = [outside.store.load(account, one) for one in outside.store.purposes(account)]
    except NetcrmError as error:
        return status | {"error": str(error)}
    return status | {
        "scopes": list(dict.fromkeys(scope for one in tokens for scope in one.scopes)),
        "signed_in": max(one.signed_in for one in tokens),
        "is_signed_in": True,
    }


def _since_when(day: str | None) -> str:
    return f"since {day}" if day else "not read yet"


# --- sync


@google_command.command("sync")
@click.argument("account", required=False)
@click.option("--since", metavar="DAY", help="Read from this day on; else one year back.")
@click.option(
    "--quota",
    "quota",
    type=click.Choice(list(_QUOTAS)),
    default="new",
    show_default=True,
    help="What Google allows your project a minute; legacy if it used Gmail before May 2026.",
)
@click.option("--dry-run", is_flag=True, help="Only say how much would be read.")
@as_json
@pass_outside
@pass_app
def sync_command(
    app: App,
    outside: Outside,
    account: str | None,
    since: str | None,
    quota: str,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Log mail and meetings with people you know: of ACCOUNT, or of all who are signed in.

    The first time takes a while, as Google allows some messages a second. If it is interrupted, the
    next time goes on from there. After that only what is new is read.
    Meetings to come are planned, 60 days ahead.

    \b
    Example:
      netcrm google sync --dry-run
      netcrm google sync
      netcrm google sync me@example.org --since 2024-01-01
    """
    accounts = meant(outside.store.accounts(), account)
    ask = _estimate if dry_run else _sync
    with app.open() as net:
        begin = _since(net, since)
        return in_turn(
            outside,
            accounts,
            lambda one: ask(net, outside, one, begin, _QUOTAS[quota]),
            say_result,
            dry_run=dry_run,
            as_json=as_json,
        )


def _since(net: Network, said: str | None) -> date:
    if said is None:
        return net.today - _A_YEAR
    day = net.day(said, past=True)
    if day > net.today:
        raise InvalidError(f"--since {day} is still to come")
    return day


def _sync(net: Network, outside: Outside, account: str, since: date, quota: Quota) -> Result:
    """Sync one account; return what came of it, also if that was cut short, and the exit code."""
    failures: tuple[NetcrmError, ...] = ()
    done = Round()
    with Progress(account, outside) as progress:

        def show(now: Round) -> None:
            synced = now.synced
            said = f"{synced.seen} read, {synced.logged} logged, {now.units} units"
            progress.show(said, now.part)

        try:
            done = sync(net, outside, account, since=since, quota=quota, watch=show)
            failures = done.failures
        except NetcrmError as error:
            failures = (error,)
    counts = {**done.synced._asdict(), "units": done.units, "requests": done.requests}
    return result_of(account, failures, since=str(since), **counts)


def _estimate(net: Network, outside: Outside, account: str, since: date, quota: Quota) -> Result:
    """Say what the sync of one account would come to."""
    from googleapiclient.errors import HttpError

    failures: tuple[NetcrmError, ...] = ()
    found = Estimate()
    try:
        people = sought(net, outside, account)
        with reaching(outside, account, quota) as caller:
            found = estimate(caller, net.known(f"gmail {account}"), since, people)
    except NetcrmError as error:
        failures = (error,)
    except HttpError as error:
        failures = (InvalidError(f"Google refuses ({message(error)})"),)
    return result_of(account, failures, since=str(since), **found._asdict())


# --- logout


@google_command.command("logout")
@click.argument("account")
@pass_outside
def logout_command(outside: Outside, account: str) -> int:
    """Sign out of ACCOUNT, here and at Google; what was logged stays.

    \b
    Example:
      netcrm google logout me@example.org
    """
    [name] = meant(outside.store.everybody(), account)
    [purpose, *_] = outside.store.purposes(name)
    try:
        is_revoked = revoke(outside.store.load(name, purpose))
    except NetcrmError:
        is_revoked = False  # damaged, or in a keyring that is gone
    outside.store.remove(name)
    if is_revoked:
        click.echo(f"{name} is signed out, here and at Google.")
        return 0
    click.echo(f"{name} is signed out here.")
    warn(
        "netcrm: Google could not be told. Remove the app yourself: "
        "https://myaccount.google.com/permissions"
    )
    return PARTLY_DONE
