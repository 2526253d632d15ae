"""Pictures of every screen of the demonstration, for a person to look at: ``python -m infra.looked_at``.

What was seen in them, and changed, stands in ``docs/looked-at.md``. The pictures stay out of the repository.
"""
