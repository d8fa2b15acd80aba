//! Answers to questions about permissions, for people and for programs.

mod detail;
mod gaps;
pub mod json;
mod words;

use std::fmt::Write as _;

use xiezhi_policy::ask::Safeguard;
use xiezhi_policy::call::Need;
use xiezhi_policy::escalate::pattern;
use xiezhi_policy::{Effect, Request, StatementRef};
use xiezhi_review::ask::{Answer, CallCheck, Detail, Entry, Question, Verdict};

use crate::safe::visible;
use crate::sentences;
use crate::words::{Lang, Phrase};
use words as w;

/// How many entries of a list are shown with their whole proof.
const SHOWN_WHOLE: usize = 20;

/// The answer as text.
pub fn screen(answer: &Answer, lang: Lang) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", headline(answer, lang));
    let _ = writeln!(out, "{}", w::LABEL.say(lang, &[("label", sentences::label(answer.label, lang))]));
    let several = answer.entries.len() > 1;
    for (at, part) in answer.entries.iter().enumerate() {
        // Who it is, is the answer to "who".
        if several || matches!(answer.question, Question::Who { .. }) {
            let verdict = verdict(part.verdict).plain(lang);
            let subject = subject(part, lang);
            let _ = writeln!(out, "\n{}", w::PART.say(lang, &[("subject", &subject), ("verdict", verdict)]));
        }
        if !several || at < SHOWN_WHOLE {
            proof(&mut out, answer, part, lang);
        }
    }
    if let (Some(call), true) = (&answer.call, answer.entries.iter().all(|entry| entry.checks.is_empty())) {
        let _ = writeln!(out, "\n{}", w::CHECKS.plain(lang));
        for made in &call.checks {
            let _ = writeln!(out, "  - {}", check(made, lang));
        }
    }
    detail::write(&mut out, &answer.detail, lang);
    if !answer.gaps.is_empty() {
        let _ = writeln!(out, "\n{}", w::NOT_ALL_SEEN.plain(lang));
        for gap in &answer.gaps {
            let _ = writeln!(out, "  - {}", gaps::line(gap, lang));
        }
    }
    if !answer.policies.is_empty() {
        let _ = writeln!(out, "\n{}", w::PLACES.plain(lang));
        for placed in &answer.policies {
            let values = [("policy", &*visible(&placed.policy)), ("place", &*visible(&placed.source))];
            let _ = writeln!(out, "  - {}", w::PLACE.say(lang, &values));
        }
    }
    if !answer.assumptions.is_empty() {
        let _ = writeln!(out, "\n{}", w::ASSUMED.plain(lang));
        for assumption in &answer.assumptions {
            let _ = writeln!(out, "  - {}", w::assumption(*assumption).plain(lang));
        }
    }
    if let Some(text) = sentences::not_read(&answer.not_read, lang) {
        let _ = writeln!(out, "\n{text}");
    }
    out
}

/// The answer in one sentence.
pub fn headline(answer: &Answer, lang: Lang) -> String {
    let said = verdict(answer.verdict).plain(lang);
    let yes = answer.entries.iter().filter(|entry| entry.verdict == Verdict::Yes).count();
    let open = answer.entries.iter().filter(|entry| entry.verdict == Verdict::Undecided).count();
    let (yes, open) = (yes.to_string(), open.to_string());
    let fill = |phrase: &Phrase, values: &[(&str, &str)]| {
        let shown: Vec<(&str, String)> =
            values.iter().map(|(name, value)| (*name, visible(value).into_owned())).collect();
        let mut all: Vec<(&str, &str)> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.extend([("verdict", said), ("yes", yes.as_str()), ("open", open.as_str())]);
        phrase.say(lang, &all)
    };
    let one_of = |phrases: [&Phrase; 3], values: &[(&str, &str)]| {
        let [yes, no, open] = phrases;
        match answer.verdict {
            Verdict::Yes => fill(yes, values),
            Verdict::No => fill(no, values),
            Verdict::Undecided => fill(open, values),
        }
    };
    match &answer.question {
        Question::Can { principal, action, resource, session } => {
            let always = answer.entries.first().and_then(|entry| entry.always);
            let yes = if always == Some(Verdict::Yes) { &w::CAN_ALWAYS } else { &w::CAN };
            let principal = match session {
                Some(session) => fill(&w::IN_SESSION, &[("principal", principal), ("session", session)]),
                None => principal.clone(),
            };
            let values = [("principal", principal.as_str()), ("action", action), ("resource", resource)];
            one_of([yes, &w::CANNOT, &w::CAN_OPEN], &values)
        }
        Question::Who { action, resource } => {
            one_of([&w::WHO, &w::NOBODY, &w::WHO_OPEN], &[("action", action), ("resource", resource)])
        }
        Question::Enforced { principal, action, resource, safeguard, access_key_calls } => {
            let none = matches!(answer.detail, Detail::Enforced { possible: Verdict::No });
            let yes = match (none, access_key_calls) {
                (false, _) => &w::ENFORCED,
                (true, false) => &w::ENFORCED_VOID,
                (true, true) => &w::ENFORCED_VOID_KEY,
            };
            let by = guarded(safeguard, *access_key_calls, lang);
            let values =
                [("principal", principal.as_str()), ("action", action), ("resource", resource), ("safeguard", &by)];
            one_of([yes, &w::NOT_ENFORCED, &w::ENFORCED_OPEN], &values)
        }
        Question::What { principal } => one_of([&w::WHAT, &w::NOTHING, &w::WHAT_OPEN], &[("principal", principal)]),
        Question::Public { resource, network } if !network.is_empty() => {
            let network = network.join(", ");
            let values = [("resource", resource.as_str()), ("network", network.as_str())];
            one_of([&w::BEYOND, &w::NOT_BEYOND, &w::BEYOND_OPEN], &values)
        }
        Question::Public { resource, .. } => {
            one_of([&w::EXTERNAL, &w::INTERNAL, &w::EXTERNAL_OPEN], &[("resource", resource)])
        }
        Question::Escalate { from: None } => one_of([&w::UP, &w::NOBODY_UP, &w::UP_OPEN], &[]),
        Question::Escalate { from: Some(from) } => {
            let already =
                answer.entries.first().is_some_and(|e| matches!(e.steps.as_slice(), [one] if one.pattern == "is"));
            let yes = if already { &w::IS_ADMIN } else { &w::ONE_UP };
            one_of([yes, &w::ONE_NOT_UP, &w::ONE_UP_OPEN], &[("from", from)])
        }
        Question::Blast { start } => one_of([&w::BLAST, &w::NO_BLAST, &w::BLAST_OPEN], &[("start", start)]),
        Question::Diff { old, new } => {
            let removed = answer.entries.get(1).map(|entry| entry.verdict);
            let no = if removed == Some(Verdict::No) { &w::SAME } else { &w::NOT_WIDER };
            one_of([&w::WIDER, no, &w::WIDER_OPEN], &[("old", old), ("new", new)])
        }
        Question::Lint { policy } => {
            let (count, texts) = match &answer.detail {
                Detail::Lint { policies, remarks } => (remarks.len(), *policies),
                _ => (0, 0),
            };
            let (count, texts) = (count.to_string(), texts.to_string());
            let values =
                [("n", count.as_str()), ("policies", texts.as_str()), ("policy", policy.as_deref().unwrap_or(""))];
            match policy {
                Some(_) => one_of([&w::ODD_ONE, &w::PLAIN_ONE, &w::PLAIN_ONE], &values),
                None => one_of([&w::ODD, &w::PLAIN, &w::PLAIN_OPEN], &values),
            }
        }
        Question::Minimise { policy } => {
            let needless = matches!(&answer.detail, Detail::Minimised { text: None, .. });
            let smaller = if needless { &w::NOT_NEEDED } else { &w::SMALLER };
            one_of([smaller, &w::NOT_SMALLER, &w::SMALLER_OPEN], &[("policy", policy)])
        }
    }
}

/// A safeguard in words.
fn guarded(safeguard: &Safeguard, access_key_calls: bool, lang: Lang) -> String {
    let name = match safeguard {
        Safeguard::Mfa => w::BY_MFA.plain(lang).to_owned(),
        Safeguard::ConsoleMfa => w::BY_CONSOLE_MFA.plain(lang).to_owned(),
        Safeguard::Tls => w::BY_TLS.plain(lang).to_owned(),
        Safeguard::Network(ranges) => w::BY_NETWORK.say(lang, &[("network", &ranges.join(", "))]),
    };
    if access_key_calls { w::BY_ACCESS_KEY.say(lang, &[("safeguard", &name)]) } else { name }
}

/// The words of a language.
fn both(words: xiezhi_policy::words::Words, lang: Lang) -> &'static str {
    lang.pick(words.en, words.zh)
}

fn verdict(verdict: Verdict) -> &'static Phrase {
    match verdict {
        Verdict::Yes => &w::YES,
        Verdict::No => &w::NO,
        Verdict::Undecided => &w::UNDECIDED,
    }
}

fn subject(entry: &Entry, lang: Lang) -> String {
    let text = match entry.subject.as_str() {
        "anyone" => w::ANYONE.plain(lang),
        "outside-account" => w::OUTSIDE_ACCOUNT.plain(lang),
        "workloads-of-a-provider" => w::WORKLOADS.plain(lang),
        "outside-account-and-network" => w::OUTSIDE_ACCOUNT_AND_NETWORK.plain(lang),
        "own-outside-network" => w::OWN_OUTSIDE_NETWORK.plain(lang),
        "outside-organisation" => w::OUTSIDE_ORGANISATION.plain(lang),
        "added" => w::ADDED.plain(lang),
        "removed" => w::REMOVED.plain(lang),
        "outside" => w::OUTSIDE.plain(lang),
        other => return visible(other).into_owned(),
    };
    text.to_owned()
}

/// A statement by policy, number and place.
fn statement(found: &StatementRef, lang: Lang) -> String {
    let phrase = match found.effect {
        Some(Effect::Allow) => &w::ALLOWS,
        Some(Effect::Deny) => &w::DENIES,
        None => &w::UNREADABLE,
    };
    phrase.say(
        lang,
        &[
            ("policy", &visible(&found.policy)),
            ("n", &found.statement.saturating_add(1).to_string()),
            ("line", &found.at.line.to_string()),
            ("column", &found.at.column.to_string()),
        ],
    )
}

fn request(request: &Request) -> String {
    let mut out = format!("{} {} {}", request.caller, request.action(), request.resource().text());
    for key in request.keys().iter().filter(|key| key.folded() != "acs:principalarn") {
        let _ = write!(out, ", {}={}", key.name(), key.values().join("|"));
    }
    visible(&out).into_owned()
}

fn proof(out: &mut String, answer: &Answer, part: &Entry, lang: Lang) {
    if let Some(group) = &part.resource_group {
        let _ = writeln!(out, "  {}", w::ONLY_GROUP.say(lang, &[("group", &visible(group))]));
    }
    if !part.checks.is_empty() {
        checks(out, part, lang);
    } else if part.steps.is_empty() {
        for found in &part.statements {
            let _ = writeln!(out, "  - {}", statement(found, lang));
        }
        let asks_rights = matches!(answer.question, Question::Can { .. } | Question::Who { .. });
        if part.statements.is_empty() && part.verdict == Verdict::No && asks_rights && part.depends_on.is_empty() {
            let _ = writeln!(out, "  - {}", w::NOTHING_GRANTS.plain(lang));
        }
        if let Some(witness) = &part.witness {
            let phrase = match (&answer.question, part.verdict) {
                (Question::Enforced { .. }, Verdict::No) => &w::GETS_BY,
                (_, Verdict::Yes) => &w::WITNESS,
                _ => &w::PERHAPS,
            };
            let _ = writeln!(out, "  {}", phrase.say(lang, &[("request", &request(witness))]));
        }
    } else {
        steps(out, part, lang);
    }
    if let Some(denied) = &part.denied {
        let _ = writeln!(out, "  {}", w::DENIED.say(lang, &[("request", &request(denied))]));
    }
    if !part.conditions.is_empty() {
        let list: Vec<String> =
            part.conditions.iter().map(|(operator, key)| visible(&format!("{operator} {key}")).into_owned()).collect();
        let _ = writeln!(out, "  {}", w::CONDITIONS.say(lang, &[("list", &list.join(", "))]));
    }
    if let Some(twin) = &part.by_twin {
        let _ = writeln!(out, "  {}", w::TWIN.say(lang, &[("twin", &visible(twin))]));
    }
    for switch in &part.depends_on {
        let meaning = both(switch.meaning(), lang);
        let _ = writeln!(out, "  {}", w::DEPENDS.say(lang, &[("switch", &switch.to_string()), ("meaning", meaning)]));
    }
    if !part.gaps.is_empty() {
        let _ = writeln!(out, "  {}", w::MISSING.plain(lang));
        for gap in &part.gaps {
            let _ = writeln!(out, "    - {}", gaps::line(gap, lang));
        }
    }
}

/// A check of a call.
fn check(made: &CallCheck, lang: Lang) -> String {
    let (action, resource) = (visible(&made.action), visible(&made.resource));
    let plain = w::CHECK.say(lang, &[("action", &action), ("resource", &resource)]);
    match made.need {
        Need::Always => plain,
        Need::Unsure => w::CHECK_UNSURE.say(lang, &[("check", &plain)]),
        Need::Given(parameter) => w::CHECK_GIVEN.say(lang, &[("check", &plain), ("parameter", parameter)]),
    }
}

/// The checks of a call with their answers; what grants several stands once.
fn checks(out: &mut String, part: &Entry, lang: Lang) {
    let _ = writeln!(out, "  {}", w::CHECKS.plain(lang));
    let mut last: &[StatementRef] = &[];
    for checked in &part.checks {
        let values = [("check", &*check(&checked.check, lang)), ("verdict", verdict(checked.verdict).plain(lang))];
        let _ = writeln!(out, "  - {}", w::CHECK_SAID.say(lang, &values));
        if checked.statements != last {
            for found in &checked.statements {
                let _ = writeln!(out, "      {}", statement(found, lang));
            }
        }
        last = &checked.statements;
        if checked.statements.is_empty() && checked.verdict == Verdict::No && checked.depends_on.is_empty() {
            let _ = writeln!(out, "      {}", w::NOTHING_GRANTS.plain(lang));
        }
        if let Some(witness) = checked.witness.as_ref().filter(|_| checked.verdict == Verdict::Yes) {
            let _ = writeln!(out, "      {}", w::WITNESS.say(lang, &[("request", &request(witness))]));
        }
    }
}

fn steps(out: &mut String, part: &Entry, lang: Lang) {
    for (number, step) in (1_usize..).zip(&part.steps) {
        let title = match step.pattern {
            "is" => w::STEP_IS.plain(lang),
            "carries" => w::STEP_CARRIES.plain(lang),
            id => pattern(id).map_or("", |rule| lang.pick(rule.title, rule.zh)),
        };
        let names = |footholds: &[xiezhi_policy::escalate::Foothold]| {
            footholds.iter().map(|foothold| detail::foothold(foothold, lang)).collect::<Vec<_>>().join(" + ")
        };
        // `is` and `carries` are no patterns of the list: their titles say all.
        let id = pattern(step.pattern).map_or_else(String::new, |rule| format!(" [{}]", rule.id));
        let (from, to) = (names(&step.from), detail::foothold(&step.to, lang));
        let values = [("n", number.to_string()), ("from", from), ("to", to), ("title", title.to_owned()), ("id", id)];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let _ = writeln!(out, "  {}", w::STEP.say(lang, &values));
        for found in &step.grants {
            let _ = writeln!(out, "     - {}", statement(found, lang));
        }
        if let Some(witness) = &step.witness {
            let _ = writeln!(out, "     {}", w::WITNESS.say(lang, &[("request", &request(witness))]));
        }
    }
}

#[cfg(test)]
mod tests;
