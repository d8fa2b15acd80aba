//! Why nobody can tell, and what would settle it, in words: one sentence and one remedy per reason.

use xiezhi_model::Reason;

use crate::safe::visible;
use crate::words::{Lang, Phrase, phrases};

phrases! {
    NOT_COLLECTED: "not collected: nobody looked", "未采集：没有人查看过";
    NOT_COLLECTED_FIX: "collect it ({calls}) and run again", "采集后重新评审（{calls}）";
    NOT_COLLECTED_FIX_BARE: "collect it and run again", "采集后重新评审";
    NOT_IN_EVIDENCE: "this kind of evidence cannot say it", "这类证据无法说明";
    NOT_IN_EVIDENCE_FIX: "hand over the API answer that says it ({calls})", "补充能说明它的 API 返回（{calls}）";
    NOT_IN_EVIDENCE_FIX_BARE: "hand over an API answer or a statement that says it", "补充能说明它的 API 返回或书面声明";
    NOT_ASKED: "not asked: {detail}", "未查询：{detail}";
    NOT_ASKED_FIX: "ask there too, or hand over the list of regions (`ecs DescribeRegions`)", "补充查询，或提供地域列表（`ecs DescribeRegions`）";
    REFUSED: "the call was refused: {detail}", "调用被拒绝：{detail}";
    REFUSED_FIX: "grant the reader role that one read action and collect again", "为只读角色补授该读权限后重新采集";
    THROTTLED: "throttled or timed out: {detail}", "被限流或超时：{detail}";
    THROTTLED_FIX: "collect again later or at a lower pace", "稍后或放慢速度重新采集";
    REDACTED: "masked by whoever handed it over", "提供方已将其脱敏";
    REDACTED_FIX: "hand it over with ids and modes kept; no secret is needed", "保留标识与配置项后重新提供；不需要任何密钥";
    UNRESOLVED: "`{detail}` is not resolved", "表达式 `{detail}` 无法求值";
    UNRESOLVED_FIX: "give the plan or state (`terraform show -json`) or the variable's value", "提供 plan 或 state（`terraform show -json`），或变量的取值";
    UNREADABLE: "not whole in the evidence: {detail}", "证据不完整或无法读取：{detail}";
    UNREADABLE_FIX: "mend or export again what `Not read` names, and run again", "按“未能读取”所列修正或重新导出后再次评审";
    NOT_UNDERSTOOD: "not understood by this program: {detail}", "本程序未能理解：{detail}";
    NOT_UNDERSTOOD_FIX: "decide it by hand, and report it to us: it is our gap", "请人工判断并反馈给我们：这是本程序的缺口";
    DISAGREE: "sources disagree: {detail}", "证据互相矛盾：{detail}";
    DISAGREE_FIX: "find out which source is current and leave the other out", "确认哪一份是最新的，去掉另一份";
}

/// The reason as half a sentence.
pub fn sentence(reason: &Reason, lang: Lang) -> String {
    let phrase: &Phrase = match reason {
        Reason::NotCollected => &NOT_COLLECTED,
        Reason::NotInEvidence => &NOT_IN_EVIDENCE,
        Reason::NotAsked(_) => &NOT_ASKED,
        Reason::Refused(_) => &REFUSED,
        Reason::Throttled(_) => &THROTTLED,
        Reason::Redacted => &REDACTED,
        Reason::Unresolved(_) => &UNRESOLVED,
        Reason::Unreadable(_) => &UNREADABLE,
        Reason::NotUnderstood(_) => &NOT_UNDERSTOOD,
        Reason::Disagree(_) => &DISAGREE,
    };
    phrase.say(lang, &[("detail", &visible(&reason.detail()))])
}

/// What would settle it. `calls` are the API calls that fill what is missing, as `product:Action`; may be empty.
pub fn remedy(reason: &Reason, calls: &[String], lang: Lang) -> String {
    let joined = calls.join(", ");
    let phrase = match reason {
        Reason::NotCollected if calls.is_empty() => &NOT_COLLECTED_FIX_BARE,
        Reason::NotCollected => &NOT_COLLECTED_FIX,
        Reason::NotInEvidence if calls.is_empty() => &NOT_IN_EVIDENCE_FIX_BARE,
        Reason::NotInEvidence => &NOT_IN_EVIDENCE_FIX,
        Reason::NotAsked(_) => &NOT_ASKED_FIX,
        Reason::Refused(_) => &REFUSED_FIX,
        Reason::Throttled(_) => &THROTTLED_FIX,
        Reason::Redacted => &REDACTED_FIX,
        Reason::Unresolved(_) => &UNRESOLVED_FIX,
        Reason::Unreadable(_) => &UNREADABLE_FIX,
        Reason::NotUnderstood(_) => &NOT_UNDERSTOOD_FIX,
        Reason::Disagree(_) => &DISAGREE_FIX,
    };
    phrase.say(lang, &[("calls", &joined)])
}
