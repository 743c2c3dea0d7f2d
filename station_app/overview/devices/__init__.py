"""Pages of printers, scanner, scale and drawer: set up, tried, mended by whoever stands there."""
