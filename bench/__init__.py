"""Measurements (`make bench`) and long tests (`make soak`). One file per measurement; `bench/RESULTS.md` keeps results."""
