"""What a server remembers of the requests that it answered."""

from mock_server.journal.entry import KEPT, Entry, Headers, Refused, Step, WouldRefuse, packed
from mock_server.journal.journal import Desk, Journal, Reader

__all__ = ["KEPT", "Desk", "Entry", "Headers", "Journal", "Reader", "Refused", "Step", "WouldRefuse", "packed"]
