"""One SQLite file: everything scans observed, everything people decided. All SQL is in here."""

from scanner.store.listings import ListingStore, NewListing
from scanner.store.reads import ProductWithoutSystem, Reader, StoredSource
from scanner.store.writes import NewSource, NewSystem, Store

__all__ = [
    "ListingStore",
    "NewListing",
    "NewSource",
    "NewSystem",
    "ProductWithoutSystem",
    "Reader",
    "Store",
    "StoredSource",
]
