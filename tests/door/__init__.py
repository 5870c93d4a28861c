"""A little app of the tests: a machine with nothing but a machine in it, to try the one door on."""
