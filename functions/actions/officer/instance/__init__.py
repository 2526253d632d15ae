"""What a coordinator does for their own instance, and who may read what was done."""
