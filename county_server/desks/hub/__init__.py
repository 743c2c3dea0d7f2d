"""The hub's desk of produce: what stations sent is weighed in, differences are decided."""
