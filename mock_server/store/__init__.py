"""The state: tables, transactions, generated ids, and worlds into tables."""

from mock_server.store.engine import Store

__all__ = ["Store"]
