"""The desk of the day: its routes, its lines, its views, the case beside the list, the next case, the quarantine."""
