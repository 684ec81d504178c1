"""A stand-in for nothing: how we open the AI's shelf."""
