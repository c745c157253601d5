"""Entries as they are kept, each nearly in one piece of memory.

Every request pays for its entry, and for the one that makes room for it. The small objects that an entry consists of
would cost several times as much to let go of, cold as they are by then, as to write down.
"""

from datetime import datetime
from marshal import loads

from mock_server.journal.entry import Entry, Refused, WouldRefuse
from mock_server.principal import Principal
from openapi import Operation

# Of marshal: it looks for no value that comes twice.
VERSION = 2

# Whether a row may be another since; what is shared or rare as it is: the time, the operation, the refusal, what would
# refuse; everything else as bytes, in the order in which `unpacked` takes it.
Packed = tuple[bool, datetime, Operation | None, Refused | None, tuple[WouldRefuse, ...], bytes]


def unpacked(packed: Packed) -> Entry:
    """The entry."""
    _, at, operation, refused, would_refuse, rest = packed
    (
        request_id,
        workspace,
        served,
        method,
        target,
        query,
        headers,
        body,
        size,
        status,
        answer_headers,
        answer_body,
        answer_size,
        caller,
        fault,
        started,
        ended,
    ) = loads(rest)
    return Entry(
        request_id=request_id,
        workspace=workspace,
        at=at,
        served=served,
        method=method,
        target=target,
        query=query,
        headers=headers,
        body=body,
        size=size,
        status=status,
        answer_headers=answer_headers,
        answer_body=answer_body,
        answer_size=answer_size,
        operation=operation,
        principal=None if caller is None else Principal(*caller),
        refused=refused,
        would_refuse=would_refuse,
        fault=fault,
        started=started,
        ended=ended,
    )
