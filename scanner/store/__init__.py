"""One SQLite file: everything scans observed, everything people decided. All SQL is in here."""

from scanner.store.identity_reads import Footing, Place
from scanner.store.listings import ListingStore, NewListing
from scanner.store.paper_reads import KeptPaper
from scanner.store.papers import PaperStore
from scanner.store.reads import ProductWithoutSystem, Reader, StoredSource
from scanner.store.snapshot_reads import FirstSign, Sight, SnapshotRow, SourceSeen
from scanner.store.snapshots import Shown, SnapshotStore, Week
from scanner.store.writes import NewSource, NewSystem, Store

__all__ = [
    "FirstSign",
    "Footing",
    "KeptPaper",
    "ListingStore",
    "NewListing",
    "NewSource",
    "NewSystem",
    "PaperStore",
    "Place",
    "ProductWithoutSystem",
    "Reader",
    "Shown",
    "Sight",
    "SnapshotRow",
    "SnapshotStore",
    "SourceSeen",
    "Store",
    "StoredSource",
    "Week",
]
