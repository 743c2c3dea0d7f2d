"""The county's pages: what every station has sent, and what wants somebody first."""
