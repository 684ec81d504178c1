"""Parquet files, such as Amazon Security Lake keeps OCSF events in, read with ``pyarrow``.

    {"time":1795226310136,"class_uid":4003,"query":{"hostname":"api.openai.com","type":"A"},"src_endpoint":{"ip":"10.0.0.7"}}

A row becomes one object, with structs and maps as objects in it. What is null, not a number, or
bytes that are no text, is left out; times are ISO 8601, with a zone where the file says one.
Reference: https://docs.aws.amazon.com/security-lake/latest/userguide/open-cybersecurity-schema-framework.html
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from scanner.errors import SourceError
from scanner.logs.binary import Binary

_MAGIC = b"PAR1"
_ROWS = 1000
# Descriptions of the file that need more than this are an attack.
_MOST_WORDS = 64 << 20
_MISSING = (
    "Parquet files need an extra library; install it with: pip install 'gnomon[parquet]', "
    "or export the rows as JSON"
)
# What reading damaged bytes ends in: Arrow's own errors are of these kinds as well.
_DAMAGE = (
    ValueError,
    OSError,
    LookupError,
    TypeError,
    NotImplementedError,
    OverflowError,
    MemoryError,
)


def is_it(head: bytes) -> bool:
    """Whether a file begins as Parquet files do."""
    return head.startswith(_MAGIC)


def records(path: Path) -> Iterator[bytes]:
    """Yield the rows in the order of the file; a group of rows that is damaged is passed over."""
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise SourceError(_MISSING) from error
    encode = msgspec.json.Encoder(decimal_format="string").encode
    try:
        file = parquet.ParquetFile(
            path,
            pre_buffer=False,
            buffer_size=1 << 16,
            thrift_string_size_limit=_MOST_WORDS,
            thrift_container_size_limit=_MOST_WORDS >> 4,
        )
    except _DAMAGE as error:
        raise SourceError(f"the Parquet file cannot be read: {_sentence(error)}") from error
    with file:
        for group in range(file.num_row_groups):
            for row in _rows(file, group):
                yield encode(row)


def _rows(file: Any, group: int) -> Iterator[dict[str, object]]:
    try:
        for batch in file.iter_batches(_ROWS, row_groups=[group], use_threads=False):
            yield from _objects(batch)
    except _DAMAGE as error:
        yield {"damaged": f"row group {group + 1}: {_sentence(error)}"}


def _objects(batch: Any) -> Iterator[dict[str, object]]:
    """Return the rows of a batch as objects; a value that cannot be shown leaves its column out."""
    try:
        rows = _pylist(batch)
    except _DAMAGE:
        if batch.num_rows == 1:
            yield _object_of_whole_columns(batch)
        else:
            for at in range(batch.num_rows):
                yield from _objects(batch.slice(at, 1))
        return
    yield from rows


def _object_of_whole_columns(row: Any) -> dict[str, object]:
    shown: dict[str, object] = {}
    for at in range(row.num_columns):
        with suppress(*_DAMAGE):
            shown.update(_pylist(row.select([at]))[0])
    return shown


def _pylist(batch: Any) -> list[dict[str, object]]:
    columns = [
        column
        if (kind := _plain_type(column.type)) == column.type
        else column.cast(kind, safe=False)
        for column in batch.columns
    ]
    plain = type(batch).from_arrays(columns, names=batch.schema.names)
    return [_object(row) for row in plain.to_pylist()]


def _plain_type(kind: Any) -> Any:
    """Return a type with times that Python has: of microseconds, and in UTC if of any zone."""
    pa: Any = importlib.import_module("pyarrow")
    types = pa.types
    if types.is_timestamp(kind):
        return pa.timestamp("us", tz="UTC" if kind.tz else None)
    if types.is_duration(kind):
        return pa.duration("us")
    if types.is_time64(kind):
        return pa.time64("us")
    if types.is_struct(kind):
        return pa.struct([field.with_type(_plain_type(field.type)) for field in kind.fields])
    if types.is_map(kind):
        return pa.map_(kind.key_type, _plain_type(kind.item_type))
    if types.is_large_list(kind):
        return pa.large_list(_plain_type(kind.value_type))
    return pa.list_(_plain_type(kind.value_type)) if types.is_list(kind) else kind


def _object(row: dict[str, Any]) -> dict[str, object]:
    return {name: shown for name, value in row.items() if (shown := _value(value)) is not None}


def _value(value: Any) -> object:
    """Return a value as JSON has it; a list of pairs is a map. None is left out."""
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, list):
        if value and isinstance(value[0], tuple):
            return _object({str(key): item for key, item in value})
        return [shown for item in value if (shown := _value(item)) is not None]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None
    return value


def _sentence(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


BINARY = Binary(
    name="parquet",
    title="Parquet (OCSF, Security Lake)",
    is_it=is_it,
    records=records,
    reference="https://parquet.apache.org/docs/file-format/",
)
