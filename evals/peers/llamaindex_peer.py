"""LlamaIndex with its defaults: VectorStoreIndex over documents, its own splitter, two nodes an answer.

Its PDF reader is a package of its own that reads pages with pypdf; here the pages come from the same
pypdf through LangChain's loader, one document a page, as that reader hands them over.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.peers.peer import Reply
from rag.retrieval.model_card import model_card
from rag.settings import Settings


class LlamaIndexPeer:
    name = "LlamaIndex"
    setup = "VectorStoreIndex.from_documents with its default splitter (1024 tokens, 200 overlap) and query engine (2 nodes)"

    def __init__(self) -> None:
        self._index: Any = None
        self._engine: Any = None

    def build(self, documents: Sequence[Path], folder: Path, settings: Settings) -> None:
        from langchain_community.document_loaders import PyPDFLoader
        from llama_index.core import Document, VectorStoreIndex
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        pages = [page for path in documents for page in PyPDFLoader(str(path)).load()]
        embedding = HuggingFaceEmbedding(
            model_name=str(model_card(settings.embedding_model).folder), device="cpu"
        )
        self._index = VectorStoreIndex.from_documents(
            [Document(text=page.page_content) for page in pages], embed_model=embedding
        )
        self._index.storage_context.persist(persist_dir=str(folder))
        if settings.llm_url:
            self._engine = self._index.as_query_engine(llm=_model(settings))

    def search(self, question: str, k: int) -> Sequence[str]:
        nodes = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [node.get_content() for node in nodes]

    def answer(self, question: str) -> Reply | None:
        if self._engine is None:
            return None
        done = self._engine.query(question)
        return Reply(str(done), tuple(node.get_content() for node in done.source_nodes))


def _model(settings: Settings) -> Any:
    """The settings' model behind LlamaIndex' interface for models of one's own."""
    from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
    from llama_index.core.llms.callbacks import llm_completion_callback

    from rag.answering.llm import connect

    served = connect(settings)

    class Served(CustomLLM):
        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(
                context_window=served.context_tokens, num_output=served.answer_tokens,
                model_name=served.name,
            )  # fmt: skip

        @llm_completion_callback()
        def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
            return CompletionResponse(text=str(served.chat.invoke(prompt).content))

        @llm_completion_callback()
        def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Any:
            yield self.complete(prompt)

    return Served()
