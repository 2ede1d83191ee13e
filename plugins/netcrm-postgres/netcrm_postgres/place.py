"""What a URL says: which server, whose network, and who else may be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from netcrm import InvalidError

_HOST: Final = r"(?:\[[0-9A-Fa-f:.]+\]|[^\s@/?#:,\[\]]*)(?::\d*)?"
_URL: Final = re.compile(
    rf"//(?:[^\s@/?#]*@)?({_HOST}(?:,{_HOST})*)(?:/([^\s@/?#:]*))?(?:\?([^\s#]*))?"
)
_TENANT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")
_DEFAULTS: Final = {
    "application_name": "netcrm",
    "client_encoding": "utf8",
    "connect_timeout": "5",
    # A server that is cut off says nothing: these find out within a minute.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
# Never with what was written: a sign too many, and part of a password stands where a host should.
_ADVICE: Final = (
    "this is not the URL of a database. Write postgresql://USER:PASSWORD@HOST/DATABASE?tenant=NAME"
    ", with %40 for an @ within a part, %2F for a /, and so on"
)


class Place(NamedTuple):
    """Where a network is.

    Attributes:
        location: what may be shown; there is no password in it.
        tenant: whose network.
        primary: how to connect where it is written.
        replica: how to connect where questions may go, if there is such a place.
    """

    location: str
    tenant: str
    primary: Mapping[str, str]
    replica: Mapping[str, str] | None

    @classmethod
    def named(cls, rest: str) -> Place:
        """Return the place that a URL names; *rest* is what comes behind its scheme.

        Raises:
            InvalidError: it is no such URL.
        """
        match = _URL.fullmatch(rest)
        if match is None:
            raise InvalidError(_ADVICE)
        hosts, database, query = (part or "" for part in match.groups())
        ours = {"tenant": "default", "replica": ""}
        theirs = []
        for part in filter(None, query.split("&")):
            name, _, value = part.partition("=")
            if name in ours:
                ours[name] = unquote(value)
            else:
                theirs.append(part)
        tenant = ours["tenant"]
        if not _TENANT.fullmatch(tenant):
            raise InvalidError("a tenant's name is up to 100 letters, digits and . _ - @ +")
        base = rest.partition("?")[0]
        primary = understood(f"{base}?{'&'.join(theirs)}")
        shown = f"postgresql://{hosts or primary.get('host', '')}/{database}?tenant={tenant}"
        return cls(shown, tenant, primary, _replica(ours["replica"], primary))


def understood(rest: str) -> dict[str, str]:
    """Return what libpq makes of the rest of a URL, and what it is not told."""
    if not _URL.fullmatch(rest):
        raise InvalidError(_ADVICE)
    try:
        said = conninfo_to_dict(f"postgresql:{rest}")
    except psycopg.Error:
        raise InvalidError(_ADVICE) from None
    return {**_DEFAULTS, **{name: str(value) for name, value in said.items()}}


def _replica(named: str, primary: Mapping[str, str]) -> dict[str, str] | None:
    """Return how to connect to a replica, which is named by a URL or by nothing but its host."""
    if not named:
        return None
    if "://" in named:
        return understood(named.partition(":")[2])
    there = understood(f"//{named}/")
    same = {k: v for k, v in primary.items() if k not in ("host", "hostaddr", "port")}
    return {**same, **there, "target_session_attrs": "any"}
