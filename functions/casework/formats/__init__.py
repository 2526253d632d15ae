"""Wire formats: SMS and Open311, as data."""
