"""DynamoDB behind the storage interface: one table, on demand, no scan."""
