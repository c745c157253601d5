"""Fixtures for the tests of the documents."""

from tests.openapi.node import node_modules

__all__ = ["node_modules"]
