"""What is known of AI vendors, and what AI looks like where no vendor is known.

One YAML file a vendor in vendors/, shapes of unknown AI in shapes/; read and checked here.
"""

from signatures.loader import Pack, load
from signatures.reading import Problem

__all__ = ["Pack", "Problem", "load"]
