"""Where cases rest: one interface, SQLite and DynamoDB behind it, and blobs for files."""
