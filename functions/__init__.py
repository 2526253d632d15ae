"""Lapor Anonim: the serverless functions behind the frozen portal."""
