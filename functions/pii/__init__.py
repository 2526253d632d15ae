"""Personal data in text: find it, show it to the writer, mask it for officers."""
