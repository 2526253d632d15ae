"""Texts of the domain that people read: marked here, translated where they are shown.

The catalogue is collected from the source by the marker's name, so a text must stand in the call as a literal.
"""


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name for "translate later"
    """Mark a text for the catalogue; it is translated when it is shown."""
    return message
