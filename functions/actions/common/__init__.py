"""Steps that several audiences share. Each file says whether it opens anything."""
