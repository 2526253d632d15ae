"""What the holder of a receipt does, by web, SMS, app or counter."""
