"""The directory of agencies and officers: read, check, change."""
