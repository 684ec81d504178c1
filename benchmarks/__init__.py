"""The benchmark: what Gnomon costs on a large log, beside other ways to get the same counts."""
