"""The desk of the day: its lines, its views, the case beside the list, and the next case."""
