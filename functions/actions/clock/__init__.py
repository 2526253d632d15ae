"""Actions that are due without anybody asking: reminders, counts, editions, anchors."""
