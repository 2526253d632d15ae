"""Shared by the frozen portal and the doors: layout, language, headers, errors, forms."""
