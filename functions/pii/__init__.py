"""Personal data in words: found, shown to the writer, masked for officers."""
