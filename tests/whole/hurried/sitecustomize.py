"""Lets doors look for a new directory and new apps every half second, not every minute."""

from functions.storage.registers import directory

directory.LOOK_SECONDS = 0.5
