"""Storages that break the contract, each one rule of it: what the contract must notice."""

from tests.broken import answers, disk, extremes, latest, records, threads, transactions
from tests.broken.shelf import BROKEN, Shelf, Shelved

__all__ = [
    "BROKEN", "Shelf", "Shelved",
    "answers", "disk", "extremes", "latest", "records", "threads", "transactions",
]  # fmt: skip
