"""Make attachments anew without metadata, in a child process with limits."""
