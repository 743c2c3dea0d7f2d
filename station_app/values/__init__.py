"""Values without behaviour of their own: money, weight, days, codes, masks, texts, now."""
