//! What there is: checks, frameworks, calls.

use serde::Serialize;
use xiezhi_review::{Framework, Mismatch, coverage};
use xiezhi_rule::CheckSet;

use crate::safe::visible;
use crate::sentences;
use crate::words::{Lang, phrases};

#[derive(Serialize)]
struct CheckRow<'c> {
    id: &'c str,
    severity: &'static str,
    subject: &'static str,
    title: &'c str,
    controls: &'c [String],
    catalogue: &'c [String],
}

/// Every check, one a line: id, severity, what it judges, title.
pub fn checks(set: &CheckSet, lang: Lang) -> String {
    let width = set.checks().iter().map(|check| check.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for check in set.checks() {
        let severity = sentences::severity(check.severity, lang);
        let title = lang.pick(&check.title.en, &check.title.zh);
        out.push_str(&format!("{:<width$}  {severity:<8}  {title}\n", check.id));
    }
    out
}

/// The same as JSON.
pub fn checks_json(set: &CheckSet, lang: Lang) -> String {
    let rows: Vec<CheckRow<'_>> = set
        .checks()
        .iter()
        .map(|check| CheckRow {
            id: &check.id,
            severity: check.severity.as_str(),
            subject: check.subject.kind,
            title: lang.pick(&check.title.en, &check.title.zh),
            controls: &check.controls,
            catalogue: &check.catalogue,
        })
        .collect();
    to_json(&rows)
}

fn to_json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_else(|error| error.to_string());
    text.push('\n');
    text
}

phrases! {
    TESTED: "{checks} checks, {examples} examples: {wrong} wrong, {missing} missing", "{checks} 项检查，{examples} 个示例：{wrong} 个不符，{missing} 处缺失";
    MISMATCH: "{place}: expected `{expected}`, said `{said}` ({detail})", "{place}：期望 `{expected}`，实际为 `{said}`（{detail}）";
    UNREAD: "{place}: expected `{expected}`, and cannot be read ({detail})", "{place}：期望 `{expected}`，但无法读取（{detail}）";
}

/// How the examples of a check folder did: one line for each that is wrong or missing, and a count.
pub fn tested(mismatches: &[Mismatch], missing: &[String], checks: usize, examples: usize, lang: Lang) -> String {
    let mut out = String::new();
    for wrong in mismatches {
        let phrase = if wrong.said.is_some() { &MISMATCH } else { &UNREAD };
        let values = [
            ("place", visible(&wrong.place).into_owned()),
            ("expected", wrong.expected.to_string()),
            ("said", wrong.said.map(|answer| answer.to_string()).unwrap_or_default()),
            ("detail", visible(&wrong.detail).into_owned()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        out.push_str(&phrase.say(lang, &values));
        out.push('\n');
    }
    for line in missing.iter().flat_map(|message| message.lines()) {
        out.push_str(&format!("{}\n", visible(line)));
    }
    let numbers = [checks, examples, mismatches.len(), missing.len()].map(|number| number.to_string());
    let names = ["checks", "examples", "wrong", "missing"];
    let values: Vec<(&str, &str)> = names.into_iter().zip(numbers.iter().map(String::as_str)).collect();
    out.push_str(&TESTED.say(lang, &values));
    out.push('\n');
    out
}

#[derive(Serialize)]
struct FrameworkRow<'f> {
    id: &'f str,
    name: &'f str,
    controls: usize,
    with_checks: usize,
}

/// Every framework, with how many of its controls have a check.
pub fn frameworks(all: &[Framework], checks: &CheckSet, lang: Lang, json: bool) -> String {
    let covered = coverage(checks);
    let rows: Vec<FrameworkRow<'_>> = all
        .iter()
        .map(|framework| FrameworkRow {
            id: &framework.id,
            name: lang.pick(&framework.en, &framework.zh),
            controls: framework.controls.len(),
            with_checks: framework
                .controls
                .iter()
                .filter(|control| covered.contains_key(format!("{}:{}", framework.id, control.id).as_str()))
                .count(),
        })
        .collect();
    if json {
        return to_json(&rows);
    }
    let width = rows.iter().map(|row| row.id.len()).max().unwrap_or(0);
    let line = |row: &FrameworkRow<'_>| {
        format!("{:<width$}  {:>4}/{:<4}  {}\n", row.id, row.with_checks, row.controls, row.name)
    };
    rows.iter().map(line).collect()
}

#[derive(Serialize)]
struct CallRow<'c> {
    call: String,
    version: &'c str,
    scope: &'c str,
    asked: &'c str,
    ram_action: &'c str,
    ram_action_confirmed: bool,
    items: &'c [u8],
    understood: bool,
}

/// Every read-only call that evidence may come from, with the RAM action that it wants and whether its answer is
/// understood.
pub fn calls(json: bool) -> String {
    let rows: Vec<CallRow<'_>> = xiezhi_read::calls::all()
        .iter()
        .map(|call| CallRow {
            call: call.name(),
            version: &call.version,
            scope: &call.scope,
            asked: &call.asked,
            ram_action: &call.ram_action,
            ram_action_confirmed: call.confirmed,
            items: &call.items,
            understood: xiezhi_read::api::calls(&call.product, &call.action).next().is_some(),
        })
        .collect();
    if json {
        return to_json(&rows);
    }
    let width = rows.iter().map(|row| row.call.len()).max().unwrap_or(0);
    let line = |row: &CallRow<'_>| {
        let understood = if row.understood { '+' } else { '-' };
        format!("{understood} {:<width$}  {}\n", row.call, row.ram_action)
    };
    rows.iter().map(line).collect()
}
