"""Map: the network full size, with a list of its sites."""
