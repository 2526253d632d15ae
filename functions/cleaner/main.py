"""Wiring of the cleaner: the limit of a file's size, and nothing else. It has no key and no store."""

from flask import Flask

from functions.cleaner.app import make_app
from functions.config.settings import Settings


def create_app(settings: Settings) -> Flask:
    """Make the cleaner as a Flask app."""
    return make_app(https=settings.secure, file_mb=settings.file_mb, operator=settings.operator)
