"""Which addresses on the web are one and the same, and which of them are somebody's profile."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

_SCHEME: Final = re.compile(r"(?:(?:https?:|[a-z][a-z0-9+.-]*:(?=//))?/*)+", re.IGNORECASE)
_EDITION: Final = re.compile(r"(?:www|web|m|mobile|touch|mbasic|[a-z]{2}|[a-z]{2}-[a-z]{2})\.")
_TRACKING: Final = ("utm_", "fbclid=", "gclid=")

_HOSTS: Final = {  # the site, and what stands before a handle in the path
    "linkedin.com": ("linkedin", "in/"),
    "xing.com": ("xing", "profile/"),
    "github.com": ("github", ""),
    "twitter.com": ("x", ""),
    "x.com": ("x", ""),
    "instagram.com": ("instagram", ""),
    "facebook.com": ("facebook", ""),
    "fb.com": ("facebook", ""),
    "bsky.app": ("bluesky", "profile/"),
    "youtube.com": ("youtube", "@"),
    "medium.com": ("medium", "@"),
    "tiktok.com": ("tiktok", "@"),
    "threads.com": ("threads", "@"),
    "threads.net": ("threads", "@"),
    "orcid.org": ("orcid", ""),
}
SITES: Final = frozenset({"mastodon", "scholar"}.union(site for site, _ in _HOSTS.values()))
"""The sites of which profiles are known: what stands before the colon in the key of one."""

_HANDLE: Final = re.compile(r"[\w.:-]*\w[\w.:-]*")
_ORCID: Final = re.compile(r"(?:\d{4}-){3}\d{3}[\dx]")
_OLD: Final = re.compile(r"pub/([^/]+)/([0-9a-f]{1,3})/([0-9a-f]{1,3})/([0-9a-f]{1,3})(?:/|$)")
_PAGES: Final = (".php", ".html", ".htm", ".aspx")
_SECTIONS: Final = (
    "about accounts apps blog bookmarks careers codespaces collections compose contact "
    "customer-stories developer developers direct directory download enterprise events explore "
    "features friends gaming groups hashtag help home i intent issues jobs join legal login logout "
    "marketplace me media messages new notifications organizations orgs p pages people photo "
    "photos policies pricing privacy public pulls reel reels search security settings share sharer "
    "signin signup site sponsors status stories support team terms topics tos trending tv video "
    "videos watch"
)
_RESERVED: Final = frozenset(_SECTIONS.split())


def folded(text: str) -> str:
    """Return text as it is compared where accents count: composed, case folded. Idempotent."""
    return text.lower() if text.isascii() else normalize("NFC", normalize("NFD", text).casefold())


def address_key(address: str) -> str:
    """Return what equal addresses have in common: `github:ana`, or `url:example.org/ana`.

    A profile is its site and its handle, case folded, percent-decoded. Of any other address scheme,
    `www.`, the case of the host, slashes at the end, tracking and the place on the page do not
    count; a place that begins with / or ! is a page by itself. Idempotent.
    """
    while True:
        address = normalize("NFC", "".join(address.split()))
        bare = _SCHEME.sub("", address, count=1) if address else ""
        host, path, query, place = _parts(bare)
        site, handle = _profile(host, path, query)
        if site:
            return f"{site}:{handle}"
        host = host.removeprefix("www.")
        plain = "".join((host, path and f"/{path}", query and f"?{query}", place and f"#{place}"))
        if plain == address:
            return f"url:{plain}"
        address = plain


def _parts(bare: str) -> tuple[str, str, str, str]:
    """Return host, path, query and place of an address without a scheme."""
    rest, _, place = bare.partition("#")
    rest, _, query = rest.partition("?")
    host, _, path = rest.partition("/")
    kept = (part for part in query.split("&") if part and not part.lower().startswith(_TRACKING))
    place = place if place[:1] in ("/", "!") else ""
    return folded(host), path.rstrip("/"), "&".join(kept), place


def _profile(host: str, path: str, query: str) -> tuple[str, str]:
    """Return site and handle of the profile at an address; nothing twice if it is not one."""
    host = host.rpartition("@")[2].partition(":")[0].removesuffix(".").removeprefix("www.")
    site, mark = _site(host)
    page = path.lower().replace("%40", "@")
    if site == "linkedin":
        return _linkedin(path)
    if site == "facebook" and page == "profile.php":
        return _known(site, _asked(query, "id"))
    if site == "scholar":
        return _known(site, _asked(query, "user") if page == mark else "")
    if mark and page.startswith(mark):
        return _known(site, page[len(mark) :].partition("/")[0])
    if mark or "/" in page:
        return "", ""
    if site:
        handle = page.removeprefix("@")
        return _known(site, "" if handle in _RESERVED or handle.endswith(_PAGES) else handle)
    if "." in host and page.startswith("@"):
        user, _, home = page[1:].partition("@")  # one of another server, seen from here
        return _known("mastodon", user, f"@{home or host}")
    return "", ""


def _site(host: str) -> tuple[str, str]:
    """Return the site that a host belongs to, and what stands before a handle in its paths."""
    if host.endswith(".linkedin.com"):
        host = "linkedin.com"
    while host not in _HOSTS and (edition := _EDITION.match(host)):
        host = host[edition.end() :]
    if host.startswith("scholar.google."):  # each country has its own
        return "scholar", "citations"
    return _HOSTS.get(host, ("", ""))


def _linkedin(path: str) -> tuple[str, str]:
    """Return the site and the slug. Old addresses hold the number behind a slug in three parts."""
    if old := _OLD.match(path.lower()):
        name, low, middle, high = old.groups()
        slug = f"{name}-{high:0>3}{middle:0>3}{low if low != '0' else ''}"
    else:
        kind, _, rest = path.partition("/")
        slug = rest.partition("/")[0] if kind.lower() == "in" else ""
    slug = folded(_decoded(slug)).strip()
    return ("linkedin", slug) if slug else ("", "")


def _known(site: str, handle: str, home: str = "") -> tuple[str, str]:
    """Return site and handle, if it can be one."""
    handle = folded(_decoded(handle))
    form = _ORCID if site == "orcid" else _HANDLE
    return (site, folded(handle + home)) if form.fullmatch(handle) else ("", "")


def _asked(query: str, name: str) -> str:
    """Return the first value of a name in a query."""
    parts = (part.partition("=") for part in query.split("&"))
    return next((value for key, _, value in parts if key.lower() == name), "")


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote  # slow to import, and most addresses are plain

    return unquote(text)
