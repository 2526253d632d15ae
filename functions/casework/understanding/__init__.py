"""What a text says, decided once for every way in: the receipts in it, whom it accuses, where it is, what it is."""
