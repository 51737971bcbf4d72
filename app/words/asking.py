"""Words of asking and of the answer, in English and Korean."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class AskingWords:
    """What stands around a question, its answer and its evidence."""

    question: str = "Question"
    placeholder: str = "Findings or a question, e.g. new 5 mm solid nodule on annual screening CT"
    ask: str = "Ask"
    stop: str = "Stop"
    example_questions: tuple[tuple[str, tuple[str, ...]], ...] = (
        (
            "Grade a finding",
            (
                "9 mm solid nodule on a baseline screening CT",
                "new 5 mm solid nodule on annual screening",
                "8 mm solid nodule",
            ),
        ),
        (
            "Check an order",
            (
                "first test for suspected kidney stone in pregnancy?",
                "low back pain for 3 days, no red flags",
            ),
        ),
        (
            "Look up a rule",
            (
                "What counts as growth in Lung-RADS?",
                "How long until the next CT after category 4A?",
                "What is Lung-RADS 6?",
            ),
        ),
    )
    checking: str = "Checking the guidelines ..."
    checking_n: str = "Checking statement {n} ..."
    slow: str = "Still working: {s} s. The model is slower than usual; you can stop it."
    stopped: str = "Stopped"
    stopped_text: str = "This question was not answered. Ask it again, or change it."
    ask_again: str = "Ask again"
    empty_title: str = "Ask a guideline question"
    empty_text: str = (
        "Type a finding as in the report, a patient as on the request, or a question; Enter asks. "
        "Every statement comes with the sentence or table row it rests on."
    )
    on_the_shelf: str = "On the shelf"

    # where the question went
    read_as: str = "Read as"
    routes: dict[str, str] = field(
        default_factory=lambda: {
            "category": "Category",
            "appropriateness": "Appropriateness",
            "guideline_text": "Guideline text",
        }
    )
    read_as_hint: str = "Choose another way to read the question"
    limited_to: str = "Only from"
    all_guidelines: str = "All guidelines"
    follows: str = "Taken over from the question before"
    follows_question: str = "After: {question}"
    ask_alone: str = "Ask without it"

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
    open_page: str = "Open page {n}"
    open_document: str = "Open the document"
    page_picture: str = "Page {n} of {document}, the cited lines marked"
    row: str = "table row"
    one_source: str = "rests on one source"
    existing: str = "Categories that exist"
    what_is: str = "What is {system} {label}?"
    unit_prompt: str = "{label} in {unit}"
    add_detail: str = "Add to the question"
    carried_over: str = "Taken over from the question before: {items}"
    correct_in_grade: str = "Correct in Grade"

    # what can be done with it
    copy_report: str = "Copy for the report"
    copy_references: str = "Copy with references"
    copy_link: str = "Copy link"
    print: str = "Print"
    copied: str = "Copied"
    helpful: str = "Helpful"
    not_helpful: str = "Not helpful"
    what_was_wrong: str = "What was wrong?"
    reasons: dict[str, str] = field(
        default_factory=lambda: {
            "wrong": "Wrong",
            "missing": "Something is missing",
            "source": "Source does not fit",
            "misread": "Question misread",
            "unclear": "Unclear",
        }
    )
    comment_short: str = "Comment"
    comment: str = "Say more (no patient data)"
    keep: str = "Keep"
    kept: str = "Kept on this machine. Thank you."

    # how it was answered
    mode_evidence: str = "No model connected: guideline sentences shown as they are"
    mode_unworded: str = "No model used: guideline sentences shown as they are"
    mode_none_passed: str = "No sentence of {model} passed the checks ({counted}): guideline sentences shown as they are"
    mode_nothing_usable: str = (
        "{model} gave no sentence that could be used: guideline sentences shown as they are"
    )
    mode_llm: str = "Worded by {model}, every statement checked against its evidence"
    mode_short_evidence: str = "Evidence mode"
    mode_short_llm: str = "Model {model}"
    took_ms: str = "{ms:.0f}\u00a0ms"
    took_s: str = "{s:.1f}\u00a0s"
    index: str = "Index {fingerprint}"
    index_none: str = "No passage index"
    index_hint: str = "Category questions are answered; for all others run: radcite ingest"
    failed: str = "The question could not be answered"
    failed_hint: str = "radcite doctor shows what is missing and the command that mends it."

    def took(self, ms: float) -> str:
        """How long something took, in the unit that fits."""
        return self.took_s.format(s=ms / 1000) if ms >= 1000 else self.took_ms.format(ms=ms)


ASKING_KO = AskingWords(
    question="질문",
    placeholder="소견이나 질문, 예: 선별 CT에서 새로 생긴 5 mm 고형 결절",
    ask="질문하기",
    stop="멈추기",
    example_questions=(
        (
            "소견 판정",
            (
                "9 mm 고형 결절, 기저 선별 CT",
                "추적 선별 CT에서 새로 생긴 5 mm 고형 결절",
                "8 mm 고형 결절",
            ),
        ),
        ("검사 처방 확인", ("임신부 요로결석 의심, 첫 검사는?", "급성 요통, 위험 신호 없음")),
        (
            "지침 찾아보기",
            ("Lung-RADS에서 성장의 기준은?", "범주 4A 다음 CT는 언제?", "Lung-RADS 6은?"),
        ),
    ),
    checking="지침을 확인하는 중 ...",
    checking_n="{n}번째 문장을 확인하는 중 ...",
    slow="{s}초째 확인하고 있습니다. 모델이 평소보다 느립니다. 멈출 수 있습니다.",
    stopped="멈춤",
    stopped_text="이 질문에는 답하지 않았습니다. 다시 묻거나 질문을 고치십시오.",
    ask_again="다시 질문하기",
    empty_title="지침에 대해 질문하십시오",
    empty_text=(
        "판독문에 적는 대로 소견을, 의뢰서에 적는 대로 환자를, 또는 질문을 쓰고 Enter를 누르십시오. "
        "모든 문장에는 근거가 되는 지침의 문장이나 표의 행이 함께 나옵니다."
    ),
    on_the_shelf="수록된 지침",
    read_as="질문 유형",
    routes={
        "category": "범주 판정",
        "appropriateness": "검사 적정성",
        "guideline_text": "지침 본문",
    },
    read_as_hint="질문을 다른 유형으로 읽기",
    limited_to="지침 한정",
    all_guidelines="모든 지침",
    follows="앞 질문에서 가져온 내용",
    follows_question="앞 질문: {question}",
    ask_alone="빼고 질문하기",
    eyebrow_answer="답",
    eyebrow_category="판정표에 따름",
    eyebrow_text="지침 본문에 따름",
    eyebrow_disputed="출처마다 다름",
    eyebrow_details="정보가 하나 더 필요함",
    eyebrow_not_covered="표에 없음",
    refusal_eyebrow={
        "nonexistent": "없는 범주",
        "not_covered": "지침에서 다루지 않음",
        "off_topic": "영상의학 지침 밖의 질문",
        "unsafe": "답하지 않음",
        "instructions": "질문이 아님",
    },
    disputed="{system}: 출처마다 다름, {labels}",
    either="또는",
    still_possible="남은 가능성",
    depends="{system}: {labels}에 따라 달라짐",
    no_row="{system}: 해당하는 행이 없음",
    read_from_text="글에서 읽은 내용",
    missing="{label}?",
    missing_title="글에 없는 내용",
    basis="출처",
    current="현행",
    superseded="이전 판",
    superseded_by="{guideline}(으)로 대체됨",
    partly="일부만 뒷받침됨",
    supported="뒷받침됨",
    withheld_one="보류된 문장 1개",
    withheld_many="보류된 문장 {n}개",
    evidence="근거",
    nearest="가장 가까운 근거",
    evidence_n="근거 {n}",
    page="{n}쪽",
    page_line="{n}쪽 {line}행",
    source="출처 보기",
    in_guideline="지침에서 보기",
    open_page="{n}쪽 열기",
    open_document="문서 열기",
    page_picture="{document} {n}쪽, 인용한 줄 표시",
    row="표의 행",
    one_source="출처가 하나뿐임",
    existing="실제로 있는 범주",
    what_is="{system} {label}은(는)?",
    unit_prompt="{label} ({unit})",
    add_detail="질문에 추가",
    carried_over="앞 질문에서 가져온 내용: {items}",
    correct_in_grade="판정 화면에서 고치기",
    copy_report="판독문용 복사",
    copy_references="참고문헌과 함께 복사",
    copy_link="링크 복사",
    print="인쇄",
    copied="복사됨",
    helpful="도움이 됨",
    not_helpful="도움이 안 됨",
    what_was_wrong="무엇이 문제였습니까?",
    reasons={
        "wrong": "틀림",
        "missing": "빠진 내용이 있음",
        "source": "출처가 맞지 않음",
        "misread": "질문을 잘못 읽음",
        "unclear": "이해하기 어려움",
    },
    comment_short="덧붙인 말",
    comment="덧붙일 말 (환자 정보는 쓰지 마십시오)",
    keep="남기기",
    kept="이 컴퓨터에 저장했습니다. 고맙습니다.",
    mode_evidence="연결된 모델 없음: 지침의 문장을 그대로 보여 줌",
    mode_unworded="모델을 쓰지 않음: 지침의 문장을 그대로 보여 줌",
    mode_none_passed="{model}의 문장이 검사를 통과하지 못함({counted}): 지침의 문장을 그대로 보여 줌",
    mode_nothing_usable="{model}에서 쓸 수 있는 문장이 나오지 않음: 지침의 문장을 그대로 보여 줌",
    mode_llm="{model}이(가) 작성, 모든 문장을 근거와 대조함",
    mode_short_evidence="근거 모드",
    mode_short_llm="모델 {model}",
    took_ms="{ms:.0f}\u00a0ms",
    took_s="{s:.1f}\u00a0초",
    index="색인 {fingerprint}",
    index_none="색인 없음",
    index_hint="범주 질문에는 답합니다. 다른 질문에 답하려면 실행하십시오: radcite ingest",
    failed="질문에 답하지 못했습니다",
    failed_hint="radcite doctor를 실행하면 무엇이 빠졌는지, 어떤 명령으로 고치는지 알려 줍니다.",
)
