"""The endpoints: each takes a request apart, calls one service or query, and puts the answer together."""
