"""The barometer (barometer pelayanan): honest numbers about how complaints are dealt with, which identify nobody."""
