"""The commands of ``gnomon``, one file each: parse, call, print."""
