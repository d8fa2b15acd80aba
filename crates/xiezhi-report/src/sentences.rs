//! The sentences that the screen and the Markdown answer share.

use std::collections::BTreeMap;

use xiezhi_model::{Label, SourceKind};
use xiezhi_review::region::{Context, Legal};
use xiezhi_review::{Area, ItemState, Outcome, Phase, Review, Severity};

use crate::safe::visible;
use crate::words::{Lang, Phrase, phrases};

phrases! {
    NOT_SAFE: "NOT SAFE: {critical} critical and {high} high defects are proven", "不安全：已证实 {critical} 项严重、{high} 项高危缺陷";
    UNCLEAR: "CANNOT TELL: no critical or high defect is proven, but {undecided} of {checks} checks stay undecided", "无法判定：未证实严重或高危缺陷，但 {checks} 项检查中有 {undecided} 项无法判定";
    MINOR: "NO CRITICAL OR HIGH DEFECT in what was looked at; {other} lesser ones are proven", "在所查看的范围内未发现严重或高危缺陷；已证实 {other} 项较低级别的缺陷";
    CLEAN: "NO DEFECT FOUND in what was looked at", "在所查看的范围内未发现缺陷";
    NOTHING: "NOTHING WAS REVIEWED: there is no evidence to judge", "未做任何评审：没有可供判断的证据";
    NO_LIVE: "Live state was not queried in this run: the answer rests on the evidence that was handed over and on official documentation.", "本次未查询云上实时状态：结论依据所提供的证据和官方文档。";
    LIVE: "The account was read live and read-only in this run.", "本次以只读方式实时读取了账号。";
    LOOKED_AT: "Looked at: {resources} resources of {kinds} kinds; {accounts}; evidence: {evidence}.", "查看范围：{kinds} 类共 {resources} 个资源；{accounts}；证据：{evidence}。";
    NOT_READ: "Not read: {types}. This program does not know these types, and nothing here speaks of them.", "未读取：{types}。本程序不认识这些类型，所有结论均不涉及它们。";
    NOT_READ_MORE: "{n} more types", "另外 {n} 种";
    NO_EVIDENCE: "none", "无";
    ONE_ACCOUNT: "account {id}", "账号 {id}";
    MANY_ACCOUNTS: "{n} accounts", "{n} 个账号";
    NO_ACCOUNT: "the evidence names no account", "证据未注明账号";
    REGION_NONE: "Region context: no region is known, so no regulatory statement is made that depends on it.", "地域属性：证据未注明地域，因此不作依赖地域的合规判断。";
    REGION_MAINLAND: "Region context: CN-* ({mainland}): the Cybersecurity Law, MLPS 2.0, the Data Security Law and PIPL apply to operation there.", "地域属性：中国内地（{mainland}）：适用《网络安全法》、等保 2.0、《数据安全法》和《个人信息保护法》。";
    REGION_INTERNATIONAL: "Region context: international ({other}): local law applies; PIPL may still reach in by its article 3(2), which only the owner can tell.", "地域属性：境外（{other}）：适用当地法律；是否因《个人信息保护法》第三条第二款而适用，需由运营者说明。";
    REGION_MIXED: "Region context: CN-* ({mainland}) and outside the mainland ({other}): MLPS 2.0, DSL and PIPL apply in the former, and data that moves from there to the latter is an export.", "地域属性：同时涉及中国内地（{mainland}）和内地以外（{other}）：前者适用等保 2.0、《数据安全法》和《个人信息保护法》，数据由前者流向后者即属出境。";
    REGION_PRESUMED: "Presumed from the id only (inference): {presumed}.", "仅按标识推定（inference）：{presumed}。";
    FAIL: "fail", "不符合";
    PASS: "pass", "符合";
    UNKNOWN: "unknown", "无法判定";
    WAIVED: "waived", "已豁免";
    NOT_APPLICABLE: "not applicable", "不适用";
    MET: "met", "满足";
    NOT_MET: "not met", "不满足";
    CANNOT_TELL: "cannot tell", "无法判定";
    CRITICAL: "critical", "严重";
    HIGH: "high", "高危";
    MEDIUM: "medium", "中危";
    LOW: "low", "低危";
    INFO: "info", "提示";
    AREA_IDENTITY: "IAM and access control posture", "身份与访问控制";
    AREA_NETWORK: "Network security assessment", "网络安全评估";
    AREA_DATA: "Data protection and encryption", "数据保护与加密";
    AREA_DETECTION: "Threat detection coverage", "威胁检测覆盖";
    AREA_COMPLIANCE: "Regulatory compliance (MLPS / DSL / PIPL)", "监管合规（等保 / 数安法 / 个保法）";
    AREA_WEB: "Web application protection", "Web 应用防护";
    RECOMMENDATIONS: "Prioritised recommendations", "优先级建议";
    RISKS: "Open risks", "未决风险";
    KIND_API: "API answers", "API 返回";
    KIND_HCL: "Terraform configuration", "Terraform 配置";
    KIND_PLAN: "Terraform plan", "Terraform plan";
    KIND_STATE: "Terraform state", "Terraform state";
    KIND_ROS: "ROS templates", "ROS 模板";
    KIND_ATTEST: "attestations", "声明（attest.toml）";
    KIND_DOC: "official documentation", "官方文档";
    KIND_DERIVED: "analyses", "分析结论";
    PHASE_OBSERVE: "observe first: nothing depends on its absence", "先观测：开启记录与检测，不影响业务";
    PHASE_RESTRICT: "restrict: look at its use before you take it away", "再收权：先查看使用情况，再收回";
    PHASE_CLOSE: "close: make sure of another way in first", "后收口：先确认有替代的访问路径";
    PHASE_MIGRATE: "migrate: take a backup and a window", "最后迁移：先备份并预留变更窗口";
}

/// How many types that nothing reads are named.
const TYPES_SHOWN: usize = 6;

/// The one-line verdict.
pub fn headline(review: &Review, lang: Lang) -> String {
    let summary = review.summary();
    let nothing_seen = review.assessment.scope.kinds.is_empty() && review.assessment.scope.evidence.is_empty();
    let phrase = if nothing_seen || review.assessment.checks.is_empty() {
        &NOTHING
    } else if summary.critical > 0 || summary.high > 0 {
        &NOT_SAFE
    } else if summary.undecided > 0 {
        &UNCLEAR
    } else if summary.other > 0 {
        &MINOR
    } else {
        &CLEAN
    };
    phrase.say(
        lang,
        &[
            ("critical", &summary.critical.to_string()),
            ("high", &summary.high.to_string()),
            ("other", &summary.other.to_string()),
            ("undecided", &summary.undecided.to_string()),
            ("checks", &review.assessment.checks.len().to_string()),
        ],
    )
}

/// Whether live state was read, said plainly (operating rule O1).
pub fn liveness(review: &Review, lang: Lang) -> &'static str {
    if review.assessment.scope.live { LIVE.plain(lang) } else { NO_LIVE.plain(lang) }
}

/// What was looked at, in a sentence.
pub fn looked_at(review: &Review, lang: Lang) -> String {
    let scope = &review.assessment.scope;
    let resources: usize = scope.kinds.values().fold(0, |sum, n| sum.saturating_add(*n));
    let accounts = match scope.accounts.as_slice() {
        [] => NO_ACCOUNT.plain(lang).to_owned(),
        [id] => ONE_ACCOUNT.say(lang, &[("id", &visible(id))]),
        many => MANY_ACCOUNTS.say(lang, &[("n", &many.len().to_string())]),
    };
    let mut evidence: Vec<&str> = scope.evidence.iter().map(|kind| source_kind(*kind, lang)).collect();
    if evidence.is_empty() {
        evidence.push(NO_EVIDENCE.plain(lang));
    }
    LOOKED_AT.say(
        lang,
        &[
            ("resources", &resources.to_string()),
            ("kinds", &scope.kinds.len().to_string()),
            ("accounts", &accounts),
            ("evidence", &evidence.join(lang.pick(", ", "、"))),
        ],
    )
}

/// What the evidence declares and nothing reads, in a sentence; `None` when everything is read.
pub fn not_read<T: AsRef<str>>(types: &BTreeMap<T, u64>, lang: Lang) -> Option<String> {
    if types.is_empty() {
        return None;
    }
    let of = |(kind, count): (&T, &u64)| match count {
        1 => visible(kind.as_ref()).into_owned(),
        _ => format!("{} × {count}", visible(kind.as_ref())),
    };
    let mut shown: Vec<String> = types.iter().take(TYPES_SHOWN).map(of).collect();
    if let Some(left) = types.len().checked_sub(TYPES_SHOWN).filter(|left| *left > 0) {
        shown.push(NOT_READ_MORE.say(lang, &[("n", &left.to_string())]));
    }
    Some(NOT_READ.say(lang, &[("types", &shown.join(lang.pick(", ", "、")))]))
}

/// The region context, settled before any regulatory sentence (operating rule O4).
pub fn region_context(legal: &Legal, lang: Lang) -> String {
    let join = |contexts: &[Context]| -> String {
        let ids: Vec<String> = contexts
            .iter()
            .filter_map(|context| legal.regions.get(context))
            .flatten()
            .map(|id| visible(id).into_owned())
            .collect();
        ids.join(lang.pick(", ", "、"))
    };
    let mainland = join(&[Context::Mainland]);
    let other = join(&[Context::HongKong, Context::International]);
    let phrase = match (mainland.is_empty(), other.is_empty()) {
        (true, true) => &REGION_NONE,
        (false, true) => &REGION_MAINLAND,
        (true, false) => &REGION_INTERNATIONAL,
        (false, false) => &REGION_MIXED,
    };
    let mut text = phrase.say(lang, &[("mainland", &mainland), ("other", &other)]);
    if !legal.presumed.is_empty() {
        let presumed: Vec<String> = legal.presumed.iter().map(|id| visible(id).into_owned()).collect();
        text.push_str(lang.pick(" ", ""));
        text.push_str(&REGION_PRESUMED.say(lang, &[("presumed", &presumed.join(lang.pick(", ", "、")))]));
    }
    text
}

/// The word for a kind of evidence.
pub fn source_kind(kind: SourceKind, lang: Lang) -> &'static str {
    let phrase: &Phrase = match kind {
        SourceKind::Api => &KIND_API,
        SourceKind::TerraformConfig => &KIND_HCL,
        SourceKind::TerraformPlan => &KIND_PLAN,
        SourceKind::TerraformState => &KIND_STATE,
        SourceKind::Ros => &KIND_ROS,
        SourceKind::Attestation => &KIND_ATTEST,
        SourceKind::Documentation => &KIND_DOC,
        SourceKind::Derived => &KIND_DERIVED,
    };
    phrase.plain(lang)
}

/// The word for an outcome.
pub fn outcome(outcome: Outcome, lang: Lang) -> &'static str {
    let phrase: &Phrase = match outcome {
        Outcome::Fail => &FAIL,
        Outcome::Unknown => &UNKNOWN,
        Outcome::Waived => &WAIVED,
        Outcome::Pass => &PASS,
        Outcome::NotApplicable => &NOT_APPLICABLE,
    };
    phrase.plain(lang)
}

/// The word for the state of a checklist item.
pub fn item_state(state: ItemState, lang: Lang) -> &'static str {
    match state {
        ItemState::Met => MET.plain(lang),
        ItemState::NotMet => NOT_MET.plain(lang),
        ItemState::CannotTell => CANNOT_TELL.plain(lang),
    }
}

/// The word for a severity.
pub fn severity(severity: Severity, lang: Lang) -> &'static str {
    let phrase: &Phrase = match severity {
        Severity::Critical => &CRITICAL,
        Severity::High => &HIGH,
        Severity::Medium => &MEDIUM,
        Severity::Low => &LOW,
        Severity::Info => &INFO,
    };
    phrase.plain(lang)
}

/// The title of one of the six areas.
pub fn area(area: Area, lang: Lang) -> &'static str {
    let phrase: &Phrase = match area {
        Area::Identity => &AREA_IDENTITY,
        Area::Network => &AREA_NETWORK,
        Area::Data => &AREA_DATA,
        Area::Detection => &AREA_DETECTION,
        Area::Compliance => &AREA_COMPLIANCE,
        Area::Web => &AREA_WEB,
    };
    phrase.plain(lang)
}

/// What to mind before an action of this phase.
pub fn phase(phase: Phase, lang: Lang) -> &'static str {
    match phase {
        Phase::Observe => PHASE_OBSERVE.plain(lang),
        Phase::Restrict => PHASE_RESTRICT.plain(lang),
        Phase::Close => PHASE_CLOSE.plain(lang),
        Phase::Migrate => PHASE_MIGRATE.plain(lang),
    }
}

/// The evidence label; in Chinese its words stand behind the Chinese term, because tools and people search for them.
pub fn label(label: Label, lang: Lang) -> &'static str {
    let zh = match label {
        Label::Live => "实时证据（live evidence）",
        Label::UserProvided => "用户提供的脱敏证据（user-provided sanitized evidence）",
        Label::Documentation => "依据文档（documentation-based）",
        Label::Inference => "推断（inference）",
    };
    lang.pick(label.as_str(), zh)
}
