"""The pages: one file each, with one constant, ``PAGES``."""
