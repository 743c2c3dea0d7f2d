"""Keys, signatures and PINs. The county borrows `signing` and nothing else of this room."""
