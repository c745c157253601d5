"""The closed catalogue of defects, in the order of the rules."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from mock_server.defects import (
    availability,
    credentials,
    documents,
    envelope,
    filters,
    invites,
    labels,
    meetings,
    paging,
    roles,
    sorting,
    strictness,
    sub_invites,
    tenants,
)
from mock_server.defects.defect import Defect
from openapi import load_rules

_FAMILIES: tuple[ModuleType, ...] = (
    envelope,
    strictness,
    credentials,
    tenants,
    roles,
    paging,
    sorting,
    filters,
    invites,
    sub_invites,
    meetings,
    availability,
    labels,
    documents,
)


def _all() -> Iterator[Defect]:
    for family in _FAMILIES:
        yield from (one for one in vars(family).values() if isinstance(one, Defect))


_PLACES = {rule: place for place, rule in enumerate(load_rules())}

DEFECTS: Mapping[str, Defect] = MappingProxyType(
    {one.id: one for one in sorted(_all(), key=lambda one: _PLACES[one.rule])}
)

# Rules that no defect can break, and why.
UNBREAKABLE: Mapping[str, str] = MappingProxyType(
    {
        "SORT-04": "nothing that a list can be sorted by is ever null",
        "RATE-01": "the limit is off",
    }
)
