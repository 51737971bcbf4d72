"""Every sentence that radcite itself says, in English as it is composed and in Korean.

A slot is written ``{name}``: what stands there goes over as it is. ``{name:said}`` is said in Korean
by the same catalogue, ``{name:term}`` with the Korean of its terms beside it. A sentence that no
entry fits stays in English, so that a new sentence is never lost, only not yet translated.
"""

from __future__ import annotations

Entry = tuple[str, str]

DECISIONS: tuple[Entry, ...] = (
    (
        "{edition}: category {labels:either}, depending first on {what:said}.",
        "{edition}: 범주 {labels:either}. 먼저 다음에 달려 있습니다: {what:said}.",
    ),
    ("{edition}: category {labels:either}, by {what:said}.", "{edition}: 범주 {labels:either}. 다음에 달려 있습니다: {what:said}."),
    ("{edition}: what follows depends on {what:said}.", "{edition}: 조치는 다음에 달려 있습니다: {what:said}."),
    (
        "Category {stated} as stated is the reader's assessment, which decides in {title}; the words alone give category {category}.",
        "보고된 범주 {stated}은 판독자의 판정이며 {title}에서는 그것이 결정합니다. 기술된 말만으로는 범주 {category}입니다.",
    ),
    ("Either way: {management:said}.", "어느 쪽이든: {management:said}."),
    ("Category {labels:either}: {management:said}.", "범주 {labels:either}: {management:said}."),
    ("So far {points} points: {more}.", "지금까지 {points}점(points so far): {more}."),
    ("So far {points} point: {more}.", "지금까지 {points}점(points so far): {more}."),
    (
        "{edition} leaves this case open and sources read it differently: {labels}. radcite does not choose between them.",
        "{edition}은 이 경우를 정하지 않았고 출처마다 다르게 읽습니다: {labels}. radcite는 둘 중 하나를 고르지 않습니다.",
    ),
    ("One reading: {label} ({basis}): {management:said}.", "한 가지 해석: {label} ({basis:term}): {management:said}."),
    ("One reading: {label} ({basis}).", "한 가지 해석: {label} ({basis:term})."),
    ("One reading: {label}: {management:said}.", "한 가지 해석: {label}: {management:said}."),
    ("More is needed.", "정보가 더 필요합니다."),
    ("Which system do you mean: {names}?", "어느 체계를 말합니까: {names}?"),
    ("no row covers this", "이 경우를 다루는 행이 없습니다"),
    ("{name} as stated cannot be checked: no row covers this case.", "보고된 {name}은 확인할 수 없습니다. 이 경우를 다루는 행이 없습니다."),
    ("{name}, as stated: {management:said}.", "보고된 대로 {name}입니다: {management:said}."),
    ("{name}, as stated.", "보고된 대로 {name}입니다."),
    (
        "{name}, not {stated} as stated: {why:said}. Sources differ on a statement that this row rests on, so the report may follow another.",
        "보고된 {stated}이 아니라 {name}입니다: {why:said}. 이 행의 근거에 대해 출처가 서로 달라 보고서가 다른 출처를 따랐을 수 있습니다.",
    ),
    ("{name}, not {stated} as stated: {why:said}.", "보고된 {stated}이 아니라 {name}입니다: {why:said}."),
    ("No appropriateness tables are on the shelf.", "적절성 표가 없습니다."),
    (
        "No finding that a table grades was read from this question. Describe the finding as in a report: what it is, its size, and whether it is new.",
        "표로 등급을 매길 소견을 읽지 못했습니다. 판독문처럼 무엇이며 크기가 얼마이고 새로 생긴 것인지 적어 주십시오.",
    ),
    ("more than one descriptor would have to differ", "둘 이상의 소견이 달라야 합니다"),
    (
        "category {stated} would need {what}, which is not described",
        "범주 {stated}이려면 기술되지 않은 다음 소견이 필요합니다: {what:term}",
    ),
    (
        "the {descriptor} makes the difference; all else as described, category {stated} is for {what}",
        "차이는 다음 소견에서 옵니다: {descriptor:term}. 나머지가 같을 때 범주 {stated}의 조건은 {what:term}",
    ),
    (
        "one descriptor makes the difference; all else as described, category {stated} is for {what}",
        "한 가지 소견이 차이를 만듭니다. 나머지가 같을 때 범주 {stated}의 조건은 {what:term}",
    ),
    (
        "Whether {name} agrees with the table cannot be decided from what is described.",
        "기술된 내용만으로는 {name}이 표와 맞는지 정할 수 없습니다.",
    ),
    (
        "Whether {name} agrees with the table cannot be decided yet; possible with what is described: {labels}, so category {stated} is still possible.",
        "{name}이 표와 맞는지 아직 정할 수 없습니다. 기술된 내용으로 가능한 범주: {labels}. 범주 {stated}도 가능합니다.",
    ),
    (
        "Whether {name} agrees with the table cannot be decided yet; possible with what is described: {labels}, so category {stated} is not among them.",
        "{name}이 표와 맞는지 아직 정할 수 없습니다. 기술된 내용으로 가능한 범주: {labels}. 범주 {stated}는 그 안에 없습니다.",
    ),
    (
        "{one} applies: this is a screening examination, and {other} is for incidental nodules.",
        "{one}을 적용합니다. 이 검사는 검진이고 {other}은 우연히 발견된 결절에 쓰입니다.",
    ),
    (
        "{one} applies: the nodule is incidental, and {other} is for screening examinations.",
        "{one}을 적용합니다. 우연히 발견된 결절이고 {other}은 검진 검사에 쓰입니다.",
    ),
    (
        "{one} applies if this is a screening examination, {other} if the nodule is incidental on CT done for another reason; the text does not say which.",
        "검진 검사이면 {one}, 다른 이유로 찍은 CT에서 우연히 발견된 결절이면 {other}을 적용합니다. 질문에는 어느 쪽인지 나와 있지 않습니다.",
    ),
    (
        '"{one}" and "{other}" contradict each other; neither is taken as so.',
        "“{one}”과 “{other}”은 서로 모순되어 어느 쪽도 받아들이지 않았습니다.",
    ),
    (
        '"{words}" is said as a suspicion or a question; it is not taken as so.',
        "“{words}”는 의심이나 질문으로 쓰여 사실로 받아들이지 않았습니다.",
    ),
    (
        "{edition} has no category {label}. Its categories are {labels}. {modifier} is a modifier, not a category.",
        "{edition}에는 {label} 범주가 없습니다. 있는 범주는 {labels}입니다. {modifier}는 범주가 아니라 수식자입니다.",
    ),
    ("{edition} has no category {label}. Its categories are {labels}.", "{edition}에는 {label} 범주가 없습니다. 있는 범주는 {labels}입니다."),
    ("The shelf holds no edition {named}. It holds {held}.", "{named} 판은 갖고 있지 않습니다. 갖고 있는 판: {held}."),
)  # fmt: skip

APPROPRIATENESS: tuple[Entry, ...] = (
    ("No study is usually appropriate here.", "이 경우 대체로 적절한 검사는 없습니다."),
    ("Usually appropriate: {rows}.", "대체로 적절함(usually appropriate): {rows:noted}."),
    ("May be appropriate: {rows}.", "적절할 수 있음(may be appropriate): {rows:noted}."),
    ("May be appropriate (disagreement): {rows}.", "적절할 수 있음, 의견 불일치(may be appropriate, disagreement): {rows:noted}."),
    ("Usually not appropriate: {rows}.", "대체로 적절하지 않음(usually not appropriate): {rows:noted}."),
    ("The table of this scenario does not rate {order}.", "이 시나리오의 표에는 {order}의 평가가 없습니다."),
    ("{row} is usually appropriate here, rated {n}.", "{row}: 여기서는 대체로 적절함(usually appropriate), {n}점."),
    ("{row} is may be appropriate here, rated {n}.", "{row}: 여기서는 적절할 수 있음(may be appropriate), {n}점."),
    ("{row} may be appropriate here, rated {n}.", "{row}: 여기서는 적절할 수 있음(may be appropriate), {n}점."),
    ("{row} is may be appropriate (disagreement) here, rated {n}.", "{row}: 여기서는 적절할 수 있음, 의견 불일치(may be appropriate, disagreement), {n}점."),
    ("{row} is usually not appropriate here, rated {n}.", "{row}: 여기서는 대체로 적절하지 않음(usually not appropriate), {n}점."),
    ("{row} is usually appropriate here.", "{row}: 여기서는 대체로 적절함(usually appropriate)."),
    ("{row} is usually not appropriate here.", "{row}: 여기서는 대체로 적절하지 않음(usually not appropriate)."),
    ("Nothing is rated higher than {row}.", "{row}보다 높은 점수의 검사는 없습니다."),
    ("Rated higher: {rows}.", "더 높은 점수의 검사: {rows:noted}."),
    ("The table rates no study usually not appropriate.", "표에 대체로 적절하지 않은 검사는 없습니다."),
    ("Not to order, usually: {rows}.", "대체로 처방하지 않을 검사: {rows:noted}."),
    ("{topic}, scenario {n}: {text}", "{topic}, 시나리오 {n}: {text:term}"),
    (
        "Two scenarios of {topic} fit equally well; they differ in one fact.",
        "{topic}의 두 시나리오가 똑같이 맞으며 한 가지만 다릅니다.",
    ),
    (
        "Several scenarios fit; the referral does not say which.",
        "여러 시나리오가 맞으며 의뢰 내용만으로는 어느 것인지 알 수 없습니다.",
    ),
    ("Which of these describes the patient?", "환자는 다음 중 어느 경우입니까?"),
    ("Left out: {topic}, scenario {n} ({why}).", "제외: {topic}, 시나리오 {n} ({why:said})."),
    ("is for another age", "다른 나이를 위한 것"),
    ("is for the other sex", "다른 성별을 위한 것"),
    ("differs in pregnancy", "임신 여부가 다름"),
    (
        "No scenario of the ACR Appropriateness Criteria on this shelf fits the question. The nearest topics are: {topics}.",
        "이 질문에 맞는 ACR Appropriateness Criteria 시나리오가 없습니다. 가장 가까운 주제: {topics}.",
    ),
    (
        "No scenario of the ACR Appropriateness Criteria on this shelf fits the question.",
        "이 질문에 맞는 ACR Appropriateness Criteria 시나리오가 없습니다.",
    ),
    ("No procedure of the vocabulary is {order}.", "{order}에 해당하는 검사가 용어집에 없습니다."),
    (
        "No scenario on the shelf fits this. The nearest topic, {topic}, is about another part of the body.",
        "여기에 맞는 시나리오가 없습니다. 가장 가까운 주제인 {topic}은 다른 신체 부위에 관한 것입니다.",
    ),
    ("Is the patient pregnant?", "환자가 임신 중입니까?"),
    ("How old is the patient?", "환자의 나이는 몇입니까?"),
    ("Is the patient female or male?", "환자가 여성입니까, 남성입니까?"),
    ("What did the earlier test show?", "이전 검사 결과는 어땠습니까?"),
    ("Is it acute or chronic?", "급성입니까, 만성입니까?"),
    ("What is the study for?", "무엇을 위한 검사입니까?"),
    ("pregnant", "임신"), ("not pregnant", "임신 아님"), ("female", "여성"), ("male", "남성"),
    ("acute", "급성"), ("subacute", "아급성"), ("chronic", "만성"),
    ("initial", "초기 평가"), ("next", "다음 검사"), ("follow-up", "추적"), ("staging", "병기 결정"), ("screening", "검진"),
    ("surveillance", "감시"), ("treatment planning", "치료 계획"), ("postoperative", "수술 후"),
    ("name", "이름"), ("record number", "등록번호"), ("date of birth", "생년월일"), ("phone number", "전화번호"),
    ("e-mail address", "전자우편 주소"), ("resident registration number", "주민등록번호"), ("social security number", "사회보장번호"),
    ("{what} is stated; it touches {rows}. {facts}", "{what:said} - 관련 행: {rows}. {facts:term}"),
    ("eGFR below 30", "eGFR 30 미만"), ("Dialysis", "투석"), ("A contrast reaction", "조영제 반응"), ("Metformin", "메트포르민"),
    (
        "Pregnancy is stated, but this scenario is not written for pregnancy: weigh the radiation of {rows}.",
        "임신이 언급되었지만 이 시나리오는 임신을 위한 것이 아닙니다. 다음 검사의 방사선을 고려하십시오: {rows}.",
    ),
)  # fmt: skip

NOTES: tuple[Entry, ...] = (
    ("contrast reaction stated", "조영제 반응 언급됨"), ("eGFR below 30 stated", "eGFR 30 미만 언급됨"),
    ("gadolinium contraindication stated", "가돌리늄 금기 언급됨"), ("MRI contraindication stated", "MRI 금기 언급됨"),
    ("dialysis stated", "투석 언급됨"), ("metformin stated", "메트포르민 언급됨"), ("pacemaker stated", "심박동기 언급됨"),
    ("pregnancy stated: radiation", "임신 언급됨: 방사선"),
)  # fmt: skip
"""What stands beside a row that the question touches."""

GENERAL: tuple[Entry, ...] = (
    (
        "This is outside the guidelines on the shelf; radcite answers from radiology guidelines only.",
        "갖고 있는 지침의 범위를 벗어난 질문입니다. radcite는 영상의학 지침에서만 답합니다.",
    ),
    (
        "No guideline on the shelf answers this. The nearest passages are shown; they do not answer the question.",
        "이 질문에 답하는 지침이 없습니다. 가장 가까운 구절을 보이지만 답은 아닙니다.",
    ),
    (
        "The question asks the program to change or reveal how it works. It answers from the guidelines it holds, with citations, and does nothing else.",
        "프로그램의 동작을 바꾸거나 드러내라는 요청입니다. 이 프로그램은 갖고 있는 지침에서 인용과 함께 답하며 다른 일은 하지 않습니다.",
    ),
    (
        "Instructions to the program in the question were not followed; only the rest was read.",
        "질문에 든 프로그램에 대한 지시는 따르지 않았고 나머지만 읽었습니다.",
    ),
    (
        "This says what guidelines hold for a finding in general. It cannot assess a person: the treating physician, who knows the images and the history, decides.",
        "일반적으로 지침이 말하는 내용이며 특정한 사람을 평가할 수 없습니다. 영상과 병력을 아는 담당 의사가 결정합니다.",
    ),
    (
        "This sounds like an emergency. Call the emergency number now; this program reads imaging guidelines and cannot help with acute symptoms.",
        "응급 상황으로 보입니다. 지금 바로 119에 전화하십시오. 이 프로그램은 영상 지침을 읽을 뿐 급성 증상을 도울 수 없습니다.",
    ),
    (
        "This asks for something that would deceive or harm patients; it is not answered.",
        "환자를 속이거나 해칠 수 있는 요청이므로 답하지 않습니다.",
    ),
    (
        "What dose of a drug to give, and when to stop, bridge or restart it around a procedure, is not in the guidelines held here. Ask the procedure's own guidance (for example SIR or ASRA), the pharmacy and the treating team.",
        "약의 용량과 시술 전후에 약을 언제 중단, 대체, 재개할지는 갖고 있는 지침에 없습니다. 시술의 지침(예: SIR, ASRA)과 약제부, 담당 의료진에게 확인하십시오.",
    ),
    (
        "Patient identifiers ({kinds}) were taken out of the question before it was read. Leave them out: guidelines do not need them.",
        "질문을 읽기 전에 환자 식별정보({kinds:said})를 지웠습니다. 지침에는 필요 없으니 넣지 마십시오.",
    ),
    ("{edition} is superseded by {new}.", "{edition}은 {new}으로 대체되었습니다."),
    ("Sources differ on evidence {n}. {note}", "근거 {n}에 대해 출처가 서로 다릅니다. {note:term}"),
    ("Sources differ on evidence {n}.", "근거 {n}에 대해 출처가 서로 다릅니다."),
    (
        "Weak match: this is the nearest sentence of your documents; it may not answer the question.",
        "약한 일치: 보유 문서에서 가장 가까운 문장입니다. 질문에 대한 답이 아닐 수 있습니다.",
    ),
    (
        "Evidence {n} rests on one source: check it against the guideline.",
        "근거 {n}은 한 출처에만 있습니다. 지침 원문과 대조하십시오.",
    ),
    (
        "The language model did not answer, so the guideline's own sentences are shown.",
        "언어 모델이 답하지 않아 지침의 문장을 그대로 보입니다.",
    ),
    (
        "The language model is busy with other questions, so the guideline's own sentences are shown.",
        "언어 모델이 다른 질문으로 바빠 지침의 문장을 그대로 보입니다.",
    ),
    (
        "The language model's output could not be used, so the guideline's own sentences are shown.",
        "언어 모델의 출력을 쓸 수 없어 지침의 문장을 그대로 보입니다.",
    ),
    (
        "No statement of the language model passed the checks, so the guideline's own sentences are shown.",
        "언어 모델의 문장이 하나도 검사를 통과하지 못해 지침의 문장을 그대로 보입니다.",
    ),
)  # fmt: skip

CATALOGUE: tuple[Entry, ...] = (*GENERAL, *DECISIONS, *APPROPRIATENESS)
