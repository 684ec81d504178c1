"""Log formats: one file each with one constant, ``FORMAT``; nothing else to register."""
