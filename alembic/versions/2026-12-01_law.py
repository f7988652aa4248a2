"""Laws by edition and article, their vectors, the phrases of our index.

Without pgvector vectors are kept as plain numbers and compared row by row: `cube doctor` says so.

Revision: 2026_12_01_law, after 2026_12_02_salesman
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "2026_12_01_law"
down_revision = "2026_12_02_salesman"
branch_labels = None
depends_on = None

TABLES = ("legal_documents", "legal_articles", "legal_passages", "legal_phrases")
COMMON = """
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),"""


def words(a: str, b: str = "", c: str = "") -> str:
    def of(dictionary: str) -> str:
        return " || ".join(
            f"setweight(to_tsvector('{dictionary}'::regconfig, {column}), '{weight}'::\"char\")"
            for weight, column in (("A", a), ("B", b), ("C", c))
            if column
        )

    return f"""tsvector GENERATED ALWAYS AS (
        CASE WHEN language = 'kk' THEN {of("simple")} ELSE {of("russian")} END) STORED"""


def has_pgvector() -> bool:
    """Have the extension, if this server brings it and this role may."""
    connection = op.get_bind()
    if connection.scalar(sa.text("SELECT to_regtype('vector')")) is not None:
        return True
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION vector"))
    except DBAPIError:
        return False
    return True


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    is_indexed = has_pgvector()
    embedding = "vector(384)" if is_indexed else "real[]"
    op.execute(f"""CREATE TABLE legal_documents ({COMMON}
        law_code varchar NOT NULL,
        language varchar NOT NULL,
        title varchar NOT NULL,
        number varchar NOT NULL DEFAULT '',
        edition date NOT NULL,
        superseded_on date,
        url varchar NOT NULL,
        digest varchar NOT NULL,
        CONSTRAINT pk_legal_documents PRIMARY KEY (id),
        CONSTRAINT ck_legal_documents_language_known CHECK (language IN ('ru', 'kk')),
        CONSTRAINT uq_legal_documents_law_code_language_edition UNIQUE (law_code, language, edition))""")
    op.execute(f"""CREATE TABLE legal_articles ({COMMON}
        document_id uuid NOT NULL,
        number varchar NOT NULL,
        position integer NOT NULL,
        language varchar NOT NULL,
        title varchar NOT NULL,
        chapter varchar NOT NULL,
        body varchar NOT NULL,
        notes varchar NOT NULL DEFAULT '',
        is_repealed boolean NOT NULL,
        digest varchar NOT NULL,
        words {words("title", "body", "chapter")},
        embedding {embedding},
        embed_model varchar,
        CONSTRAINT pk_legal_articles PRIMARY KEY (id),
        CONSTRAINT fk_legal_articles_document_id FOREIGN KEY (document_id)
            REFERENCES legal_documents (id) ON DELETE CASCADE,
        CONSTRAINT ck_legal_articles_language_known CHECK (language IN ('ru', 'kk')),
        CONSTRAINT uq_legal_articles_document_id_number UNIQUE (document_id, number))""")
    op.execute(f"""CREATE TABLE legal_passages ({COMMON}
        article_id uuid NOT NULL,
        number integer NOT NULL,
        embedding {embedding},
        CONSTRAINT pk_legal_passages PRIMARY KEY (id),
        CONSTRAINT fk_legal_passages_article_id FOREIGN KEY (article_id)
            REFERENCES legal_articles (id) ON DELETE CASCADE,
        CONSTRAINT uq_legal_passages_article_id_number UNIQUE (article_id, number))""")
    op.execute(f"""CREATE TABLE legal_phrases ({COMMON}
        law_code varchar NOT NULL,
        number varchar NOT NULL,
        language varchar NOT NULL,
        phrase varchar NOT NULL,
        words {words("phrase")},
        embedding {embedding},
        embed_model varchar,
        CONSTRAINT pk_legal_phrases PRIMARY KEY (id),
        CONSTRAINT ck_legal_phrases_language_known CHECK (language IN ('ru', 'kk')),
        CONSTRAINT uq_legal_phrases_law_code_number_phrase UNIQUE (law_code, number, phrase))""")
    op.execute("CREATE INDEX ix_legal_articles_words ON legal_articles USING gin (words)")
    op.execute("CREATE INDEX ix_legal_articles_digest ON legal_articles (digest)")
    op.execute("CREATE INDEX ix_legal_phrases_words ON legal_phrases USING gin (words)")
    for table in ("legal_articles", "legal_passages") if is_indexed else ():
        op.execute(
            f"CREATE INDEX ix_{table}_embedding ON {table} USING hnsw (embedding vector_cosine_ops)"
        )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_updated_at BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
