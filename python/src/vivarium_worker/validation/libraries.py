"""Objects of pydantic, pandas, Polars, Arrow and Pillow, both ways, without importing any.

Only a program may do that; whoever meets one of their types has them in ``sys.modules``. Tables
travel as Arrow streams, images as PNG.
"""

from __future__ import annotations

import io
import sys
from typing import Any, Callable, Final

from vivarium_worker.validation.checks import Check, Mismatch, binary
from vivarium_worker.validation.kinds import NoForm, kind_of, kinds_of, told

_MODEL: Final = ("pydantic", "BaseModel")


def is_model(kind: type) -> bool:
    """Return whether ``kind`` is a model of pydantic 2."""
    return _MODEL in kinds_of(kind) and hasattr(kind, "model_validate")


def model_of(kind: Any) -> Check:  # noqa: ANN401 - a class of pydantic
    """Accept what pydantic makes a ``kind`` of."""
    if is_model(kind):
        return _validated_by(kind.model_validate, kind.__name__)
    return _validated_by(sys.modules["pydantic"].TypeAdapter(kind).validate_python, kind.__name__)


def library_check(kind: type) -> Check | None:
    """Return the check for a type of these libraries, or ``None`` if ``kind`` is none of them."""
    root, name = kind_of(kind)
    if is_model(kind) or root == "pydantic":
        return model_of(kind)
    read = _READ.get((root, name))
    return None if read is None else _read_by(read, f"{root}.{name}")


def model_values(value: Any) -> object:  # noqa: ANN401 - a model of pydantic
    """Return the fields of a model by the names that its inputs have."""
    return type(value).model_dump(value, by_alias=True)


def plain_value(value: object) -> object:
    """Return a value of one of pydantic's own types, such as a URL, as its JSON has it."""
    return sys.modules["pydantic_core"].to_jsonable_python(value)


def _of_pandas(frame: Any) -> memoryview:  # noqa: ANN401 - of a type not imported
    return _of_arrow(_arrow().Table.from_pandas(frame))


def _of_series(series: Any) -> memoryview:  # noqa: ANN401
    return _of_pandas(series.to_frame())


def _of_polars(frame: Any) -> memoryview:  # noqa: ANN401
    file, level = io.BytesIO(), getattr(sys.modules["polars"], "CompatLevel", None)
    if level is None:
        frame.write_ipc_stream(file)
    else:  # what every reader of Arrow understands
        frame.write_ipc_stream(file, compat_level=level.oldest())
    return file.getbuffer()


def _of_polars_series(series: Any) -> memoryview:  # noqa: ANN401
    return _of_polars(series.to_frame())


def _of_arrow(table: Any) -> memoryview:  # noqa: ANN401
    sink = _arrow().BufferOutputStream()
    with _arrow().ipc.new_stream(sink, table.schema) as stream:
        stream.write(table)
    return memoryview(sink.getvalue())


def _of_lazy(_frame: object) -> memoryview:
    raise NoForm("is a LazyFrame of Polars: collect() it")


def _of_image(image: Any) -> memoryview:  # noqa: ANN401
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getbuffer()


WRITTEN: Final[dict[tuple[str, str], Callable[[Any], object]]] = {
    _MODEL: model_values,
    ("pandas", "DataFrame"): _of_pandas,
    ("pandas", "Series"): _of_series,
    ("polars", "DataFrame"): _of_polars,
    ("polars", "Series"): _of_polars_series,
    ("polars", "LazyFrame"): _of_lazy,
    ("pyarrow", "Table"): _of_arrow,
    ("pyarrow", "RecordBatch"): _of_arrow,
    ("PIL", "Image"): _of_image,
}
"""What makes something that travels of their objects."""


def _to_pandas(data: bytes) -> object:
    return _to_arrow(data).to_pandas()


def _to_series(data: bytes) -> object:
    frame: Any = _to_pandas(data)
    return frame.iloc[:, _only_column(frame)]


def _to_polars(data: bytes) -> object:
    return sys.modules["polars"].read_ipc_stream(io.BytesIO(data))


def _to_polars_series(data: bytes) -> object:
    frame: Any = _to_polars(data)
    return frame.to_series(_only_column(frame))


def _to_arrow(data: bytes) -> Any:  # noqa: ANN401
    return _arrow().ipc.open_stream(data).read_all()


def _to_batch(data: bytes) -> object:
    batches = _to_arrow(data).combine_chunks().to_batches()
    if len(batches) != 1:
        raise ValueError(f"there are {len(batches)} batches in it")
    return batches[0]


def _to_image(data: bytes) -> object:
    image = sys.modules["PIL.Image"].open(io.BytesIO(data))
    image.load()
    return image


_READ: Final[dict[tuple[str, str], Callable[[bytes], object]]] = {
    ("pandas", "DataFrame"): _to_pandas,
    ("pandas", "Series"): _to_series,
    ("polars", "DataFrame"): _to_polars,
    ("polars", "Series"): _to_polars_series,
    ("pyarrow", "Table"): _to_arrow,
    ("pyarrow", "RecordBatch"): _to_batch,
    ("PIL", "Image"): _to_image,
}


def _only_column(frame: Any) -> int:  # noqa: ANN401
    if len(frame.columns) != 1:
        raise ValueError(f"there are {len(frame.columns)} columns in it")
    return 0


def _arrow() -> Any:  # noqa: ANN401 - a module
    arrow = sys.modules.get("pyarrow")
    if arrow is None:
        raise NoForm("travels as an Arrow stream, which needs the package pyarrow: install it")
    return arrow


def _read_by(read: Callable[[bytes], object], title: str) -> Check:
    form = "an image" if title.startswith("PIL") else "an Arrow stream"

    def check(value: object) -> object:
        try:
            return read(binary(value))
        except Mismatch:
            raise Mismatch(f"{title} as {form}, attached or in base64", value) from None
        except Exception as error:  # noqa: BLE001 - libraries raise what they like
            raise Mismatch(f"{title} as {form} ({told(error)})", value) from None

    return check


def _validated_by(validate: Callable[[object], object], title: str) -> Check:
    def check(value: object) -> object:
        try:
            return validate(value)
        except ValueError as error:
            raise _mismatch_of(error, title) from None

    return check


def _mismatch_of(error: Any, title: str) -> Exception:  # noqa: ANN401 - of pydantic
    try:
        first, *others = error.errors(include_url=False)
    except (AttributeError, TypeError, ValueError):  # a ValueError of something else
        return Mismatch.told(f"{title} ({told(error)})", "")
    path = "".join(f"[{step}]" if type(step) is int else f".{step}" for step in first["loc"])
    more = f", and {len(others)} more" if others else ""
    return Mismatch.told(f"{first['msg']} ({title}{more})", path)
