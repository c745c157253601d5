"""The console at `/_mock/`: one page that shows what the control API tells, and steers by it."""

from mock_server.console.app import console, serves

__all__ = ["console", "serves"]
