"""The review application: what the command line does, for people who decide, in a browser.

A page is one file in ``pages`` with one constant, ``PAGES``. It is a plain function of a visit and
returns what is to be shown; it knows nothing of HTTP.
"""
