//! Answers to questions about network, web protection, encryption and audit, for people and for programs. The way of a
//! witness packet is drawn hop by hop, with the rule that decides at each.

mod assumed;
mod gaps;
pub mod json;
mod record;
mod words;

use std::fmt::Write as _;

use xiezhi_review::ask_network::{Answer, ENDPOINT, Hop, INNER, INTERNET, NOT_YET, Open, Part, Question, Verdict};

use crate::safe::visible;
use crate::sentences;
use crate::words::{Lang, Phrase};
use words as w;

/// How many parts are shown with their whole way.
const SHOWN_WHOLE: usize = 20;
/// How many gaps are named.
const GAPS: usize = 8;
/// How many calls are named that would settle them.
const CALLS: usize = 8;

/// Facts that are lists of names.
const LISTS: &[&str] = &["not-recorded", "kept-too-short", "data-not-kept", "scans-off", "notices-off"];

/// The answer as text.
pub fn screen(answer: &Answer, lang: Lang) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", headline(answer, lang));
    let _ = writeln!(out, "{}", w::LABEL.say(lang, &[("label", sentences::label(answer.label, lang))]));
    for (at, part) in answer.parts.iter().enumerate() {
        shown(&mut out, answer, part, at < SHOWN_WHOLE, lang);
    }
    listed(&mut out, &w::UNSEEN, &answer.unseen, lang);
    if !answer.assumptions.is_empty() {
        let _ = writeln!(out, "\n{}", w::ASSUMED.plain(lang));
        for rule in &answer.assumptions {
            let [one, other] = assumed::readings(*rule, lang);
            let values = [("code", rule.code()), ("one", one), ("other", other)];
            let _ = writeln!(out, "  - {}", w::READINGS.say(lang, &values));
            let _ = writeln!(out, "    {}", w::SETTLED.say(lang, &[("calls", assumed::settled_by(*rule, lang))]));
        }
    }
    if let Some(text) = sentences::not_read(&answer.not_read, lang) {
        let _ = writeln!(out, "\n{text}");
    }
    out
}

/// The answer in one sentence.
pub fn headline(answer: &Answer, lang: Lang) -> String {
    let [yes, no, open] = match &answer.question {
        Question::Reach { port: None, .. } => [&w::REACHED, &w::NOT_REACHED, &w::REACH_OPEN],
        Question::Reach { port: Some(_), .. } => [&w::REACHED_ON, &w::NOT_REACHED_ON, &w::REACH_ON_OPEN],
        Question::ReachFrom { port: None, .. } => [&w::INSIDE, &w::NOT_INSIDE, &w::INSIDE_OPEN],
        Question::ReachFrom { port: Some(_), .. } => [&w::INSIDE_ON, &w::NOT_INSIDE_ON, &w::INSIDE_ON_OPEN],
        Question::Leaves { from, .. } if from.is_empty() => [&w::LEAVES, &w::NOTHING_LEAVES, &w::LEAVES_OPEN],
        Question::Leaves { ports, .. } if ports.is_empty() => [&w::OUT, &w::NOT_OUT, &w::OUT_OPEN],
        Question::Leaves { .. } => [&w::OUT_ON, &w::NOT_OUT_ON, &w::OUT_ON_OPEN],
        Question::Separated => [&w::SEPARATED, &w::NOT_SEPARATED, &w::SEPARATED_OPEN],
        Question::Exposed { from: Some(_), .. } => [&w::EXPOSED_FROM, &w::NOT_EXPOSED_FROM, &w::EXPOSED_FROM_OPEN],
        Question::Exposed { from: None, .. } => [&w::EXPOSED, &w::NOT_EXPOSED, &w::EXPOSED_OPEN],
        Question::Close { .. } => [&w::CLOSED, &w::NOTHING_TO_CLOSE, &w::CLOSE_OPEN],
        Question::Changed => [&w::CHANGED, &w::UNCHANGED, &w::CHANGED_OPEN],
        Question::Waf => [&w::GUARDED, &w::UNGUARDED, &w::GUARDED_OPEN],
        Question::Encrypted => [&w::ENCRYPTED, &w::NOT_ENCRYPTED, &w::ENCRYPTED_OPEN],
        Question::Audited => [&w::AUDITED, &w::NOT_AUDITED, &w::AUDITED_OPEN],
    };
    let (target, port) = match &answer.question {
        Question::Reach { target, port }
        | Question::Close { target, port }
        | Question::ReachFrom { target, port, .. } => {
            (visible(target).into_owned(), port.map(|port| port.to_string()).unwrap_or_default())
        }
        Question::Leaves { to, ports, .. } => {
            let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
            (beyond(to, lang), ports.join(", "))
        }
        _ => (String::new(), String::new()),
    };
    let from = match &answer.question {
        Question::Exposed { from: Some(from), .. } => outside(from, lang),
        Question::ReachFrom { from, .. } | Question::Leaves { from, .. } => {
            from.iter().map(|one| outside(one, lang)).collect::<Vec<_>>().join(lang.pick(", ", "、"))
        }
        _ => String::new(),
    };
    let count = |verdict: Verdict| answer.parts.iter().filter(|part| part.verdict == verdict).count().to_string();
    let phrase = match answer.verdict {
        Verdict::Yes => yes,
        Verdict::No => no,
        Verdict::Undecided => open,
    };
    let values = [
        ("from", from),
        ("target", target),
        ("port", port),
        ("yes", count(Verdict::Yes)),
        ("no", count(Verdict::No)),
        ("open", count(Verdict::Undecided)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    phrase.say(lang, &values)
}

/// A start as the question names it, the word for all premises in the reader's language.
fn outside(name: &str, lang: Lang) -> String {
    if name == "premises" { w::PREMISES.plain(lang).to_owned() } else { visible(name).into_owned() }
}

/// The internet, or a range of it.
fn beyond(to: &str, lang: Lang) -> String {
    match to {
        INTERNET => w::THE_INTERNET.plain(lang).to_owned(),
        range => w::OF_THE_INTERNET.say(lang, &[("range", &visible(range))]),
    }
}

fn verdict(verdict: Verdict) -> &'static Phrase {
    match verdict {
        Verdict::Yes => &w::YES,
        Verdict::No => &w::NO,
        Verdict::Undecided => &w::UNDECIDED,
    }
}

fn shown(out: &mut String, answer: &Answer, part: &Part, whole: bool, lang: Lang) {
    let _ = writeln!(out, "\n{}  [{}]", visible(&part.subject), verdict(part.verdict).plain(lang));
    for (name, value) in &part.facts {
        let called = w::fact(name).map_or(*name, |phrase| phrase.plain(lang));
        let _ = writeln!(out, "  {}", w::FACT.say(lang, &[("name", called), ("value", &value_of(name, value, lang))]));
    }
    if whole && let Some(packet) = &part.packet {
        way(out, answer, part, packet, lang);
    }
    listed(out, &w::BECAUSE, &part.because, lang);
}

/// The value of a fact: words of the program in the reader's language, text of the evidence as it is.
fn value_of(name: &str, value: &str, lang: Lang) -> String {
    if name == "bypass"
        && let Some(case) = value.parse::<usize>().ok().and_then(w::bypass)
    {
        return w::FACT.say(lang, &[("name", value), ("value", case.plain(lang))]);
    }
    if name == "tier" {
        return w::tier(value).map_or_else(|| visible(value).into_owned(), |phrase| phrase.plain(lang).to_owned());
    }
    if name == "log" {
        return w::fact(value).map_or_else(|| visible(value).into_owned(), |phrase| phrase.plain(lang).to_owned());
    }
    if matches!(
        name,
        "from" | "also-from" | "seen-as" | "vpc" | "concerns" | "published" | "unpublished" | "stores" | "way-out"
    ) {
        return assigned(value, lang);
    }
    if let Some(said) = record::value(name, value, lang) {
        return said;
    }
    if let Some(ranges) = value.strip_prefix("internet-except ") {
        return w::ALL_BUT.say(lang, &[("ranges", &visible(ranges))]);
    }
    if name == "guard"
        && let (Some((word, rest)), Some((_, state))) = (value.split_once(' '), value.rsplit_once(' '))
        && let (Some(kind), Some(state_words)) = (w::value(word), w::value(state))
    {
        let ids = rest.strip_suffix(state).unwrap_or(rest).trim_end();
        return w::GUARDED_BY
            .say(lang, &[("kind", kind.plain(lang)), ("ids", &visible(ids)), ("state", state_words.plain(lang))]);
    }
    if name == "flood"
        && let Some(mbps) = value.strip_prefix("black-hole ")
    {
        return w::BLACK_HOLE_FROM.say(lang, &[("mbps", mbps)]);
    }
    if name == "through" {
        return way_in(value, lang);
    }
    if name == "also-cut"
        && let Some((ports, rest)) = value.split_once(" at ")
        && let Some((whom, way)) = rest.split_once(" through ")
    {
        let values =
            [("ports", visible(ports)), ("whom", assigned(whom, lang).into()), ("way", way_in(way, lang).into())];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        return w::CUT.say(lang, &values);
    }
    if matches!(name, "gained" | "lost")
        && let Some((ports, sources)) = value.rsplit_once(" from ")
    {
        let sources = w::value(sources).map_or_else(|| visible(sources), |phrase| phrase.plain(lang).into());
        return w::FROM_SOURCES.say(lang, &[("ports", &visible(ports)), ("sources", &sources)]);
    }
    if LISTS.contains(&name) {
        return assigned(value, lang).replace(", ", lang.pick(", ", "、"));
    }
    w::value(value).map_or_else(|| assigned(value, lang), |phrase| phrase.plain(lang).to_owned())
}

/// How a packet gets in: a word of the program, then ids.
fn way_in(value: &str, lang: Lang) -> String {
    let (word, ids) = value.split_once(' ').unwrap_or((value, ""));
    match w::value(word) {
        Some(phrase) if ids.is_empty() => phrase.plain(lang).to_owned(),
        Some(phrase) => format!("{} {}", phrase.plain(lang), visible(ids)),
        None => assigned(value, lang),
    }
}

/// Text of the evidence, with the words for an address that is not assigned yet.
fn assigned(text: &str, lang: Lang) -> String {
    let places = [(NOT_YET, &w::NOT_YET_ASSIGNED), (ENDPOINT, &w::PUBLIC_ENDPOINT), (INNER, &w::PRIVATE_ENDPOINT)];
    places.iter().fold(visible(text).into_owned(), |text, (place, words)| text.replace(place, words.plain(lang)))
}

/// The way of a packet, from where it starts to where it arrives or stops.
fn way(out: &mut String, answer: &Answer, part: &Part, packet: &str, lang: Lang) {
    let _ = writeln!(out, "  {}", w::PACKET.say(lang, &[("packet", &assigned(packet, lang))]));
    let widest = part.hops.iter().map(|hop| width(&hop.at)).max().unwrap_or_default().min(40);
    let from = part.facts.iter().find(|(name, _)| *name == "from").map(|(_, start)| visible(start));
    let leaves = match &answer.question {
        Question::Leaves { to, .. } => Some(beyond(to, lang)),
        _ => None,
    };
    let from = if leaves.is_some() { Some(visible(&part.subject)) } else { from };
    let _ = writeln!(out, "    ○ {}", from.as_deref().unwrap_or(w::INTERNET.plain(lang)));
    for hop in &part.hops {
        line(out, hop, widest, lang);
    }
    let stopped = part.hops.iter().any(|hop| hop.passes == Verdict::No);
    if !stopped {
        let arrives = if matches!(answer.question, Question::Waf) { &w::ARRIVES_UNGUARDED } else { &w::ARRIVES };
        let subject = leaves.unwrap_or_else(|| visible(&part.subject).into_owned());
        let _ = writeln!(out, "    ● {}", arrives.say(lang, &[("subject", subject.trim_end())]));
    }
}

fn line(out: &mut String, hop: &Hop, widest: usize, lang: Lang) {
    let (mark, said) = match hop.passes {
        Verdict::Yes => ("│", &w::PASSES),
        Verdict::No => ("✕", &w::STOPS),
        Verdict::Undecided => ("?", &w::MAY_PASS),
    };
    // A name that is longer than the column has a line of its own.
    let pad = match widest.checked_sub(width(&hop.at)) {
        Some(rest) => " ".repeat(rest),
        None => format!("\n    │ {}", " ".repeat(widest)),
    };
    let by = match &hop.rule {
        Some(rule) => w::BY_RULE.say(lang, &[("rule", &rule_in(rule, lang)), ("law", &hop.law)]),
        None => w::BY_LAW.say(lang, &[("law", &hop.law)]),
    };
    let _ = writeln!(out, "    {mark} {}{pad}  {}  {by}", visible(&hop.at), said.plain(lang));
}

/// The name of a rule or an endpoint: those that have no id of their own are called by a word of the program.
fn rule_in(name: &str, lang: Lang) -> String {
    for (word, numbered) in
        [(" rule ", &w::NUMBERED), (" route ", &w::NUMBERED_ROUTE), (" policy ", &w::NUMBERED_POLICY)]
    {
        if let Some((group, number)) = name.rsplit_once(word) {
            return numbered.say(lang, &[("group", &visible(group)), ("number", &visible(number))]);
        }
    }
    if let Some((service, word)) = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("))
        && let Some(phrase) = w::endpoint(word)
    {
        return w::ENDPOINT_OF.say(lang, &[("service", &visible(service)), ("name", phrase.plain(lang))]);
    }
    visible(name).into_owned()
}

fn width(text: &str) -> usize {
    visible(text).chars().count()
}

fn listed(out: &mut String, title: &Phrase, all: &[Open], lang: Lang) {
    if all.is_empty() {
        return;
    }
    let _ = writeln!(out, "  {}", title.plain(lang));
    for open in all.iter().take(GAPS) {
        let code = w::reason(&open.code).map_or(open.code.as_str(), |phrase| phrase.plain(lang));
        let _ = writeln!(out, "    - {}", w::GAP.say(lang, &[("what", &about(&open.what, lang)), ("why", code)]));
    }
    if let Some(more) = all.len().checked_sub(GAPS).filter(|more| *more > 0) {
        let _ = writeln!(out, "    - {}", w::MORE.say(lang, &[("count", &more.to_string())]));
    }
    let mut calls: Vec<&str> = all.iter().flat_map(Open::calls).collect();
    calls.sort_unstable();
    calls.dedup();
    if !calls.is_empty() {
        let more = calls.len() > CALLS;
        calls.truncate(CALLS);
        calls.extend(more.then_some("…"));
        let _ = writeln!(out, "    {}", w::SETTLED.say(lang, &[("calls", &calls.join(lang.pick(", ", "、")))]));
    }
}

/// What is open, in words where it is a fact of the program: `rds.instance at-rest`, `rules of waf.domain …`.
fn about(what: &str, lang: Lang) -> String {
    if let Some((phrase, rest)) = w::missing(what) {
        return phrase.say(lang, &[("what", &visible(rest))]);
    }
    if let Some(named) = gaps::named(what, lang) {
        return named;
    }
    match what.rsplit_once(' ').map_or(("", what), |both| both) {
        (of, name) if w::fact(name).is_some() => {
            let name = w::fact(name).map_or(name, |phrase| phrase.plain(lang));
            if of.is_empty() { name.to_owned() } else { w::FACT.say(lang, &[("name", &visible(of)), ("value", name)]) }
        }
        _ => visible(what).into_owned(),
    }
}
