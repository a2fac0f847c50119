"""Small widgets every page shares; each is given its data and its callables and knows no use case."""
