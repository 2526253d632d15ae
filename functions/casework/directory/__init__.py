"""The directory of agencies and officers: reading, checking, changing."""
