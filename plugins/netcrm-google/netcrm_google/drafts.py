"""Puts drafts into Gmail, where I read them and send them myself; nothing is sent from here."""

from __future__ import annotations

import base64
from urllib.parse import quote

from netcrm import InvalidError
from netcrm_google.accounts import Outside, only, reaching
from netcrm_google.trouble import UnsureError, message


def put(outside: Outside, draft: bytes, account: str) -> str:
    """Put a draft into Gmail, and return in words where it is.

    It is made once: where nobody knows whether it is there, it is not tried again.

    Args:
        outside: the world around.
        draft: a message (RFC 5322).
        account: whose Gmail, as an address; may be empty if one account is signed in for drafts.

    Raises:
        SignInError: the account has to sign in for drafts; the message says what to type.
        AmbiguousError: several did, and none is named.
        LaterError: Google does not answer now, and the draft is not there.
        UnsureError: Google did not say whether it is there.
        InvalidError: Google does not take it.
    """
    from googleapiclient.errors import HttpError

    account = account or only(outside.store, "drafts", named="gmail:")
    page = f"https://mail.google.com/mail/u/?authuser={quote(account)}#drafts"
    body = {"message": {"raw": base64.urlsafe_b64encode(draft).decode()}}
    try:
        with reaching(outside, account, purpose="drafts") as caller:
            drafts = caller.service.users().drafts()
            caller.call(drafts.create(userId="me", body=body, fields="id"), once=True)
    except UnsureError as error:
        raise UnsureError(
            f"{account}: Google did not say whether it has the draft now ({error}). Look there "
            f"before you try again: {page}"
        ) from error
    except HttpError as error:
        raise InvalidError(f"{account}: Gmail does not take the draft: {message(error)}") from error
    return f"the Gmail of {account}: {page}"
