"""The clock: what is due by time, without anybody asking."""
