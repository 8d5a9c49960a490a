"""Hidden costs: the seven in money, opened to their evidence."""
