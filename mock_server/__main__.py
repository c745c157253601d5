"""`python -m mock_server` is `kailenty-mock`."""

from mock_server.cli import main

main(prog_name="kailenty-mock")
