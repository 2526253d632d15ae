"""Zappa's settings for one environment: those that are committed, and what only a deployment knows laid over them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.deploy.closure import FUNCTIONS

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "zappa_settings.json"
EMULATED = "emulated"
ENVIRONMENT = "aws_environment_variables"

Stages = dict[str, dict[str, Any]]


def is_emulated(env: str) -> bool:
    """Whether an environment stands in the emulator: ``emulated``, and ``emulated2`` beside it."""
    return env.rstrip("0123456789") == EMULATED


def stages_of(env: str, committed: Path = COMMITTED, functions: Sequence[str] = FUNCTIONS) -> Stages:
    """The committed stages of an environment whole, without ``extends``. An environment that is not committed is like
    the others."""
    known: Stages = json.loads(committed.read_text())
    return {f"{function}_{env}": _whole(known, known.get(f"{function}_{env}", {}), function) for function in functions}


def laid_over(stage: Mapping[str, Any], environment: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """A stage with further settings, and with further variables in its function's environment."""
    return {**stage, **more, ENVIRONMENT: {**stage[ENVIRONMENT], **environment}}


def _whole(known: Stages, stage: Mapping[str, Any], function: str) -> dict[str, Any]:
    parent = stage.get("extends", "" if stage is known.get("bersama") else function)
    if not parent:
        return dict(stage)
    whole = {**_whole(known, known[parent], "bersama"), **stage}
    whole.pop("extends", None)
    return whole
