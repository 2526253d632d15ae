"""How messages leave: a notifier for each channel a reporter is reached by, and the ways it sends by."""
