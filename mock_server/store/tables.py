"""The tables: one workspace's rows are told apart by `workspace`, the first column of every key.

Times are the contract's own texts, which order as the moments do. What invites and meetings show is a JSON document,
ready to be answered; what filters, orders and rules look into has a column or a table of its own beside.
"""

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()

# Texts compare by code point everywhere (SORT-01); PostgreSQL needs to be told.
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, *, key: bool = False, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, _TEXT, primary_key=key, nullable=null)


def _key(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(_text(name, key=True) for name in ("workspace", *names))


def _partial(name: str, *columns: str | sa.ColumnElement[str], where: str, unique: bool = False) -> sa.Index:
    """An index of those rows alone that it is ever asked for."""
    condition = sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


workspaces = sa.Table(
    "workspaces",
    metadata,
    _text("name", key=True),
    _text("tenant_id"),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("tenant_id"),
)

users = sa.Table(
    "users",
    metadata,
    *_key("id"),
    _text("name"),
    _text("email"),
    _text("role"),
    _text("status"),
    _text("object_id"),
    sa.Index("users_by_object_id", "workspace", "object_id"),
)

labels = sa.Table(
    "labels",
    metadata,
    *_key("id"),
    _text("name"),
    _text("folded_name"),
    _text("color"),
    _text("description", null=True),
    _text("created_at"),
    sa.UniqueConstraint("workspace", "folded_name"),
)

user_labels = sa.Table(
    "user_labels",
    metadata,
    *_key("label_id", "user_id"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Index("user_labels_by_user", "workspace", "user_id", "position"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    *_key("id"),
    _text("name"),
    _text("secret"),
    _text("created_by_user_id"),
    _text("created_at"),
    _text("revoked_at", null=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("secret"),
)

invites = sa.Table(
    "invites",
    metadata,
    *_key("id"),
    _text("kind"),
    _text("recruiter_user_id"),
    _text("public_link_value", null=True),
    _text("vote_deadline_at"),
    sa.Column("own_vote_deadline", sa.Boolean, nullable=False),
    _text("title"),
    sa.Column("meeting_duration_minutes", sa.Integer, nullable=False),
    _text("mother_invite_id", null=True),
    _text("booking_id", null=True),
    _text("created_at"),
    _text("updated_at"),
    _text("document"),
    # In the order of lists. The mother stands in them so that roots are counted without a look at their rows.
    sa.Index("invites_by_recruiter", "workspace", "recruiter_user_id", sa.desc("created_at"), "id", "mother_invite_id"),
    _partial(
        "roots_by_creation",
        "workspace",
        sa.desc("created_at"),
        "id",
        "mother_invite_id",
        where="mother_invite_id IS NULL",
    ),
    _partial("subs_by_mother", "workspace", "mother_invite_id", where="mother_invite_id IS NOT NULL"),
    _partial("one_invite_a_link", "workspace", "public_link_value", where="public_link_value IS NOT NULL", unique=True),
)

# Whose invite it is and of which mother stands here too, so that a filter finds those that count without a look at any
# other, be that an invite of somebody else or a sub-invite.
invite_users = sa.Table(
    "invite_users",
    metadata,
    *_key("user_id", "recruiter_user_id", "invite_id"),
    _text("mother_invite_id", null=True),
    sqlite_with_rowid=False,
)

invite_labels = sa.Table(
    "invite_labels",
    metadata,
    *_key("label_id", "recruiter_user_id", "invite_id"),
    _text("mother_invite_id", null=True),
    sqlite_with_rowid=False,
)

meetings = sa.Table(
    "meetings",
    metadata,
    *_key("id"),
    _text("recruiter_user_id"),
    _text("host_user_id"),
    _text("title"),
    _text("start_at"),
    _text("end_at"),
    _text("created_at"),
    _text("updated_at"),
    _text("document"),
    sa.Index("meetings_by_start", "workspace", "start_at", "id"),
    sa.Index("meetings_by_recruiter", "workspace", "recruiter_user_id", "start_at"),
    sa.Index("meetings_by_host", "workspace", "host_user_id", "start_at"),
)

# `part` is host, required or optional; the times are the meeting's, so that who is busy is found in one look.
meeting_users = sa.Table(
    "meeting_users",
    metadata,
    *_key("user_id", "meeting_id", "part"),
    _text("start_at"),
    _text("end_at"),
    sa.Index("meeting_users_by_meeting", "workspace", "meeting_id"),
    sqlite_with_rowid=False,
)

meeting_labels = sa.Table(
    "meeting_labels",
    metadata,
    *_key("label_id", "meeting_id"),
    sa.Index("meeting_labels_by_meeting", "workspace", "meeting_id"),
    sqlite_with_rowid=False,
)

# What a workspace has to say; what follows is about workspaces.
CONTENT = tuple(metadata.sorted_tables)

# One statement each: its SQL is kept by its identity.
INSERT = {table: table.insert() for table in CONTENT}


def workspace_of(table: sa.Table) -> sa.Column[str]:
    """The column that tells whose row it is."""
    return table.c.name if table is workspaces else table.c.workspace


def own_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """What a row says beside whose it is."""
    return [column for column in table.c if column is not workspace_of(table)]


# The workspaces that were made while the server ran, with a clock of their own (`Clock.saved`).
made = sa.Table(
    "made",
    metadata,
    *_key(),
    _text("source"),
    _text("created_at"),
    _text("expires_at", null=True),
    _text("clock"),
)

# Workspaces at earlier moments (`Moment`), by the name they were saved under.
moments = sa.Table(
    "moments",
    metadata,
    *_key("snapshot"),
    _text("saved_at"),
    sa.Column("frozen", sa.Boolean, nullable=False),
    sa.Column("served", sa.BigInteger, nullable=False),
)


def _aside(table: sa.Table) -> sa.Table:
    own = (
        sa.Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable)
        for column in own_columns(table)
    )
    with_rowid = table.dialect_options["sqlite"]["with_rowid"]
    return sa.Table(f"saved_{table.name}", metadata, *_key("snapshot"), *own, sqlite_with_rowid=with_rowid)


# The rows that they had, of each table in one beside.
SAVED = {table: _aside(table) for table in CONTENT}
