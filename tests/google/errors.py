"""What does Google answer when it refuses? The errors of the local server, in Google's shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

Json = dict[str, Any]

_STATUS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
"""The words of google.rpc.Code that go with a number (AIP-193)."""
_QUOTA: Final = (
    "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service"
    " 'gmail.googleapis.com' for consumer 'project_number:1'."
)


class GoogleError(Exception):
    """An answer that refuses, as the guide to errors of each interface shows it."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        location: str = "",
        details: tuple[Json, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code} {reason}: {message}")
        self.code = code
        self.reason = reason
        self.headers = dict(headers or {})
        one: Json = {"message": message, "domain": domain, "reason": reason}
        if location:
            kind = "header" if location == "Authorization" else "parameter"
            one |= {"location": location, "locationType": kind}
        self.body: Json = {"error": {"code": code, "message": message, "errors": [one]}}
        if code in _STATUS:
            self.body["error"]["status"] = _STATUS[code]
        if details:
            self.body["error"]["details"] = list(details)


def invalid(message: str, location: str = "") -> GoogleError:
    """Return a 400 for a parameter that is wrong or missing."""
    return GoogleError(400, "invalidArgument", message, location=location)


def not_found() -> GoogleError:
    """Return the 404 of Gmail and People (seen in lieer issue 301)."""
    return GoogleError(404, "notFound", "Requested entity was not found.")


def unauthenticated() -> GoogleError:
    """Return the 401 of a token that is unknown, expired or revoked (Gmail guide: errors)."""
    return GoogleError(401, "authError", "Invalid Credentials", location="Authorization")


def lacking_scope(method: str) -> GoogleError:
    """Return the 403 of a token whose scopes do not allow a method (Gmail guide: errors)."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"method": method},
    }
    message = "Request had insufficient authentication scopes."
    return GoogleError(403, "insufficientPermissions", message, details=(detail,))


def too_fast(headers: Mapping[str, str] | None = None) -> GoogleError:
    """Return the 429 of a user who asked too much in a minute."""
    return GoogleError(429, "rateLimitExceeded", _QUOTA, domain="usageLimits", headers=headers)


def _crowded(headers: Mapping[str, str]) -> GoogleError:
    # amd/gaia issue 2716: so it stands in the parts of a batch that is a 200
    message = "Too many concurrent requests for user."
    return GoogleError(429, "rateLimitExceeded", message, headers=headers)


def _forbidden(reason: str, message: str) -> Callable[[Mapping[str, str]], GoogleError]:
    return lambda headers: GoogleError(403, reason, message, domain="usageLimits", headers=headers)


def _broken(code: int) -> Callable[[Mapping[str, str]], GoogleError]:
    message = HTTPStatus(code).phrase
    return lambda headers: GoogleError(code, "backendError", message, headers=headers)


REFUSALS: Final[Mapping[int | str, Callable[[Mapping[str, str]], GoogleError]]] = {
    429: _crowded,
    401: lambda _: unauthenticated(),
    404: lambda _: not_found(),
    # an account without Gmail; seen in FlowCrypt/flowcrypt-browser issue 435
    "failedPrecondition": lambda _: GoogleError(
        400, "failedPrecondition", "Mail service not enabled"
    ),
    "insufficientPermissions": lambda _: lacking_scope("injected"),
    "rateLimitExceeded": _forbidden("rateLimitExceeded", _QUOTA),
    "userRateLimitExceeded": _forbidden("userRateLimitExceeded", "User Rate Limit Exceeded"),
    "quotaExceeded": _forbidden("quotaExceeded", "The request exceeds a quota."),
    "dailyLimitExceeded": _forbidden("dailyLimitExceeded", "Daily Limit Exceeded"),
    **{code: _broken(code) for code in (408, 500, 502, 503, 504)},
}
"""What a test can order the server to refuse with, by number or by its reason."""
