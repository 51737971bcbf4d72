"""Words of the Grade and Appropriateness pages, in English and Korean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GradingWords:
    """Forms, rows and systems side by side; scenarios, ratings and radiation."""

    # grade
    grade_title: str = "Grade a finding"
    grade_text: str = "Finding"
    grade_placeholder: str = (
        "As in the report: RUL 8 x 6 mm part-solid nodule, solid component 4 mm, new"
    )
    grade_read: str = "Read"
    systems: str = "Systems"
    systems_hint: str = "Choose one or more; they are decided side by side"
    words_read: str = "Words read"
    nothing_read: str = (
        "Nothing was read from this text. Fill in the form, or write the finding as in a report."
    )
    more_inputs: str = "More inputs"
    not_set: str = "not stated"
    from_text: str = "from the text"
    by_hand: str = "set by hand"
    reset_form: str = "Start again"
    decided_by: str = "Deciding row"
    rows_open: str = "rows still possible: {n}"
    whole_table: str = "Whole table"
    in_force: str = "in force"
    paste_ready: str = "For the report"
    still_needed: str = "Still needed: {labels}"
    choose_system: str = "Choose a system to begin."
    no_tables: str = "{guideline} is held here without decision tables."
    finding_n: str = "Finding {n}"
    several_findings: str = "{n} findings were read; each is graded by itself."
    history: str = "This sitting"
    keep_in_history: str = "Keep in the list"
    history_empty: str = "Kept grades stand here until the page is closed."
    differs: str = "differs"
    turning: str = "What would change it"
    unit_as: str = "{label} ({unit})"
    ask_for_proposals: str = "Let the model look for more in the text"
    no_proposals: str = "The model proposes nothing that was not read already."
    proposed: str = "The model reads {name}: {value}, from the words"
    proposed_against: str = "This is against what was read."
    take_proposal: str = "Take it"

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
    order_title: str = "Which test is appropriate"
    order_text: str = "Patient and question"
    order_placeholder: str = (
        "As on the request: 35-year-old, right flank pain, pregnant, stone suspected"
    )
    order_search: str = "Find scenarios"
    order_intro: str = "Describe the patient as on the request, or choose a topic below."
    topics: str = "Topics"
    topics_n: str = "{n} topics, {m} scenarios"
    filter_panel: str = "Panel"
    filter_region: str = "Region"
    filter_text: str = "Words in the topic"
    any_panel: str = "All panels"
    any_region: str = "All regions"
    scenarios: str = "Scenarios"
    scenarios_n: str = "{n} scenarios"
    open_table: str = "Open the table"
    first_choice: str = "Rated highest: {names}"
    first_weighed: str = "First, by what you wrote: {names}"
    none_usually: str = "No study is usually appropriate here"
    compare: str = "Compare"
    compare_with: str = "Compare with"
    compare_none: str = "Nothing to compare with"
    comparing: str = "Two scenarios side by side"
    close_comparison: str = "Close the comparison"
    copy_order: str = "Copy for the order"
    order_row: str = "Order"
    back_to_search: str = "Back to the scenarios"
    not_in_topics: str = "No scenario on the shelf fits this description."
    nearest_topics: str = "Nearest topics: {topics}"
    sort_by: str = "Sort by"
    by_rating: str = "Rating"
    by_name: str = "Name"
    by_dose: str = "Radiation"
    category: str = "Category"
    only_differences: str = "Only rows that differ"
    no_topics: str = "No appropriateness topics are on the shelf."
    read_words: str = "Read from your text"


GRADING_KO = GradingWords(
    grade_title="소견의 범주 판정",
    grade_text="소견",
    grade_placeholder="판독문에 쓰는 대로: RUL 8 x 6 mm 부분고형 결절, 고형 성분 4 mm, 새로 발생",
    grade_read="읽기",
    systems="분류 체계",
    systems_hint="하나 이상 고르면 나란히 판정합니다",
    words_read="읽은 말",
    nothing_read="이 글에서 읽은 내용이 없습니다. 아래 양식을 채우거나 판독문처럼 소견을 쓰십시오.",
    more_inputs="나머지 항목",
    not_set="기재 없음",
    from_text="글에서 읽음",
    by_hand="직접 입력",
    reset_form="처음부터",
    decided_by="판정한 행",
    rows_open="아직 가능한 행 {n}개",
    whole_table="표 전체",
    in_force="해당 행",
    paste_ready="판독문 문장",
    still_needed="더 필요한 항목: {labels}",
    choose_system="분류 체계를 고르십시오.",
    no_tables="{guideline}에는 판정표가 수록되어 있지 않습니다.",
    finding_n="소견 {n}",
    several_findings="소견 {n}개를 읽었습니다. 각각 따로 판정합니다.",
    history="이번 작업",
    keep_in_history="목록에 남기기",
    history_empty="남긴 판정은 이 화면을 닫을 때까지 여기에 있습니다.",
    differs="다름",
    turning="무엇이 바뀌면 달라지는가",
    unit_as="{label} ({unit})",
    ask_for_proposals="모델에게 글에서 더 찾게 하기",
    no_proposals="모델이 더 제안하는 것이 없습니다.",
    proposed="모델이 읽은 것 - {name}: {value}, 근거가 된 말",
    proposed_against="이미 읽은 것과 어긋납니다.",
    take_proposal="받아들이기",
    eyebrow_appropriateness="검사 적정성",
    scenario_n="시나리오 {n}: {text}",
    best_so_far="지금까지 가장 가까운 것",
    procedure="검사",
    rating="평점",
    rows_n="표의 행 {n}개",
    rated="9점 중 {n}점",
    adult="성인",
    child="소아",
    radiation="방사선량 {symbol}: {dose}",
    other_scenarios="비슷한 다른 시나리오",
    order_title="어떤 검사가 적절한가",
    order_text="환자와 검사 목적",
    order_placeholder="의뢰서에 쓰는 대로: 35세 임신부, 우측 옆구리 통증, 결석 의심",
    order_search="시나리오 찾기",
    order_intro="의뢰서에 쓰듯이 환자를 설명하거나 아래에서 주제를 고르십시오.",
    topics="주제",
    topics_n="주제 {n}개, 시나리오 {m}개",
    filter_panel="분과",
    filter_region="부위",
    filter_text="주제에 있는 말",
    any_panel="모든 분과",
    any_region="모든 부위",
    scenarios="시나리오",
    scenarios_n="시나리오 {n}개",
    open_table="표 열기",
    first_choice="평점이 가장 높은 검사: {names}",
    first_weighed="적으신 내용에 따라 먼저: {names}",
    none_usually="대체로 적절한 검사가 없음",
    compare="비교",
    compare_with="비교 대상",
    compare_none="비교할 것이 없음",
    comparing="두 시나리오 나란히 보기",
    close_comparison="비교 닫기",
    copy_order="처방용 복사",
    order_row="처방",
    back_to_search="시나리오 목록으로",
    not_in_topics="이 설명에 맞는 시나리오가 없습니다.",
    nearest_topics="가장 가까운 주제: {topics}",
    sort_by="정렬",
    by_rating="평점순",
    by_name="이름순",
    by_dose="방사선량순",
    category="범주",
    only_differences="다른 행만",
    no_topics="수록된 적정성 주제가 없습니다.",
    read_words="글에서 읽은 내용",
)
