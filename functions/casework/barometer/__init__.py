"""The barometer (barometer pelayanan): honest numbers on how complaints are handled, which identify nobody."""
