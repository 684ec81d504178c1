"""What every test shares: one hypothesis profile that leaves no files and repeats itself."""

from hypothesis import settings

settings.register_profile("gnomon", database=None, deadline=None, derandomize=True)
settings.load_profile("gnomon")
