"""The journal: facts, their chains, their fold into states, and the one door that writes them."""
