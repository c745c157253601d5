"""A fresh world of the kailenty mock server for each test: the fixtures `kailenty` and `kailenty_rival`."""

from pytest_kailenty.clock import Clock
from pytest_kailenty.control import Control, ControlError
from pytest_kailenty.faults import Faults
from pytest_kailenty.journal import Journal
from pytest_kailenty.mock import Mock
from pytest_kailenty.world import Persona, World

__all__ = ["Clock", "Control", "ControlError", "Faults", "Journal", "Mock", "Persona", "World"]
