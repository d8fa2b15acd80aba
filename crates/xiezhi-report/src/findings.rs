//! One finding in words: what is wrong with which resource, and the facts that prove it.

use xiezhi_model::Origin;
use xiezhi_review::{Review, Verdict};
use xiezhi_rule::{Check, Premise, Shown};

use crate::reasons;
use crate::safe::visible;
use crate::words::{Lang, phrases};

phrases! {
    ALSO: "the same for {n} more: {names}", "另有 {n} 个资源相同：{names}";
    TITLE: "{title}: {resource}", "{title}：{resource}";
    IS: "{fact} is {value}", "{fact} 为 {value}";
    ABSENT: "{fact} is not set", "{fact} 未设置";
    UNKNOWN: "{fact} cannot be told ({why})", "{fact} 无法判定（{why}）";
}

/// The check and the verdict at an index of the assessment's verdicts.
pub(crate) fn at(review: &Review, index: usize) -> Option<(&Check, Verdict<'_>)> {
    let verdict = review.assessment.verdicts.get(index)?;
    Some((review.checks.checks().get(verdict.check)?, verdict))
}

/// What the resource is called, with its name and region where they say more.
pub(crate) fn resource(verdict: Verdict<'_>) -> String {
    let subject = verdict.subject;
    let shown = visible(&subject.display()).into_owned();
    let mut beside: Vec<String> = Vec::new();
    if !subject.name.is_empty() && subject.name.as_str() != subject.display() {
        beside.push(visible(&subject.name).into_owned());
    }
    if !subject.region.is_empty() && subject.region != "global" {
        beside.push(visible(&subject.region).into_owned());
    }
    if beside.is_empty() { shown } else { format!("{shown} ({})", beside.join(", ")) }
}

/// Findings that follow each other and are of one check, together.
pub(crate) fn by_check<'f>(review: &Review, findings: &'f [usize]) -> Vec<&'f [usize]> {
    let check = |index: &usize| review.assessment.verdicts.get(*index).map(|verdict| verdict.check);
    findings.chunk_by(|a, b| check(a) == check(b)).collect()
}

/// The other resources of a group: how many, and the first few by name. `None` when there are none.
pub(crate) fn others(review: &Review, group: &[usize], lang: Lang) -> Option<String> {
    const NAMED: usize = 4;
    let (_, others) = group.split_first().filter(|(_, others)| !others.is_empty())?;
    Some(ALSO.say(lang, &[("n", &others.len().to_string()), ("names", &names(review, others, NAMED))]))
}

/// The first few resources by name.
pub(crate) fn names(review: &Review, findings: &[usize], most: usize) -> String {
    let shown = findings.iter().take(most).filter_map(|index| at(review, *index));
    let mut names: Vec<String> = shown.map(|(_, verdict)| visible(&verdict.subject.display()).into_owned()).collect();
    if findings.len() > most {
        names.push("…".to_owned());
    }
    names.join(", ")
}

/// What is wrong with which resource.
pub(crate) fn title(check: &Check, verdict: Verdict<'_>, lang: Lang) -> String {
    let title = lang.pick(&check.title.en, &check.title.zh);
    TITLE.say(lang, &[("title", title), ("resource", &resource(verdict))])
}

/// A premise as a clause: `bucket.acl is "public-read"`.
pub(crate) fn premise(premise: &Premise, lang: Lang) -> String {
    let fact = visible(&premise.path);
    match &premise.shown {
        Shown::Known(value) => IS.say(lang, &[("fact", &fact), ("value", &visible(value))]),
        Shown::Absent => ABSENT.say(lang, &[("fact", &fact)]),
        Shown::Unknown(reason) => UNKNOWN.say(lang, &[("fact", &fact), ("why", &reasons::sentence(reason, lang))]),
    }
}

/// Where a fact stands, or what it follows from.
pub(crate) fn place(origin: &Origin, lang: Lang) -> String {
    match lang {
        Lang::Zh if !origin.source.chinese.is_empty() => origin.source.chinese.to_string(),
        _ => origin.to_string(),
    }
}

/// The facts that prove a finding, in one line: the last ones read decide, so they come first.
pub(crate) fn proof(review: &Review, verdict: Verdict<'_>, most: usize, lang: Lang) -> Option<String> {
    let because = review.because(verdict)?;
    let clauses: Vec<String> = because.premises.iter().map(|fact| premise(fact, lang)).collect();
    let cut = clauses.len() > most;
    let shown = clauses.get(clauses.len().saturating_sub(most)..).unwrap_or_default();
    let mut line = shown.join(lang.pick("; ", "；"));
    if cut {
        line.push_str(" …");
    }
    let place = because.premises.last().and_then(|fact| fact.origin.as_ref()).map(|origin| place(origin, lang));
    if let Some(place) = place.filter(|place| !place.is_empty()) {
        line.push_str(lang.pick(" — ", " —— "));
        line.push_str(&visible(&place));
    }
    Some(line)
}
