"""A Google of one's own, which the tests run Google's own client against: see `server`."""

from tests.google.client import service
from tests.google.server import GoogleServer

__all__ = ["GoogleServer", "service"]
