"""Documents of the department on the Guidelines page: the list, adding and removing, single pages."""

from __future__ import annotations

import threading
from html import escape

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from app import state
from app.document_shelf import (
    READABLE,
    Details,
    Held,
    Upload,
    held_documents,
    picture,
    plain_text,
    quoted_lines,
    take_in,
    take_out,
)
from app.frame import say_done
from app.html_parts import document_address, icon
from app.literal import literal
from app.marks import split_at
from app.words import Words
from ingest.build import BuildReport
from rag.errors import BuildCancelled, DocumentError, RadciteError

REPORT = "document_report"
DRAWN_SCALE = 1.6


def documents_page(words: Words) -> None:
    """One document where the address names it, else the list."""
    held = held_documents(state.settings().home_dir)
    named = st.query_params.get("d", "")
    chosen = next((item for item in held if named in (item.entry.id, item.entry.name)), None)
    if chosen is not None:
        _one_document(chosen, words)
        return
    _list(held, words)
    if state.is_librarian():
        _adding(held, words)
    else:
        st.html(f'<p class="rc-note">{escape(words.only_librarians)}</p>')


def _list(held: tuple[Held, ...], words: Words) -> None:
    st.html(
        f'<h1 class="rc-title">{escape(words.documents)}</h1><p class="rc-muted">{escape(words.documents_hint)}</p>'
    )
    _last_report(words)
    if not held:
        st.html(f'<p class="rc-nothing">{icon("folder_open")}{escape(words.documents_none)}</p>')
    for item in held:
        with st.container(key=f"doc {item.entry.id}", horizontal=True, vertical_alignment="center"):
            st.html(_line(item, words), width="stretch")
            if state.is_librarian():
                _removing(item, words)


def _line(item: Held, words: Words) -> str:
    details, indexed = item.entry.details, item.indexed
    pages = words.pages_of(indexed.pages) if indexed and indexed.pages else ""
    passages = words.passages_of(indexed.passages) if indexed else ""
    year = str(details.year) if details.year else ""
    said = [item.entry.name, details.issuer or "", details.edition or "", year, pages, passages,
            item.entry.added[:10]]  # fmt: skip
    href = escape(document_address(item.entry.id))
    return (
        f'<div class="rc-doc-line"><a class="rc-link" href="{href}" target="_self">{escape(item.title)}</a>'
        f"<small>{escape(' · '.join(filter(None, said)))}</small></div>"
    )


def _removing(item: Held, words: Words) -> None:
    with st.popover(words.remove, icon=":material/delete:", type="tertiary"):
        st.html(f"<p>{escape(words.remove_sure.format(name=item.title))}</p>")
        st.button(words.remove, key=f"remove {item.entry.id}", type="primary",
                  on_click=_remove, args=(item,))  # fmt: skip


def _remove(item: Held) -> None:
    try:
        take_out(item.entry.id, state.settings(), lambda _stage, _done, _total: None)
    except RadciteError as error:
        st.session_state[REPORT] = ((item.entry.name, str(error)),)
        return
    state.note_down("document removed", item.entry.name)
    st.session_state[REPORT] = state.words().removed.format(name=item.title)


def _adding(held: tuple[Held, ...], words: Words) -> None:
    st.html(
        f'<h2 class="rc-subtitle">{escape(words.add_documents)}</h2><p class="rc-muted">{escape(words.replace_hint)}</p>'
    )
    with st.form("adddocuments", clear_on_submit=True):
        files = st.file_uploader(
            words.choose_files, type=list(READABLE), accept_multiple_files=True, key="files"
        )
        with st.container(horizontal=True):
            title = st.text_input(words.document_title, max_chars=300)
            issuer = st.text_input(words.document_issuer, max_chars=300)
        with st.container(horizontal=True):
            edition = st.text_input(words.document_edition, max_chars=100)
            year = st.number_input(words.document_year, 1900, 2200, value=None, step=1)
            older = _superseded(held, words)
        pressed = st.form_submit_button(words.add, type="primary", icon=":material/upload_file:")
    if pressed and not files:
        st.html(f'<p class="rc-care" role="alert">{escape(words.choose_first)}</p>')
    if pressed and files:
        # A title given for several files would be the title of each: then it is left to the files.
        details = Details(title if len(files) == 1 else "", issuer, edition, year, older)
        _add([Upload(file.name, file.getvalue()) for file in files], details, words)


def _superseded(held: tuple[Held, ...], words: Words) -> str:
    """The document that the new one is the next edition of; it stays, marked as superseded."""
    names = {item.entry.id: item.title for item in held}
    chosen: str | None = st.selectbox(
        words.document_supersedes, list(names), index=None, format_func=names.__getitem__,
        placeholder=words.document_supersedes_none,
    )  # fmt: skip
    return chosen or ""


def _add(uploads: list[Upload], details: Details, words: Words) -> None:
    bar = st.progress(0.0, text=literal(words.adding.format(name=uploads[0].name)))
    st.button(words.cancel, icon=":material/close:")

    def tell(stage: str, done: int, total: int) -> None:
        try:
            bar.progress(done / max(total, 1), text=literal(f"{stage}: {done} / {total}"))
        except (RerunException, StopException) as left:  # cancelled, or gone to another page
            raise BuildCancelled(words.adding_cancelled) from left

    try:
        st.session_state[REPORT] = take_in(uploads, details, state.settings(), tell)
    except BuildCancelled as cancelled:
        st.session_state[REPORT] = str(cancelled)
        raise cancelled.__cause__ or cancelled from None
    except RadciteError as error:
        st.session_state[REPORT] = tuple((upload.name, str(error)) for upload in uploads)
    for upload in uploads:
        state.note_down("document offered", upload.name)
    threading.Thread(target=state.warm_up, name="warm up", daemon=True).start()
    st.rerun()


def _last_report(words: Words) -> None:
    """What the last adding or removing did, a line a document."""
    report = st.session_state.pop(REPORT, None)
    if isinstance(report, str):
        say_done(report)
    elif isinstance(report, BuildReport):
        st.html(_report_html(report, words))
    elif report:
        st.html(_failures_html(report, words))


def _report_html(report: BuildReport, words: Words) -> str:
    done = "".join(
        f'<li class="rc-good">{icon("check")}{escape(words.added.format(name=name))}</li>'
        for name in (*report.added, *report.replaced)
    )
    same = (
        "" if report.built or report.failed else f"<li>{icon('info')}{escape(words.unchanged)}</li>"
    )
    notices = "".join(
        f"<li>{icon('info')}{escape(f'{name}: {notice}')}</li>" for name, notice in report.notices
    )
    return f'<ul class="rc-report" role="status">{done}{same}{notices}</ul>' + _failures_html(
        report.failed, words
    )


def _failures_html(failed: tuple[tuple[str, str], ...], words: Words) -> str:
    items = "".join(
        f'<li class="rc-bad">{icon("error")}{escape(words.not_added.format(name=name, reason=reason))}</li>'
        for name, reason in failed
    )
    return f'<ul class="rc-report" role="alert">{items}</ul>' if items else ""


def _one_document(item: Held, words: Words) -> None:
    back = f'<a class="rc-link" href="guidelines?documents=1" target="_self">{icon("arrow_back")} {escape(words.back_to_documents)}</a>'
    st.html(
        f'<p class="rc-backlink">{back}</p><h1 class="rc-title">{escape(item.title)}</h1>{_line(item, words)}'
    )
    home = state.settings().home_dir
    text = plain_text(home, item.entry)
    mark = st.query_params.get("mark", "")
    if text:
        st.html(f'<pre class="rc-plaintext" tabindex="0">{_marked(text, mark)}</pre>')
        return
    page = _page_number(item)
    try:
        drawn = picture(home, item.entry.id, item.entry.content, page, mark, DRAWN_SCALE)
    except DocumentError as error:
        st.html(f'<p class="rc-note" role="alert">{escape(f"{words.no_picture} {error}")}</p>')
        return
    st.html(_pager_html(item.entry.id, page, drawn.pages, words))
    if mark and drawn.reason:
        st.html(f'<p class="rc-note">{escape(drawn.reason)}</p>')
    with st.container(key="pagepicture"):
        st.image(drawn.png, caption=words.page_of.format(n=page, total=drawn.pages))


def _marked(text: str, quote: str) -> str:
    """The text with the quoted lines marked; the page scrolls to the first."""
    pieces = split_at(text, quoted_lines(text, quote))
    return "".join(
        f'<mark class="is-chosen">{escape(piece)}</mark>' if marked else escape(piece)
        for piece, marked in pieces
    )


def _page_number(item: Held) -> int:
    asked = st.query_params.get("page", "1")
    last = item.indexed.pages if item.indexed and item.indexed.pages else 1
    return min(max(int(asked), 1), last) if asked.isdecimal() else 1


def _pager_html(document: str, page: int, pages: int, words: Words) -> str:
    links = []
    if page > 1:
        href = escape(document_address(document, page - 1))
        links.append(
            f'<a class="rc-link" href="{href}" target="_self">{icon("chevron_left")}{escape(words.page_before)}</a>'
        )
    links.append(f"<span>{escape(words.page_of.format(n=page, total=pages))}</span>")
    if page < pages:
        href = escape(document_address(document, page + 1))
        links.append(
            f'<a class="rc-link" href="{href}" target="_self">{escape(words.page_after)}{icon("chevron_right")}</a>'
        )
    return f'<nav class="rc-pager">{"".join(links)}</nav>'
