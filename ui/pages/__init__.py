"""One folder a page. Pages do not import pages; what several of them use is in widgets and models."""
