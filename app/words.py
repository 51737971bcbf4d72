"""Every word of the interface, in one place; the defaults are the English ones.

A second language is another :class:`Words`. Numbers, units, category labels and what
guidelines say are data and never stand here.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """The strings of one interface language; ``{...}`` parts are filled by ``str.format``."""

    product: str = "radcite"
    disclaimer: str = (
        "A reading aid with its editions named, not the guideline and not a medical device: "
        "check the source before acting."
    )
    disclaimer_long: str = (
        "radcite restates published guidelines and shows where each statement comes from. It does "
        "not replace the guideline, the report or clinical judgement, it is not a medical device, "
        "and guidelines change after an edition is read in."
    )

    # navigation
    page_ask: str = "Ask"
    page_guidelines: str = "Guidelines"
    page_settings: str = "Settings"

    # asking
    question: str = "Question"
    placeholder: str = "Findings or a question, e.g. new 5 mm solid nodule on annual screening CT"
    ask: str = "Ask"
    examples: str = "Examples"
    example_questions: tuple[str, ...] = (
        "9 mm solid nodule on a baseline screening CT",
        "new 5 mm solid nodule on annual screening",
        "first test for suspected kidney stone in pregnancy?",
        "What counts as growth in Lung-RADS?",
        "How long until the next CT after category 4A?",
        "What is Lung-RADS 6?",
        "8 mm solid nodule",
    )
    checking: str = "Checking the guidelines ..."
    empty_title: str = "Ask a guideline question"
    empty_text: str = (
        "Describe a finding as it stands in the report to get its category, or ask what a "
        "guideline says. Every statement comes with the sentence or table row it rests on."
    )

    on_the_shelf: str = "On the shelf"

    # the answer
    eyebrow_answer: str = "Answer"
    eyebrow_category: str = "From the decision table"
    eyebrow_text: str = "From the guideline"
    eyebrow_disputed: str = "Sources differ"
    eyebrow_details: str = "One detail is missing"
    eyebrow_not_covered: str = "Not in the table"
    refusal_eyebrow: dict[str, str] = field(
        default_factory=lambda: {
            "nonexistent": "No such category",
            "not_covered": "Not covered",
            "off_topic": "Outside radiology guidelines",
            "unsafe": "Not answered",
            "instructions": "Not a question",
        }
    )
    disputed: str = "{system}: sources differ, {labels}"
    either: str = "or"
    still_possible: str = "Still possible"
    depends: str = "{system}: depends on {labels}"
    no_row: str = "{system}: no row covers this"
    read_from_text: str = "Read from your text"
    missing: str = "{label}?"
    missing_title: str = "Not in your text"
    basis: str = "Basis"
    current: str = "current"
    superseded: str = "superseded"
    superseded_by: str = "superseded by {guideline}"
    partly: str = "partly supported"
    supported: str = "supported"
    withheld_one: str = "1 statement withheld"
    withheld_many: str = "{n} statements withheld"
    evidence: str = "Evidence"
    nearest: str = "Nearest evidence"
    evidence_n: str = "Evidence {n}"
    page: str = "page {n}"
    page_line: str = "page {n}, line {line}"
    source: str = "Source"
    in_guideline: str = "In the guideline"
    row: str = "table row"
    one_source: str = "rests on one source"
    existing: str = "Categories that exist"
    what_is: str = "What is {system} {label}?"
    unit_prompt: str = "{label} in {unit}"
    add_detail: str = "Add to the question"
    carried_over: str = "Taken over from the question before: {items}"

    # appropriateness
    eyebrow_appropriateness: str = "Appropriateness"
    scenario_n: str = "Scenario {n}: {text}"
    best_so_far: str = "Best fit so far"
    procedure: str = "Procedure"
    rating: str = "Rating"
    rows_n: str = "{n} table rows"
    rated: str = "{n} of 9"
    adult: str = "Adult"
    child: str = "Child"
    radiation: str = "radiation {symbol}: {dose}"
    other_scenarios: str = "Other scenarios that come near"

    # actions
    copy_report: str = "Copy for the report"
    copy_references: str = "Copy with references"
    copy_link: str = "Copy link"
    print: str = "Print"
    copied: str = "Copied"

    # how it was answered
    mode_evidence: str = "No model connected: guideline sentences shown as they are"
    mode_llm: str = "Worded by {model}, every statement checked against its evidence"
    mode_short_evidence: str = "Evidence mode"
    mode_short_llm: str = "Model {model}"
    took_ms: str = "{ms:.0f}\u00a0ms"
    took_s: str = "{s:.1f}\u00a0s"
    index: str = "Index {fingerprint}"
    index_none: str = "No passage index"
    index_hint: str = "Category questions are answered; for all others run: radcite ingest"

    # guidelines
    guideline: str = "Guideline"
    contents: str = "Contents"
    categories: str = "Categories"
    category: str = "Category"
    name: str = "Name"
    management: str = "Management"
    table: str = "Decision table"
    tables: str = "Decision tables"
    outcome: str = "Outcome"
    impossible: str = "Contradiction"
    see_table: str = "see {title}"
    facts: str = "Statements"
    documents: str = "Documents of this department"
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

    # settings
    answering: str = "Answering"
    mode: str = "Mode"
    endpoint: str = "Endpoint"
    asked_of_endpoint: str = "the endpoint's own model"
    no_endpoint: str = "none set: RADCITE_LLM_URL connects one"
    index_title: str = "Passage index"
    embedding: str = "Embedding model"
    fingerprint: str = "Fingerprint"
    passages: str = "Passages"
    built: str = "Built"
    folder: str = "Folder"
    theme: str = "Theme"
    dark: str = "Dark"
    light: str = "Light"
    system: str = "As the system"
    language: str = "Language"
    language_note: str = "The interface is in English. Questions may be in English or Korean."
    privacy: str = "Privacy"
    privacy_note: str = (
        "The app listens on this machine only and sends no usage data. Questions go to the "
        "language model's endpoint if one is set, and nowhere else."
    )
    about: str = "About"
    version: str = "Version"
    shortcuts: str = "Keys"
    shortcut_list: tuple[tuple[str, str], ...] = (
        ("/", "go to the question"),
        ("Enter", "ask"),
        ("Arrow up, down", "walk the evidence"),
        ("Esc", "let go of the evidence, leave the box"),
    )

    # when something is wrong
    failed: str = "The question could not be answered"
    failed_hint: str = "radcite doctor shows what is missing and the command that mends it."

    def took(self, ms: float) -> str:
        """How long something took, in the unit that fits."""
        return self.took_s.format(s=ms / 1000) if ms >= 1000 else self.took_ms.format(ms=ms)


EN = Words()
