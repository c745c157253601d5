"""The state: tables, transactions, generated ids, and worlds into tables."""

from mock_server.store.engine import Store
from mock_server.store.transaction import Transaction

__all__ = ["Store", "Transaction"]
