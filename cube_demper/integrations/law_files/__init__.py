"""Official texts as files: JSONL by article, DOCX, PDF, pages of adilet.zan.kz."""
