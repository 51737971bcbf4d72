"""Appropriateness: the patient described or a topic chosen, its scenarios, and the table of one."""

from __future__ import annotations

from html import escape

import streamlit as st

from app import state
from app.address_box import follow, note
from app.frame import guarded
from app.html_parts import icon
from app.literal import literal
from app.order_desk import (
    SHOWN_TOPICS,
    card_of,
    entries_of,
    found_for,
    key_in,
    key_text,
)
from app.order_markup import (
    SORTS,
    card_html,
    comparison_html,
    read_html,
    rows_html,
    scenario_head,
)
from app.scenario_cards import ScenarioCard
from app.scenario_table import Key, cautions, compare, flat_rows, order_text, referral_of, table
from app.topic_browser import filtered, panels, regions
from rag.answering.scenario_desk import ScenarioDesk

words = state.words()
SORT_WORDS = {"rating": words.by_rating, "name": words.by_name, "dose": words.by_dose}
ANY = ""
BOX = "order_text"


def search_box() -> None:
    follow(BOX, st.query_params.get("q", "").strip())
    with st.form("order", border=False, enter_to_submit=True), st.container(horizontal=True):
        st.text_input(
            words.order_text, key=BOX, placeholder=words.order_placeholder,
            label_visibility="collapsed",
        )  # fmt: skip
        st.form_submit_button(words.order_search, type="primary", on_click=searched)


def searched() -> None:
    text = st.session_state[BOX].strip()
    st.query_params.from_dict({"q": text} if text else {})
    note(BOX, text)


def choose(key: Key) -> None:
    st.query_params["s"] = key_text(key)
    st.query_params.pop("with", None)


def choose_topic(title: str) -> None:
    st.query_params.from_dict({"topic": title})


def page() -> None:
    desk = state.parts().desk()
    if desk is None:
        st.html(f'<p class="rc-muted">{escape(words.no_topics)}</p>')
        return
    cards = scenarios(desk)
    chosen = key_in(st.query_params.get("s", "")) or (cards[0].key if cards else None)
    if cards is None and chosen is None:
        with st.container(key="browse"):
            topics(desk)
        return
    with st.container(key="ordersplit"):
        left, right = st.columns([40, 60], gap="large")
    with left, st.container(key="scenarios"):
        if cards is None:
            topics(desk)
        else:
            listed(desk, cards, chosen)
    with right, st.container(key="ordertable"):
        if chosen is not None:
            scenario(desk, chosen, cards or ())


def scenarios(desk: ScenarioDesk) -> tuple[ScenarioCard, ...] | None:
    """The scenarios found, or of the topic named; ``None`` where neither was asked for."""
    topic, question = st.query_params.get("topic", ""), st.query_params.get("q", "").strip()
    if question:
        return found_for(desk, question, state.parts()).cards
    if topic:
        entry = next((one for one in entries_of(desk) if one.title == topic), None)
        return entry.scenarios if entry else ()
    return None


def listed(desk: ScenarioDesk, cards: tuple[ScenarioCard, ...], chosen: Key | None) -> None:
    """The scenarios as cards, and what was read of the referral."""
    question = st.query_params.get("q", "").strip()
    if question:
        found = found_for(desk, question, state.parts())
        if read := read_html(found.read, state.labels(), words):
            st.html(read)
        if not found.covered:
            st.html(f'<p class="rc-care" role="status">{escape(words.not_in_topics)}</p>')
    count = words.scenarios_n.format(n=len(cards))
    with st.container(key="scenariosbar", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="rc-columntitle">{escape(count)}</p>', width="stretch")
        st.button(words.topics, icon=":material/list:", type="tertiary",
                  on_click=st.query_params.clear)  # fmt: skip
    for i, card in enumerate(cards):
        mark = "chosen" if card.key == chosen else "other"
        with st.container(key=f"scenario_{mark}_{i}"):
            st.button(literal(card.scenario), key=f"card {i} {card.topic}", type="tertiary",
                      on_click=choose, args=(card.key,))  # fmt: skip
            st.html(card_html(card, words))


def topics(desk: ScenarioDesk) -> None:
    """All topics, narrowed by panel, region and words."""
    entries = entries_of(desk)
    st.html(f'<p class="rc-muted">{escape(words.order_intro)}</p>')
    with st.container(key="filters", horizontal=True):
        panel = st.selectbox(
            words.filter_panel, [ANY, *panels(entries)], label_visibility="collapsed",
            format_func=lambda name: name or words.any_panel,
        )  # fmt: skip
        region = st.selectbox(
            words.filter_region, [ANY, *regions(entries)], label_visibility="collapsed",
            format_func=lambda name: name or words.any_region,
        )  # fmt: skip
        wanted = st.text_input(words.filter_text, placeholder=words.filter_text,
                               label_visibility="collapsed", type="search", live=True)  # fmt: skip
    shown = filtered(entries, panel or None, region or None, wanted)
    count = words.topics_n.format(n=len(shown), m=sum(len(entry.scenarios) for entry in shown))
    st.html(f'<p class="rc-columntitle">{escape(count)}</p>')
    with st.container(key="topics"):
        for entry in shown[:SHOWN_TOPICS]:
            st.button(literal(entry.title), key=f"topic {entry.title}", type="tertiary",
                      on_click=choose_topic, args=(entry.title,))  # fmt: skip
    if len(shown) > SHOWN_TOPICS:
        more = words.more_n.format(n=len(shown) - SHOWN_TOPICS)
        st.html(f'<p class="rc-muted">{escape(more)}</p>')


def scenario(desk: ScenarioDesk, key: Key, cards: tuple[ScenarioCard, ...]) -> None:
    """The table of one scenario, to sort, to compare and to copy from.

    Its name and its rows are one piece, so that they never stand for two scenarios.
    """
    card = card_of(desk, key)
    with st.container(key="orderbar", horizontal=True, vertical_alignment="center"):
        sort = st.segmented_control(
            words.sort_by, list(SORTS), default="rating", key="sort",
            format_func=SORT_WORDS.__getitem__, label_visibility="collapsed",
        )  # fmt: skip
        beside = compared_with(desk, card, cards)
    if beside is not None:
        comparison(desk, card, beside)
        return
    indication = st.query_params.get("q", "").strip()
    read = referral_of(indication, state.parts())
    shown = flat_rows(table(desk, *key, state.labels(), words, read))
    st.html(
        scenario_head(card, words, indication, cautions(desk, key, read))
        + rows_html(
            shown, sort or "rating",
            lambda row: order_text(desk, *key, row.name, indication), words,
        )
    )  # fmt: skip


def compared_with(
    desk: ScenarioDesk, card: ScenarioCard, cards: tuple[ScenarioCard, ...]
) -> ScenarioCard | None:
    """The scenario that stands beside: another one found, or another one of the topic."""
    topic = next((one for one in entries_of(desk) if one.title == card.topic), None)
    others = {one.key: one for one in (*cards, *(topic.scenarios if topic else ()))}
    others.pop(card.key, None)
    names = {
        key_text(key): f"{one.topic}, {one.variant_no}: {one.scenario}"
        for key, one in others.items()
    }
    chosen = st.selectbox(
        words.compare_with, list(names), index=None, placeholder=words.compare_with,
        key=f"with {card.key}", format_func=names.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    found = key_in(chosen) if chosen else None
    return others.get(found) if found else None


def comparison(desk: ScenarioDesk, card: ScenarioCard, beside: ScenarioCard) -> None:
    only = st.toggle(words.only_differences, key="onlydifferences")
    found = compare(desk, card.key, beside.key)
    left, right = (f"{one.topic}, {one.variant_no}" for one in (card, beside))
    st.html(scenario_head(card, words)
            + f'<p class="rc-columntitle">{icon("compare_arrows")} {escape(words.comparing)}</p>'
            + comparison_html(found, left, right, only, words))  # fmt: skip


st.html(f'<h1 class="rc-sr">{escape(words.order_title)}</h1>')
search_box()
guarded(page)
