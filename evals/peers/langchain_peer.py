"""A plain LangChain pipeline, as its own RAG tutorial builds it.

PyPDFLoader, RecursiveCharacterTextSplitter (1000 characters, overlap 200), Chroma with its defaults,
the four nearest chunks stuffed into one prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.peers.peer import Reply
from rag.retrieval.model_card import model_card
from rag.settings import Settings

PROMPT = (
    "You are an assistant for question-answering tasks. Use the following pieces of retrieved "
    "context to answer the question. If you don't know the answer, just say that you don't know. "
    "Use three sentences maximum and keep the answer concise.\n\n{context}"
)
"""The prompt of LangChain's tutorial."""

GIVEN = 4


class LangChainPeer:
    name = "LangChain"
    setup = "PyPDFLoader, RecursiveCharacterTextSplitter(1000, 200), Chroma, 4 chunks, stuff chain (its RAG tutorial)"

    def __init__(self) -> None:
        self._store: Any = None
        self._chain: Any = None

    def build(self, documents: Sequence[Path], folder: Path, settings: Settings) -> None:
        from langchain_community.document_loaders import PyPDFLoader
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        pages = [page for path in documents for page in PyPDFLoader(str(path)).load()]
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        self._store = plain_store(folder, settings)
        self._store.add_documents(splitter.split_documents(pages))
        if settings.llm_url:
            self._chain = _chain(self._store, settings)

    def search(self, question: str, k: int) -> Sequence[str]:
        return [document.page_content for document in self._store.similarity_search(question, k=k)]

    def answer(self, question: str) -> Reply | None:
        if self._chain is None:
            return None
        done = self._chain.invoke({"input": question})
        return Reply(done["answer"], tuple(document.page_content for document in done["context"]))


def plain_store(folder: Path, settings: Settings) -> Any:
    """An empty Chroma with its defaults, embedding with the settings' model."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    card = model_card(settings.embedding_model)
    embeddings = HuggingFaceEmbeddings(model_name=str(card.folder), model_kwargs={"device": "cpu"})
    return Chroma(
        collection_name="peer", embedding_function=embeddings, persist_directory=str(folder)
    )


def _chain(store: Any, settings: Settings) -> Any:
    from langchain_classic.chains import create_retrieval_chain
    from langchain_classic.chains.combine_documents import create_stuff_documents_chain
    from langchain_core.prompts import ChatPromptTemplate

    from rag.answering.llm import connect

    prompt = ChatPromptTemplate.from_messages([("system", PROMPT), ("human", "{input}")])
    stuffed = create_stuff_documents_chain(connect(settings).chat, prompt)
    return create_retrieval_chain(store.as_retriever(search_kwargs={"k": GIVEN}), stuffed)
