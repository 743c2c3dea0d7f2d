"""What takes longer than a suite may: the same proofs with release figures."""
