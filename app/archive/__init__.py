"""Many films: listed, divided among processes or a cluster, and told in tables over all of them."""
