"""At the desk: handing over several cases at once, and taking a hand-over back."""
