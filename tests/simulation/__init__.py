"""The whole office in one process and in virtual time, while a seed decides what fails, comes twice, or dies."""
