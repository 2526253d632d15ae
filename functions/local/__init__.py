"""All doors on one machine: ``make run`` and ``make serve``."""
