"""What the office in the cloud costs, and what of it breaks first: calculated, not guessed. ``python -m infra.economy``
writes docs/costs.md and docs/scale.md; the tests compare them, and measure what stands in ``measured``."""
