"""Many films: listed, distributed over processes or a cluster, and summarised in tables over all of them."""
