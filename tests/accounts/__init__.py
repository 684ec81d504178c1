"""What administrators of services can list, and what follows from it."""
