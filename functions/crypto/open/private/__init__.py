"""What opens with a private key. Importable by desk, custody and courier only."""
