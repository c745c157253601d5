"""A transaction: SQLAlchemy writes each statement's SQL once, the driver runs it.

SQLAlchemy's own execution costs several times what SQLite needs for a row. Statements are built once and keep their
identity, so their SQL is kept by it.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler

Statement = sa.Select[Any] | sa.Insert | sa.Update | sa.Delete
Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    values: Callable[[Parameters], Any]  # in order, where the driver takes them by position
    fixed: dict[str, Any]  # values that stand in the statement itself
    lists: tuple[str, ...]  # parameters that are lists, each value then bound as name_1, name_2, ...
    row: Callable[[Iterable[Any]], Any]

    def bind(self, parameters: Parameters) -> Any:
        if self.fixed or self.lists:
            parameters = {**self.fixed, **parameters}
            for name in self.lists:
                parameters |= {f"{name}_{number}": value for number, value in enumerate(parameters[name], 1)}
        return self.values(parameters)


def _by_position(names: Sequence[str]) -> Callable[[Parameters], Any]:
    """What takes the values with these names out of parameters, as a sequence."""
    return itemgetter(*names) if len(names) > 1 else lambda parameters: [parameters[name] for name in names]


@lru_cache(maxsize=1024)
def _lists(statement: Statement) -> tuple[str, ...]:
    """The names of the parameters that are lists."""
    found = visitors.iterate(statement)
    return tuple({one.key: None for one in found if isinstance(one, sa.BindParameter) and one.expanding})


def _column_keys(statement: Statement) -> list[str] | None:
    """The columns that are given values, where the statement itself does not say which."""
    if not isinstance(statement, sa.Insert) or statement.select is not None:
        return None
    return [column.name for column in statement.table.c]


@lru_cache(maxsize=1024)
def _compile(statement: Statement, dialect: Dialect, lengths: tuple[int, ...]) -> _Compiled:
    """A statement's SQL where its lists have these lengths."""
    lists = _lists(statement)
    compiled = statement.compile(dialect=dialect, column_keys=_column_keys(statement))
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"{type(statement).__name__} has no SQL")
    sql: str = compiled.string
    names: Sequence[str] | None = compiled.positiontup
    if lists:
        sample: dict[str, Any] = {name: [""] * length for name, length in zip(lists, lengths, strict=True)}
        state = compiled.construct_expanded_state({**compiled.params, **sample})
        sql, names = state.statement, state.positiontup
    columns = statement.selected_columns if isinstance(statement, sa.Select) else statement.exported_columns
    selected = [key for key in columns.keys() if key]  # noqa: SIM118 - a collection of columns, not a dict
    row = namedtuple("Row", selected, rename=True)  # type: ignore[misc]  # its fields are what is selected
    return _Compiled(
        sql=sql,
        values=dict if names is None else _by_position(names),
        fixed={name: value for name, value in compiled.params.items() if value is not None},
        lists=lists,
        row=partial(tuple.__new__, row),  # what `_make` does, without a frame of its own
    )


class Transaction:
    """The statements of one transaction: a context that is undone if its block raises.

    Parameters that a statement does not have are ignored. A connection that is kept serves one transaction after the
    other; any other is given back at the end of its first. What the driver raises leaves it as SQLAlchemy's error of
    that kind: `IntegrityError` where a unique value is taken.
    """

    __slots__ = ("_connection", "_cursor", "_dialect", "_kept")

    def __init__(self, connection: DBAPIConnection | PoolProxiedConnection, dialect: Dialect, *, kept: bool) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._dialect = dialect
        self._kept = kept

    def __enter__(self) -> "Transaction":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._connection.commit()
            else:
                self._connection.rollback()
        except self._dialect.loaded_dbapi.Error as failed:
            error = failed
        finally:
            if not self._kept:
                self._connection.close()
        if error is not None and isinstance(error, driver := self._dialect.loaded_dbapi.Error):
            raise DBAPIError.instance(None, None, error, driver, dialect=self._dialect) from error

    def all(self, statement: sa.Select[Any], parameters: Parameters) -> list[Any]:
        """Every row, as a named tuple of the statement's columns."""
        compiled = self._run(statement, parameters)
        return list(map(compiled.row, self._cursor.fetchall()))

    def first(self, statement: Statement, parameters: Parameters) -> Any:
        """The first row, None where there is none."""
        compiled = self._run(statement, parameters)
        row = self._cursor.fetchone()
        return None if row is None else compiled.row(row)

    def write(self, statement: sa.Insert | sa.Update | sa.Delete, *rows: Parameters) -> None:
        """Run a statement once for each row of parameters; without rows, not at all."""
        if len(rows) == 1:
            self._run(statement, rows[0])
        elif rows:
            compiled = _compile(statement, self._dialect, ())
            self._cursor.executemany(compiled.sql, [compiled.bind(row) for row in rows])

    def run(self, sql: str) -> None:
        """Run a word of SQL that SQLAlchemy has no name for."""
        self._cursor.execute(sql)

    def _run(self, statement: Statement, parameters: Parameters) -> _Compiled:
        lists = _lists(statement)
        lengths = tuple([len(parameters[name]) for name in lists]) if lists else ()
        compiled = _compile(statement, self._dialect, lengths)
        self._cursor.execute(compiled.sql, compiled.bind(parameters))
        return compiled
