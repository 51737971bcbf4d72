"""Words of the Guidelines page and of the department's documents, in English and Korean."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ShelfWords:
    """The shelf to read, editions compared, and documents added by the department."""

    guideline: str = "Guideline"
    contents: str = "Contents"
    categories: str = "Categories"
    name: str = "Name"
    management: str = "Management"
    table: str = "Decision table"
    tables: str = "Decision tables"
    outcome: str = "Outcome"
    impossible: str = "Contradiction"
    see_table: str = "see {title}"
    facts: str = "Statements"
    gaps: str = "Not held here"
    sources: str = "Sources"
    rights: str = "Rights"
    applies_to: str = "Applies to"
    published: str = "Published"
    issuer: str = "Issued by"
    find: str = "Find in this guideline"
    nothing_found: str = "Nothing in this guideline contains these words."
    shelf_empty: str = "No guideline is on the shelf. The corpus folder is empty: {folder}"
    disagreement: str = "sources differ"
    any_value: str = "any"
    link_to_this: str = "Link to this line"

    # editions
    editions: str = "Editions"
    edition: str = "Edition"
    differences: str = "What changed since {edition}"
    before: str = "Before"
    now: str = "Now"
    change_kinds: dict[str, str] = field(
        default_factory=lambda: {
            "changed": "changed",
            "added": "added",
            "removed": "removed",
            "unchanged": "unchanged",
        }
    )
    no_differences: str = "No differences to an older edition are recorded here."

    # documents of the department
    builtin: str = "Guidelines"
    documents: str = "Documents of this department"
    documents_none: str = "No documents were added yet."
    documents_hint: str = (
        "PDF, Word, Excel, CSV, HTML, Markdown or text. They stand beside the guidelines and are "
        "cited by page and line."
    )
    add_documents: str = "Add documents"
    choose_files: str = "Choose files"
    choose_first: str = (
        "Choose the files first. One that is still being uploaded counts when it is listed."
    )
    document_title: str = "Title"
    document_issuer: str = "Issued by"
    document_edition: str = "Edition"
    document_year: str = "Year"
    document_supersedes: str = "Replaces, as the next edition"
    document_supersedes_none: str = "No document"
    document_pages: str = "{n} pages"
    document_page_one: str = "1 page"
    document_passages: str = "{n} passages"
    document_passage_one: str = "1 passage"
    add: str = "Add"
    adding: str = "Reading {name} ..."
    adding_cancelled: str = "Cancelled: the documents are as they were before."
    added: str = "{name} is on the shelf and can be cited."
    unchanged: str = "Everything offered was already on the shelf, unchanged."
    not_added: str = "{name} was not added: {reason}"
    remove: str = "Remove"
    remove_sure: str = "Remove {name}? Answers no longer cite it."
    removed: str = "{name} was removed."
    replace: str = "Replace"
    replace_hint: str = "A file of the same name replaces the one on the shelf as a whole."
    cancel: str = "Cancel"
    only_librarians: str = (
        "Documents are added and removed by librarians. You are signed in as a reader."
    )
    page_of: str = "Page {n} of {total}"
    page_before: str = "Page before"
    page_after: str = "Next page"
    page_text: str = "Text of this page"
    no_picture: str = "There is no picture of this page."
    back_to_documents: str = "All documents"

    def pages_of(self, count: int) -> str:
        """``1 page``, ``12 pages``."""
        return self.document_page_one if count == 1 else self.document_pages.format(n=count)

    def passages_of(self, count: int) -> str:
        """``1 passage``, ``12 passages``."""
        one = self.document_passage_one
        return one if count == 1 else self.document_passages.format(n=count)


SHELF_KO = ShelfWords(
    guideline="지침",
    contents="차례",
    categories="범주",
    name="이름",
    management="권고",
    table="판정표",
    tables="판정표",
    outcome="결과",
    impossible="모순",
    see_table="{title} 참조",
    facts="문장",
    gaps="수록하지 않은 내용",
    sources="출처",
    rights="권리",
    applies_to="적용 대상",
    published="발행",
    issuer="발행 기관",
    find="이 지침에서 찾기",
    nothing_found="이 지침에는 그런 말이 없습니다.",
    shelf_empty="수록된 지침이 없습니다. 지침 폴더가 비어 있습니다: {folder}",
    disagreement="출처마다 다름",
    any_value="무관",
    link_to_this="이 줄의 링크",
    editions="판",
    edition="판",
    differences="{edition} 이후 달라진 내용",
    before="이전",
    now="현재",
    change_kinds={
        "changed": "변경",
        "added": "추가",
        "removed": "삭제",
        "unchanged": "그대로",
    },
    no_differences="이전 판과의 차이가 기록되어 있지 않습니다.",
    builtin="수록 지침",
    documents="부서 문서",
    documents_none="아직 추가한 문서가 없습니다.",
    documents_hint="PDF, Word, Excel, CSV, HTML, Markdown, 텍스트 파일. 지침과 함께 검색되고 쪽과 줄로 인용됩니다.",
    add_documents="문서 추가",
    choose_files="파일 고르기",
    choose_first="먼저 파일을 고르십시오. 올리는 중인 파일은 목록에 나온 뒤에 추가됩니다.",
    document_title="제목",
    document_issuer="발행 기관",
    document_edition="판",
    document_year="연도",
    document_supersedes="이전 판(대체되는 문서)",
    document_supersedes_none="없음",
    document_pages="{n}쪽",
    document_page_one="1쪽",
    document_passages="단락 {n}개",
    document_passage_one="단락 1개",
    add="추가",
    adding="{name} 읽는 중 ...",
    adding_cancelled="취소했습니다. 문서는 이전 그대로입니다.",
    added="{name}: 추가했습니다. 이제 인용됩니다.",
    unchanged="모두 이미 같은 내용으로 수록되어 있습니다.",
    not_added="{name}을(를) 추가하지 못했습니다: {reason}",
    remove="삭제",
    remove_sure="{name}을(를) 삭제할까요? 더는 인용되지 않습니다.",
    removed="{name}을(를) 삭제했습니다.",
    replace="교체",
    replace_hint="같은 이름의 파일을 올리면 기존 문서 전체를 대신합니다.",
    cancel="취소",
    only_librarians="문서 추가와 삭제는 자료 관리자만 할 수 있습니다. 지금은 열람자로 로그인되어 있습니다.",
    page_of="{total}쪽 중 {n}쪽",
    page_before="앞쪽",
    page_after="다음 쪽",
    page_text="이 쪽의 글",
    no_picture="이 쪽의 그림이 없습니다.",
    back_to_documents="문서 목록",
)
