"""Settings, logs and AWS clients: what every room may use."""
