"""The domain, pure: no Flask, no boto3, no SQL, no clock of its own."""
