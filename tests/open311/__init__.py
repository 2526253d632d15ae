"""A conformance suite for Open311 GeoReport v2: ``python -m tests.open311 --url https://…/open311/v2``."""
