"""Sealed files, in a folder or in S3. A package of its own: the intake, Open311 and custody may import none of it."""
