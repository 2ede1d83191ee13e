"""What the commands share: the world around, which accounts are meant, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import click

from netcrm import NetcrmError, NotFoundError, SignInError
from netcrm_google.accounts import Outside
from netcrm_google.outside import OUTSIDE
from netcrm_google.tokens import Purpose, again
from netcrm_google.words import print_json, warn, warn_of_exposed

PARTLY_DONE: Final = 6
"""The exit code where some of it was done, and some failed."""

Result = tuple[dict[str, Any], int]
"""What came of one account, and the exit code of that."""

pass_outside = click.decorators.pass_meta_key(OUTSIDE, doc_description="the world around")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def meant(signed: list[str], account: str | None, purpose: Purpose = "sync") -> list[str]:
    """Return the accounts that are meant, of those who signed in.

    Raises:
        SignInError: nobody did.
        NotFoundError: that one did not.
    """
    if not signed:
        client = " --client FILE" if purpose == "sync" else ""
        raise SignInError(f"nobody is signed in for this. To sign in: {again(purpose)}{client}")
    if account is None:
        return signed
    if account.lower() not in signed:
        raise NotFoundError(f"{account} is not signed in; {', '.join(signed)} is.")
    return [account.lower()]


def in_turn(
    outside: Outside,
    accounts: Iterable[str],
    ask: Callable[[str], Result],
    say: Callable[[dict[str, Any], bool], None],
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Do something for each account, say what came of it, and return the exit code.

    Args:
        outside: the world around.
        accounts: whose turn it is.
        ask: does it; one that fails does not stop the others.
        say: prints what came of one account, or, of a dry run, what would.
        dry_run: whether it is one.
        as_json: print all of it as JSON instead.
    """
    results, codes = [], []
    for account in accounts:
        result, code = ask(account)
        results.append(result)
        codes.append(code)
        if not as_json:
            say(result, dry_run)
    warn_of_exposed(outside.store)
    if as_json:
        print_json(dry_run=dry_run, accounts=results)
    failed = [code for code in codes if code]
    return PARTLY_DONE if 0 < len(failed) < len(codes) else next(iter(failed), 0)


def result_of(account: str, failures: Sequence[NetcrmError], **said: Any) -> Result:
    """Return what came of one account; say what of it failed."""
    reasons = list(map(str, failures))
    for why in reasons:
        warn(f"netcrm: {why if why.startswith(f'{account}: ') else f'{account}: {why}'}")
    result = {"account": account, **said, "error": " ".join(reasons) or None}
    return result, failures[0].exit_code if failures else 0
