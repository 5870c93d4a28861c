"""What this room judges: pure functions over plain values. No database, no clock, no request; the day comes in as an argument."""
