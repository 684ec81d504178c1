"""What is known of AI vendors: one YAML file each in vendors/, read and checked here."""

from signatures.loader import Pack, Problem, load

__all__ = ["Pack", "Problem", "load"]
