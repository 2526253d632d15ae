"""Settings, logs and AWS clients, for every room."""
