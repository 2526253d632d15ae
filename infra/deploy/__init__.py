"""What ops run to bring this to AWS, look after it there, and take it away again: ``python -m infra.deploy --help``."""
