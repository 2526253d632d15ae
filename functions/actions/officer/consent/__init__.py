"""What an officer asks that others have to consent to (law 11)."""
