"""Pages that show several rooms: home, the result of a scan, what a voucher would pay."""
