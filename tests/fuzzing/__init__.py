"""Coverage-guided fuzzing of everything that reads bytes somebody else may have made."""
