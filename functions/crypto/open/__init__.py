"""What opens with a case key or a receipt. Importable by thread, gateway, desk, custody and courier only."""
