"""Reading one request and checking it against its operation."""

from mock_server.validation.reader import Input, RequestReader
from mock_server.validation.times import canonical_time, check_period

__all__ = ["Input", "RequestReader", "canonical_time", "check_period"]
