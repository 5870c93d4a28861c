"""A small Stripe of our own, over real HTTP, that holds every request against Stripe's published description."""
