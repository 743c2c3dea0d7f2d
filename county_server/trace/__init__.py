"""The public page behind a lot's code: how it came here, for whoever holds it in the hand."""
