"""One file for each kind of file in source trees, with one constant: ``MANIFEST``."""
