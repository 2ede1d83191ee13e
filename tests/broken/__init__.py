"""Storages that break the contract, each one rule of it: what the contract must notice."""

from tests.broken import answers, records, transactions
from tests.broken.shelf import BROKEN, Shelf, Shelved

__all__ = ["BROKEN", "Shelf", "Shelved", "answers", "records", "transactions"]
