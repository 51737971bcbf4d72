"""Words around every page, of Quality, Settings, sign-in and the audit log, in English and Korean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PeopleWords:
    """Navigation, disclaimer, quality, settings, people, the log, and what is said when lost."""

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
    page_ask: str = "Ask"
    page_grade: str = "Grade"
    page_appropriateness: str = "Appropriateness"
    page_guidelines: str = "Guidelines"
    page_quality: str = "Quality"
    page_settings: str = "Settings"

    # quality
    quality_title: str = "Quality"
    answering_now: str = "Answering now"
    model_and_index: str = "Model and index"
    evaluations: str = "Evaluations"
    suite: str = "Suite"
    no_evaluations: str = "No evaluation has been run yet. It is started with: radcite eval run"
    drift: str = "Drift"
    no_drift: str = "No history yet. It is kept by: radcite eval watch"
    drift_steady: str = "All scores lie within their limits."
    drift_out: str = "Outside its limits: {scores}"
    cause: str = "Changed before it: {cause}"
    report_page: str = "Report of the newest evaluation"
    worst_cases: str = "Worst cases"
    expected: str = "Expected"
    answered: str = "Answered"
    score: str = "Score"
    when: str = "When"
    unscored_n: str = "{n} not scored"
    withheld_title: str = "Withheld statements"
    withheld_none: str = "Nothing was withheld in the kept log."
    withheld_count: str = "{n} statements withheld in {m} answers"
    reason: str = "Reason"
    statement: str = "Statement"
    feedback: str = "Feedback"
    feedback_none: str = "No feedback yet. Readers give it below an answer."
    feedback_count: str = "{n} of {m} found helpful"
    export: str = "Export"
    export_csv: str = "Export as CSV"
    export_jsonl: str = "Export as JSON lines"
    open_report: str = "Open report"
    more_n: str = "{n} more"
    value: str = "Value"
    limits: str = "Limits"
    chart_says: str = "{title}: {value} at {when}, limits {lower} to {upper}"

    # settings
    answering: str = "Answering"
    mode: str = "Mode"
    endpoint: str = "Model endpoint"
    asked_of_endpoint: str = "the endpoint's own model"
    no_endpoint: str = "none set: RADCITE_LLM_URL connects one"
    endpoint_check: str = "Check the connection"
    endpoint_answers: str = "{model} answers."
    endpoint_silent: str = "The endpoint does not answer: {reason}"
    index_title: str = "Passage index"
    embedding: str = "Embedding model"
    fingerprint: str = "Fingerprint"
    passages: str = "Passages"
    built: str = "Built"
    just_now: str = "just now"
    days_ago: str = "{n} days ago"
    hours_ago: str = "{n} hours ago"
    minutes_ago: str = "{n} minutes ago"
    folder: str = "Folder"
    theme: str = "Theme"
    dark: str = "Dark"
    light: str = "Light"
    system: str = "As the system"
    language: str = "Language"
    language_note: str = "Questions may be asked in either language, whichever the page is in."
    text_size: str = "Text size"
    small: str = "Small"
    normal: str = "Normal"
    large: str = "Large"
    kept_in_browser: str = "Kept in this browser."
    privacy: str = "Privacy"
    privacy_note: str = (
        "No usage data is sent anywhere. Questions go to the language model's endpoint if one is "
        "set, and nowhere else."
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

    # people
    people: str = "People"
    signed_in: str = "Signed in as"
    role: str = "Role"
    role_reader: str = "reader"
    role_librarian: str = "librarian"
    sign_in: str = "Sign in"
    sign_out: str = "Sign out"
    sign_in_title: str = "Sign in to radcite"
    sign_in_text: str = "Your hospital's sign-in page opens. radcite keeps your name beside what you ask, and no password."
    no_provider: str = (
        "No sign-in is set up, so radcite is open on this machine only (loopback address). "
        "README, Sign-in, says how to connect your identity provider."
    )
    local_user: str = "user of this machine"

    # audit
    audit: str = "Audit log"
    audit_note: str = "Who asked what when, and which evidence and model answered. Identifiers are masked. It stays on this machine."
    audit_kept: str = "Kept for"
    days_n: str = "{n} days"
    audit_off: str = "not kept (RADCITE_AUDIT_DAYS=0)"
    entries: str = "Entries"
    audit_export: str = "Export the log"
    only_for_librarians: str = "Librarians can export it."

    # when something is wrong
    offline: str = "Connection to radcite lost. Trying again ..."
    page_failed: str = "This page could not be shown"
    page_fault: str = "radcite made a mistake here, and it is written in its log."
    page_fault_hint: str = "Load the page again. If it stays, tell whoever runs radcite."
    loading: str = "Loading ..."


PEOPLE_KO = PeopleWords(
    product="radcite",
    disclaimer="판을 밝힌 읽기 보조 도구이며 지침 자체나 의료기기가 아닙니다. 조치하기 전에 원문을 확인하십시오.",
    disclaimer_long=(
        "radcite는 발행된 지침을 다시 서술하고 각 문장의 출처를 보여 줍니다. 지침, 판독, 임상 판단을 "
        "대신하지 않으며 의료기기가 아닙니다. 지침은 수록된 뒤에도 바뀔 수 있습니다."
    ),
    page_ask="질문",
    page_grade="판정",
    page_appropriateness="검사 적정성",
    page_guidelines="지침",
    page_quality="품질",
    page_settings="설정",
    quality_title="품질",
    answering_now="현재 상태",
    model_and_index="모델과 색인",
    evaluations="평가",
    suite="문제 묶음",
    no_evaluations="아직 평가를 실행하지 않았습니다. 시작 명령: radcite eval run",
    drift="변화 추이",
    no_drift="아직 기록이 없습니다. 기록 명령: radcite eval watch",
    drift_steady="모든 점수가 한계 안에 있습니다.",
    drift_out="한계를 벗어남: {scores}",
    cause="그전에 바뀐 것: {cause}",
    report_page="최근 평가 보고서",
    worst_cases="가장 나쁜 사례",
    expected="기대한 답",
    answered="나온 답",
    score="점수",
    when="시각",
    unscored_n="채점 못 함 {n}",
    withheld_title="보류된 문장",
    withheld_none="보관된 기록에 보류된 문장이 없습니다.",
    withheld_count="답 {m}개에서 문장 {n}개를 보류함",
    reason="이유",
    statement="문장",
    feedback="의견",
    feedback_none="아직 의견이 없습니다. 답 아래에서 남길 수 있습니다.",
    feedback_count="{m}건 중 {n}건이 도움이 됨",
    export="내보내기",
    export_csv="CSV로 내보내기",
    export_jsonl="JSON lines로 내보내기",
    open_report="보고서 열기",
    more_n="{n}개 더",
    value="값",
    limits="한계",
    chart_says="{title}: {when}에 {value}, 한계 {lower}~{upper}",
    answering="답하는 방식",
    mode="방식",
    endpoint="모델 주소",
    asked_of_endpoint="주소에서 제공하는 모델",
    no_endpoint="설정되지 않음: RADCITE_LLM_URL로 연결합니다",
    endpoint_check="연결 확인",
    endpoint_answers="{model} 모델이 응답합니다.",
    endpoint_silent="모델이 응답하지 않습니다: {reason}",
    index_title="단락 색인",
    embedding="임베딩 모델",
    fingerprint="지문",
    passages="단락",
    built="만든 때",
    just_now="방금",
    days_ago="{n}일 전",
    hours_ago="{n}시간 전",
    minutes_ago="{n}분 전",
    folder="폴더",
    theme="화면 밝기",
    dark="어둡게",
    light="밝게",
    system="시스템 설정대로",
    language="언어",
    language_note="화면 언어와 관계없이 두 언어 모두로 질문할 수 있습니다.",
    text_size="글자 크기",
    small="작게",
    normal="보통",
    large="크게",
    kept_in_browser="이 브라우저에 저장됩니다.",
    privacy="개인정보",
    privacy_note=(
        "사용 정보를 어디에도 보내지 않습니다. 질문은 언어 모델 주소가 설정된 경우 그곳으로만 전달됩니다."
    ),
    about="정보",
    version="버전",
    shortcuts="단축키",
    shortcut_list=(
        ("/", "질문 칸으로 가기"),
        ("Enter", "질문하기"),
        ("위, 아래 화살표", "근거를 차례로 보기"),
        ("Esc", "근거 놓기, 칸에서 나오기"),
    ),
    people="사용자",
    signed_in="로그인한 사람",
    role="역할",
    role_reader="열람자",
    role_librarian="자료 관리자",
    sign_in="로그인",
    sign_out="로그아웃",
    sign_in_title="radcite에 로그인",
    sign_in_text="병원의 로그인 화면이 열립니다. radcite는 질문과 함께 이름을 기록하며 비밀번호는 저장하지 않습니다.",
    no_provider=(
        "로그인이 설정되지 않아 이 컴퓨터에서만(루프백 주소) 열 수 있습니다. "
        "README의 Sign-in에 병원 인증 서버를 연결하는 방법이 있습니다."
    ),
    local_user="이 컴퓨터의 사용자",
    audit="감사 기록",
    audit_note="누가 언제 무엇을 물었고 어떤 근거와 모델이 답했는지 기록합니다. 식별 정보는 가려지며 이 컴퓨터에만 남습니다.",
    audit_kept="보관 기간",
    days_n="{n}일",
    audit_off="보관하지 않음 (RADCITE_AUDIT_DAYS=0)",
    entries="기록 수",
    audit_export="기록 내보내기",
    only_for_librarians="자료 관리자가 내보낼 수 있습니다.",
    offline="radcite와 연결이 끊겼습니다. 다시 연결하는 중 ...",
    page_failed="이 화면을 열지 못했습니다",
    page_fault="radcite에 오류가 생겼습니다. 오류는 기록에 남았습니다.",
    page_fault_hint="화면을 다시 불러오십시오. 계속되면 radcite 담당자에게 알리십시오.",
    loading="불러오는 중 ...",
)
