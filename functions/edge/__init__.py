"""Layers that every request passes before a door sees it, in Lambda and on one machine."""
