"""At the desk: what wants the consent of a second person (law 11)."""
