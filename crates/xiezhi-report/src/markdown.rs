//! The eight-section answer as Markdown: short in each section, details one step away.

use xiezhi_review::{Outcome, Review};

use crate::safe::{escaped, markdown as safe};
use crate::sections::{Section, sections};
use crate::terminal::first_paragraph;
use crate::words::{Lang, phrases};
use crate::{answers, calls, findings, problems, reasons, sentences};

phrases! {
    TITLE: "Alibaba Cloud security review", "阿里云安全评审";
    BOLD_LINE: "**{name}**: {value}", "**{name}**：{value}";
    LINE: "- {name}: {value}", "- {name}：{value}";
    OPEN_LINE: "- {reason} ({kinds}): {remedy}", "- {reason}（{kinds}）：{remedy}";
    RISK_LINE: "- **{severity}** {reason} ({kinds}): {remedy}. Checks: {checks}", "- **{severity}** {reason}（{kinds}）：{remedy}。相关检查：{checks}";
    ITEM: "- {n}. {title}: **{state}** [{label}]", "- {n}. {title}：**{state}** [{label}]";
    VERDICT: "Verdict", "结论";
    EVIDENCE: "Evidence", "证据";
    BLOCKERS: "Blockers", "阻断项";
    ACTIONS: "Safe next actions", "安全的后续动作";
    OPEN: "Open questions", "待澄清问题";
    QUESTIONS: "Assessment", "评估";
    ITEMS: "Checklist", "检查清单";
    NONE: "none", "无";
    STATE_FAIL: "not safe: {critical} blockers, {others} lesser defects", "不安全：{critical} 项阻断，{others} 项较低级别缺陷";
    STATE_UNKNOWN: "cannot tell; no defect of this area is proven", "无法判定；本领域未证实缺陷";
    STATE_PASS: "no defect found in what was looked at", "在所查看的范围内未发现缺陷";
    STATE_NOTHING: "not applicable: nothing of the kind is there", "不适用：不存在此类资源";
    STATE_WAIVED: "accepted defects only", "仅有已接受的缺陷";
    MORE: "… and {n} more in section {section}", "……另有 {n} 项，见第 {section} 节";
    ORDER: "In this order nothing breaks: first observe, then restrict, then close, then migrate.", "按此顺序执行不会中断业务：先观测，再收权，后收口，最后迁移。";
    NOTHING_TO_DO: "Nothing that was looked at asks for a change. Settle the open questions first.", "所查看的范围内无需变更。请先解决待澄清问题。";
    RISKS: "Critical until proven otherwise: what nobody could tell, by what would settle it.", "以下内容无法判定，在证明安全之前按严重风险处理，按解决方式分组。";
    NO_RISKS: "Nothing stayed undecided.", "没有未决事项。";
    RESOURCES: "resources ({n}): {names}", "资源（{n} 个）：{names}";
    SETTLE: "to settle it: {remedy}", "如何解决：{remedy}";
    NOT_READ: "Not read", "未能读取";
}

/// How many actions and open questions the section of an area shows: sections 7 and 8 have them all.
const SHOWN: usize = 12;

/// The whole answer.
pub fn page(review: &Review, lang: Lang) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    let scope = &review.assessment.scope;
    line(&format!("# {}\n", TITLE.plain(lang)));
    line(&format!("**{}**\n", sentences::headline(review, lang)));
    line(&LINE.say(lang, &[("name", EVIDENCE.plain(lang)), ("value", sentences::label(scope.label, lang))]));
    line(&format!("- {}", sentences::looked_at(review, lang)));
    if let Some(text) = sentences::not_read(&scope.not_read, lang) {
        line(&format!("- {text}"));
    }
    line(&format!("- {}", sentences::liveness(review, lang)));
    line(&format!("- {}\n", sentences::region_context(&scope.legal, lang)));
    for section in sections(review) {
        line(&format!("## {}. {}\n", section.number, section.title(lang)));
        match section.number {
            7 => recommendations(review, &section, lang, &mut line),
            8 => risks(review, &section, lang, &mut line),
            _ => area(review, &section, lang, &mut line),
        }
    }
    if !review.assessment.problems.is_empty() {
        line(&format!("## {}\n", NOT_READ.plain(lang)));
        for problem in &review.assessment.problems {
            line(&format!("- {}", problems::sentence(problem, lang)));
        }
        line("");
    }
    out
}

fn state(section: &Section, lang: Lang) -> String {
    let critical = section.blockers.len().to_string();
    let others = section.others.to_string();
    match section.outcome {
        Outcome::Fail => STATE_FAIL.say(lang, &[("critical", &critical), ("others", &others)]),
        Outcome::Unknown => STATE_UNKNOWN.plain(lang).to_owned(),
        Outcome::Waived => STATE_WAIVED.plain(lang).to_owned(),
        Outcome::Pass => STATE_PASS.plain(lang).to_owned(),
        Outcome::NotApplicable => STATE_NOTHING.plain(lang).to_owned(),
    }
}

fn area(review: &Review, section: &Section, lang: Lang, line: &mut impl FnMut(&str)) {
    line(&BOLD_LINE.say(lang, &[("name", VERDICT.plain(lang)), ("value", &state(section, lang))]));
    line("");
    line(&BOLD_LINE.say(lang, &[("name", EVIDENCE.plain(lang)), ("value", sentences::label(section.label, lang))]));
    line("");
    if section.number == 5 {
        // No regulatory sentence before the region context is settled (operating rule O4).
        line(&format!("{}\n", sentences::region_context(&review.assessment.scope.legal, lang)));
    }
    line(&format!("**{}**\n", QUESTIONS.plain(lang)));
    for answer in &review.assessment.answers {
        if answers::area_of_question(answer) == section.area {
            line(&format!(
                "- {}. *{}* {} [{}]",
                answer.number,
                answers::question(answer, lang),
                answers::sentences(answer, lang),
                sentences::label(answer.label, lang)
            ));
        }
    }
    line(&format!("\n**{}**\n", ITEMS.plain(lang)));
    for item in review.assessment.items.iter().filter(|item| Some(answers::area_of_item(item)) == section.area) {
        let number = item.number.to_string();
        let values = [
            ("n", number.as_str()),
            ("title", answers::item(item.number, lang)),
            ("state", sentences::item_state(item.state, lang)),
            ("label", sentences::label(item.label, lang)),
        ];
        line(&ITEM.say(lang, &values));
    }
    line(&format!("\n**{}**\n", BLOCKERS.plain(lang)));
    blockers(review, section, lang, line);
    line(&format!("\n**{}**\n", ACTIONS.plain(lang)));
    actions(review, section, lang, line);
    line(&format!("\n**{}**\n", OPEN.plain(lang)));
    open_questions(review, section, lang, line);
    line("");
}

fn blockers(review: &Review, section: &Section, lang: Lang, line: &mut impl FnMut(&str)) {
    if section.blockers.is_empty() {
        line(&format!("- {}", NONE.plain(lang)));
    }
    for group in findings::by_check(review, &section.blockers) {
        let Some((check, verdict)) = group.first().and_then(|first| findings::at(review, *first)) else { continue };
        line(&format!(
            "- **{}** {} (`{}`) [{}]",
            sentences::severity(check.severity, lang),
            escaped(&findings::title(check, verdict, lang)),
            check.id,
            sentences::label(verdict.label, lang)
        ));
        if let Some(proof) = findings::proof(review, verdict, 4, lang) {
            line(&format!("  - {}", safe(&proof)));
        }
        if let Some(also) = findings::others(review, group, lang) {
            line(&format!("  - {}", safe(&also)));
        }
    }
}

/// How many entries are left to the section that lists them all.
fn more(count: usize, section: u8, lang: Lang, line: &mut impl FnMut(&str)) {
    let left = count.saturating_sub(SHOWN);
    if left > 0 {
        line(&format!("- {}", MORE.say(lang, &[("n", &left.to_string()), ("section", &section.to_string())])));
    }
}

fn actions(review: &Review, section: &Section, lang: Lang, line: &mut impl FnMut(&str)) {
    if section.actions.is_empty() {
        line(&format!("- {}", NONE.plain(lang)));
    }
    for (number, action) in (1_usize..).zip(section.actions.iter().take(SHOWN)) {
        let Some(check) = review.checks.checks().get(action.check) else { continue };
        let fix = first_paragraph(lang.pick(&check.fix.en, &check.fix.zh));
        line(&format!("{number}. {fix} (`{}`)", check.id));
    }
    more(section.actions.len(), 7, lang, line);
}

fn open_questions(review: &Review, section: &Section, lang: Lang, line: &mut impl FnMut(&str)) {
    if section.open.is_empty() {
        line(&format!("- {}", NONE.plain(lang)));
    }
    for open in section.open.iter().take(SHOWN) {
        let remedy = reasons::remedy(&open.reason, &calls::settling(review, open), lang);
        let values = [
            ("reason", safe(&reasons::sentence(&open.reason, lang))),
            ("kinds", open.kinds.join(", ")),
            ("remedy", SETTLE.say(lang, &[("remedy", &remedy)])),
        ];
        line(&OPEN_LINE.say(lang, &values.each_ref().map(|(name, value)| (*name, value.as_str()))));
    }
    more(section.open.len(), 8, lang, line);
}

fn recommendations(review: &Review, section: &Section, lang: Lang, line: &mut impl FnMut(&str)) {
    if section.actions.is_empty() {
        line(&format!("{}\n", NOTHING_TO_DO.plain(lang)));
        return;
    }
    line(&format!("{}\n", ORDER.plain(lang)));
    let mut phase = None;
    for (number, action) in (1_usize..).zip(&section.actions) {
        let Some(check) = review.checks.checks().get(action.check) else { continue };
        if phase != Some(action.phase) {
            phase = Some(action.phase);
            line(&format!("\n**{}**\n", sentences::phase(action.phase, lang)));
        }
        let names = escaped(&findings::names(review, &action.verdicts, 5));
        let resources = RESOURCES.say(lang, &[("n", &action.verdicts.len().to_string()), ("names", &names)]);
        let fix = first_paragraph(lang.pick(&check.fix.en, &check.fix.zh));
        line(&format!("{number}. [{}] {fix}", sentences::severity(check.severity, lang)));
        line(&format!("   `{}`; {resources}", check.id));
    }
    line("");
}

fn risks(review: &Review, section: &Section, lang: Lang, line: &mut impl FnMut(&str)) {
    if section.open.is_empty() {
        line(&format!("{}\n", NO_RISKS.plain(lang)));
        return;
    }
    line(&format!("{}\n", RISKS.plain(lang)));
    for open in &section.open {
        let ids: Vec<String> = open
            .checks
            .iter()
            .take(6)
            .filter_map(|at| review.checks.checks().get(*at))
            .map(|check| format!("`{}`", check.id))
            .collect();
        let mut ids = ids.join(", ");
        if open.checks.len() > 6 {
            ids.push_str(", …");
        }
        let remedy = reasons::remedy(&open.reason, &calls::settling(review, open), lang);
        let values = [
            ("severity", sentences::severity(open.severity, lang).to_owned()),
            ("reason", safe(&reasons::sentence(&open.reason, lang))),
            ("kinds", open.kinds.join(", ")),
            ("remedy", SETTLE.say(lang, &[("remedy", &remedy)])),
            ("checks", ids),
        ];
        line(&RISK_LINE.say(lang, &values.each_ref().map(|(name, value)| (*name, value.as_str()))));
    }
    line("");
}
