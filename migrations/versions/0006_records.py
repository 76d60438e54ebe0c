"""business records, and the lists that cases write: stock, machines' lives, customers' files

Revision ID: 0006_records
Revises: 0005_people
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_records"
down_revision = "0005_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_key", sa.String(length=100), nullable=True),
        sa.Column("customer", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_entries")),
        sa.UniqueConstraint("job_key", name=op.f("uq_customer_entries_job_key")),
    )
    op.create_index(op.f("ix_customer_entries_customer"), "customer_entries", ["customer"], unique=False)
    op.create_index(op.f("ix_customer_entries_number"), "customer_entries", ["number"], unique=False)
    op.create_table(
        "equipment_life",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_key", sa.String(length=100), nullable=True),
        sa.Column("serial_no", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("part_out", sa.String(length=200), nullable=False),
        sa.Column("part_in", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_life")),
        sa.UniqueConstraint("job_key", name=op.f("uq_equipment_life_job_key")),
    )
    op.create_index(op.f("ix_equipment_life_number"), "equipment_life", ["number"], unique=False)
    op.create_index(op.f("ix_equipment_life_serial_no"), "equipment_life", ["serial_no"], unique=False)
    op.create_table(
        "record_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_changes")),
        sa.UniqueConstraint("kind", "key", "version", name=op.f("uq_record_changes_kind_key_version")),
    )
    op.create_table(
        "record_fields",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("sort", sa.String(length=200), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "field", name=op.f("pk_record_fields")),
    )
    op.create_index(op.f("ix_record_fields_kind_field_sort"), "record_fields", ["kind", "field", "sort"], unique=False)
    op.create_table(
        "records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("facet", sa.String(length=60), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_records_kind_key")),
    )
    op.create_index(op.f("ix_records_kind_title"), "records", ["kind", "title"], unique=False)
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_key", sa.String(length=100), nullable=True),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("part_no", sa.String(length=100), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("stock_change", sa.BigInteger(), nullable=False),
        sa.Column("loan_change", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
        sa.UniqueConstraint("job_key", "line", name=op.f("uq_stock_movements_job_key_line")),
    )
    op.create_index(op.f("ix_stock_movements_number"), "stock_movements", ["number"], unique=False)
    op.create_index(op.f("ix_stock_movements_part_no"), "stock_movements", ["part_no"], unique=False)


def downgrade() -> None:
    for table in (
        "stock_movements",
        "records",
        "record_fields",
        "record_changes",
        "equipment_life",
        "customer_entries",
    ):
        op.drop_table(table)
