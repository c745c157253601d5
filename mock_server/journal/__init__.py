"""What a server remembers of the requests that it answered."""

from mock_server.journal.entry import KEPT, Entry, Headers, Refused, Step, WouldRefuse, may_have_changed
from mock_server.journal.journal import Desk, Journal, Reader
from mock_server.journal.packing import VERSION, Packed

__all__ = [
    "KEPT",
    "VERSION",
    "Desk",
    "Entry",
    "Headers",
    "Journal",
    "Packed",
    "Reader",
    "Refused",
    "Step",
    "WouldRefuse",
    "may_have_changed",
]
