"""All rules, in the order in which they are tried."""

from tests.open311 import discovery, reading, writing
from tests.open311.rules import RULES, Finding, Rule, run, run_all

__all__ = ["RULES", "Finding", "Rule", "discovery", "reading", "run", "run_all", "writing"]
