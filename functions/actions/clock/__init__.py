"""What is due without anybody asking: reminders, counts, editions, anchors."""
