"""The demonstration: its directory and officers, and an invented year (``python -m infra.demo``)."""
