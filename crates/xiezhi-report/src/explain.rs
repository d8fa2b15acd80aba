//! A check's page, and a finding with the facts that prove it.

use xiezhi_review::{Outcome, Review};
use xiezhi_rule::Check;

use crate::safe::visible;
use crate::words::{Lang, phrases};
use crate::{findings, reasons, sentences};

phrases! {
    LINE: "{name}: {value}", "{name}：{value}";
    MEANS: "{kind} ({doc})", "{kind}（{doc}）";
    VERDICT_NAME: "verdict", "结论";
    SEVERITY: "severity", "级别";
    SUBJECT: "judges", "判断对象";
    APPLIES: "applies when", "适用条件";
    DEFECT: "defect when", "缺陷条件";
    READS: "reads", "读取的事实";
    FILLED: "filled by", "来自调用";
    CONTROLS: "controls", "控制点";
    ASSUMES: "assumes (unconfirmed)", "依赖的未证实假设";
    WHY: "Why", "原因";
    FIX: "Fix", "修复";
    ALARMS: "False alarms", "误报";
    REFS: "References", "参考";
    BECAUSE: "Because", "依据";
    REASONS: "Nobody can tell, because", "无法判定，原因";
    LABEL: "evidence label", "证据标签";
    SOURCE: "stands in", "所在位置";
    WAIVED: "accepted by {owner} until {expires}: {reason}", "由 {owner} 接受至 {expires}：{reason}";
}

fn line(name: &str, value: &str, lang: Lang) -> String {
    format!("{}\n", LINE.say(lang, &[("name", name), ("value", value)]))
}

/// The check's page.
pub fn check(check: &Check, lang: Lang) -> String {
    let mut out = format!("{}\n{}\n\n", check.id, lang.pick(&check.title.en, &check.title.zh));
    let mut fact = |name: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&line(name, value, lang));
        }
    };
    fact(SEVERITY.plain(lang), sentences::severity(check.severity, lang));
    fact(
        SUBJECT.plain(lang),
        &MEANS
            .say(lang, &[("kind", check.subject.kind), ("doc", check.subject.doc.trim().lines().next().unwrap_or(""))]),
    );
    fact(APPLIES.plain(lang), check.when.as_deref().unwrap_or(""));
    fact(DEFECT.plain(lang), &check.fail);
    let reads: Vec<String> = check.reads().into_iter().map(|(kind, field)| format!("{kind}.{field}")).collect();
    fact(READS.plain(lang), &reads.join(", "));
    let mut calls: Vec<&str> =
        check.reads().into_iter().flat_map(|(kind, field)| xiezhi_read::fills::calls_for(kind, field)).collect();
    calls.sort_unstable();
    calls.dedup();
    fact(FILLED.plain(lang), &calls.join(", "));
    fact(CONTROLS.plain(lang), &check.controls.join(", "));
    fact(ASSUMES.plain(lang), &check.assumptions.join(", "));
    for (title, words) in [(&WHY, &check.why), (&FIX, &check.fix), (&ALARMS, &check.false_alarms)] {
        let text = lang.pick(&words.en, &words.zh);
        if !text.is_empty() {
            out.push_str(&format!("\n{}\n{}\n", title.plain(lang), text));
        }
    }
    if !check.refs.is_empty() {
        out.push_str(&format!("\n{}\n", REFS.plain(lang)));
        check.refs.iter().for_each(|reference| out.push_str(&format!("{reference}\n")));
    }
    out
}

/// The verdicts of one check about one resource (named by id, address or name), with every fact; empty when there is
/// none.
pub fn finding(review: &Review, check_id: &str, resource: &str, lang: Lang) -> String {
    let mut out = String::new();
    for (at, verdict) in review.assessment.verdicts.iter().enumerate() {
        let Some((check, _)) = findings::at(review, at) else { continue };
        let subject = verdict.subject;
        if check.id != check_id {
            continue;
        }
        let named = [subject.id.as_str(), &subject.address, &subject.name, &subject.display()].contains(&resource);
        if !named {
            continue;
        }
        let title = lang.pick(&check.title.en, &check.title.zh);
        out.push_str(&line(&findings::resource(verdict), title, lang));
        out.push_str(&line(VERDICT_NAME.plain(lang), sentences::outcome(verdict.outcome, lang), lang));
        out.push_str(&line(LABEL.plain(lang), sentences::label(verdict.label, lang), lang));
        if subject.origin.is_some() {
            out.push_str(&line(SOURCE.plain(lang), &visible(&subject.place()), lang));
        }
        if let Some(waiver) = &verdict.waiver {
            let values = [("owner", waiver.owner.as_str()), ("expires", &waiver.expires), ("reason", &waiver.reason)];
            out.push_str(&WAIVED.say(lang, &values));
            out.push('\n');
        }
        if verdict.outcome == Outcome::Unknown {
            out.push_str(&format!("\n{}\n", REASONS.plain(lang)));
            for reason in verdict.reasons {
                let remedy = reasons::remedy(reason, &[], lang);
                out.push_str("- ");
                out.push_str(&line(&reasons::sentence(reason, lang), &remedy, lang));
            }
        }
        if let Some(because) = review.because(verdict) {
            out.push_str(&format!("\n{}\n", BECAUSE.plain(lang)));
            for premise in &because.premises {
                let place = premise.origin.as_ref().map(|origin| findings::place(origin, lang)).unwrap_or_default();
                let label = premise.origin.as_ref().map_or("", |origin| sentences::label(origin.label, lang));
                out.push_str(&format!("- {} [{label}] {}\n", findings::premise(premise, lang), visible(&place)));
            }
        }
        out.push_str(&format!("\n{}\n", line(DEFECT.plain(lang), &check.fail, lang)));
    }
    out
}
