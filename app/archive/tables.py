"""Tables for statistics programs: readings as Parquet, and one row a face over all films of a run."""

import csv
import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from app.sinks.output import writing
from models.errors import InputError

_WHOLE = ("frame", "face_id", "frames")
_TEXTS = ("film", "table", "label", "quality", "status", "picture")
_BATCH = 10_000
_BLOCK = 8 << 20
_OFTEN = 0.5
"""Share of a face's frames from which a problem is listed in its `quality`."""

FACE_COLUMNS = ("film", "table", "face_id", "first_s", "last_s", "seen_s", "frames", "label")
"""First columns of the summary; a `mean_<emotion>` for each emotion and `quality` follow."""


def require_parquet() -> None:
    """Check that the library that writes Parquet is installed, without loading it.

    Raises:
        InputError: If it is not installed; says how to install it.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise InputError(
            "Parquet is written by pyarrow, which is not installed; type `pip install -e '.[archive]'` in Mimik's "
            "folder, or leave out --rows parquet"
        )


def to_parquet(table: Path, target: Path) -> None:
    """Write a table of readings, as `CsvSink` writes it, as Parquet: the same columns, rows and values.

    Whole numbers are int64, other numbers float64, the rest strings; empty cells are null.

    Raises:
        InputError: If it cannot be written.
    """
    import pyarrow as pa
    from pyarrow import csv as pa_csv
    from pyarrow import parquet

    with table.open(newline="", encoding="utf-8") as file:
        schema = _schema(pa, next(csv.reader(file)))
    options = {
        "read_options": pa_csv.ReadOptions(block_size=_BLOCK, use_threads=False),
        "parse_options": pa_csv.ParseOptions(newlines_in_values=True),
        "convert_options": pa_csv.ConvertOptions(
            column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    }
    with writing(target), pa_csv.open_csv(table, **options) as batches, parquet.ParquetWriter(target, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def columns_of_faces(emotions: Sequence[str]) -> list[str]:
    """The columns of the summary for some emotions."""
    return [*FACE_COLUMNS, *(f"mean_{emotion}" for emotion in emotions), "quality"]


def faces_of(summary: Mapping[str, Any], table: str, emotions: Sequence[str]) -> Iterator[list[Any]]:
    """A row for each face of a film's summary; None if there is no value.

    Args:
        summary: The content of a film's JSON.
        table: Name of the file with its readings.
        emotions: Emotions of the means.
    """
    for face in summary["faces"]:
        often = [word for word, share in face.get("quality", {}).items() if share >= _OFTEN]
        means = [face["mean"].get(emotion) for emotion in emotions]
        fixed = [face["id"], face["first_s"], face["last_s"], face["seen_s"], face["frames"], face["label"]]
        yield [summary["source"], table, *fixed, *means, ",".join(often) or None]


def write_csv(path: Path, columns: Sequence[str], rows: Iterator[list[Any]]) -> None:
    """Write rows as CSV, None as an empty cell.

    Raises:
        OSError: If the file cannot be written.
    """
    with path.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_parquet(path: Path, columns: Sequence[str], rows: Iterator[list[Any]]) -> None:
    """Write rows as Parquet, types as of `to_parquet`.

    Raises:
        OSError: If the file cannot be written.
    """
    import pyarrow as pa
    from pyarrow import parquet

    schema = _schema(pa, columns)
    with parquet.ParquetWriter(path, schema) as writer:
        while batch := list(islice(rows, _BATCH)):
            cells = [[_text(cell) for cell in column] for column in zip(*batch, strict=True)]
            arrays = [pa.array(column, kind) for column, kind in zip(cells, schema.types, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _schema(pa: Any, columns: Sequence[str]) -> Any:
    kinds = {**dict.fromkeys(_WHOLE, pa.int64()), **dict.fromkeys(_TEXTS, pa.string())}
    return pa.schema([(column, kinds.get(column, pa.float64())) for column in columns])


def _text(cell: Any) -> Any:
    r"""Text for Parquet: bytes of a name that are not UTF-8 become `\udcNN`."""
    return cell.encode("utf-8", errors="backslashreplace").decode() if isinstance(cell, str) else cell
