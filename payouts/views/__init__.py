"""Pages about payments: for who prepares, who releases, who reads the bank, and who looks over their shoulders."""
