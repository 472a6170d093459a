"""Proof of fixes: what is before runs under real TF 1.15, what is after under TF2, and the results are compared."""
