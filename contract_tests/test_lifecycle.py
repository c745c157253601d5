"""Rows live and are held against a model of the contract: every answer and every later read."""

from contract_tests.lifecycle.machine import live
from contract_tests.outcomes import NotVerified
from contract_tests.plugin import verifies
from contract_tests.target import Target

# What chains reach wherever anything can be written; they find fault with many more.
REACHED = ("INV-03", "SUB-01", "MTG-07", "MTG-12", "MTG-16", "AVL-01", "ERR-11")


@verifies(*REACHED)
def test_rows_live_as_the_model_says(target: Target) -> None:
    if missed := sorted(set(REACHED) - live(target)):
        raise NotVerified(f"the chains did not come to {', '.join(missed)}: more examples are needed")
