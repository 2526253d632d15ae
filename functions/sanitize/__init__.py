"""Attachments made anew without metadata, in a child process with limits."""
