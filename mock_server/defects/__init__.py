"""Small, named faults that turn the mock into a server that breaks one rule.

They stand around the mock and never inside: a mock without a defect does not even import them.
"""

from mock_server.defects.catalogue import DEFECTS, UNBREAKABLE
from mock_server.defects.defect import Defect
from mock_server.defects.defective import Defective

__all__ = ["DEFECTS", "UNBREAKABLE", "Defect", "Defective"]
