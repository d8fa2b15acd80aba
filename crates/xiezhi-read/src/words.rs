//! One word per value: how adapters turn the spellings of sources into the model's words.

use xiezhi_model::service::port::PortRange;
use xiezhi_model::{Fact, Link, List, Origin, Reason, Resource, State, Text};

use crate::fields::{Fields, documented};
use crate::sink::Sink;

/// The same word in lower case: `TCP` is `tcp`, `Accept` is `accept`.
pub fn lower(fact: Fact<Text>) -> Fact<Text> {
    fact.map(|text| text.to_ascii_lowercase())
}

/// The same words in lower case with hyphens: `In_use` is `in-use`, `EcsInstance` is `ecs-instance`.
pub fn kebab(fact: Fact<Text>) -> Fact<Text> {
    fact.map(|text| kebab_text(&text))
}

fn kebab_text(text: &str) -> Text {
    let mut out = Text::default();
    let mut before_lower = false;
    for c in text.chars() {
        if c == '_' || c == ' ' {
            out.push('-');
            before_lower = false;
            continue;
        }
        if c.is_ascii_uppercase() && before_lower {
            out.push('-');
        }
        before_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The target of a link as text: an id, or `set#address`.
pub fn target<R: Resource>(link: Fact<Link<R>>) -> Fact<Text> {
    link.map(|link| link.target)
}

/// A list of one link, when the link is known; absent is the empty list.
pub fn one_link<R: Resource>(link: Fact<Link<R>>) -> Fact<List<Link<R>>> {
    match link.state {
        State::Known(link_to) => Fact::known(List::complete(vec![link_to]), link.origin),
        State::Absent => Fact::known(List::complete(vec![]), link.origin),
        State::Unknown(reason) => Fact::unknown(reason, link.origin),
    }
}

/// Two lists of links as one: sources that have an older singular field beside the plural one.
pub fn both_links<R: Resource>(a: Fact<List<Link<R>>>, b: Fact<List<Link<R>>>) -> Fact<List<Link<R>>> {
    match (a.state, b.state) {
        (State::Known(mut mine), State::Known(theirs)) => {
            for link in theirs.items {
                if !mine.items.contains(&link) {
                    mine.items.push(link);
                }
            }
            mine.more = mine.more.or(theirs.more);
            let origin = if a.origin.is_default() { b.origin } else { a.origin };
            Fact::known(mine, origin)
        }
        (State::Known(mut list), State::Unknown(reason)) => {
            list.more.get_or_insert(reason);
            Fact::known(list, a.origin)
        }
        (State::Unknown(reason), State::Known(mut list)) => {
            list.more.get_or_insert(reason);
            Fact::known(list, b.origin)
        }
        (State::Known(list), State::Absent) => Fact::known(list, a.origin),
        (State::Absent, State::Known(list)) => Fact::known(list, b.origin),
        (state, _) => Fact { state, origin: a.origin },
    }
}

/// Says the same facts of each resource that a list names; what cannot be read of the list may mean any of the kind.
pub fn on_each<R: Resource>(sink: &mut Sink<'_>, several: Fact<List<Link<R>>>, change: impl Fn(&mut R)) {
    for target in targets(several) {
        sink.on(&target, &change);
    }
}

/// The links of a list one by one, and as one more unresolved link what cannot be read of the list.
pub fn targets<R: Resource>(several: Fact<List<Link<R>>>) -> Vec<Fact<Link<R>>> {
    let origin = several.origin;
    let (links, more) = match several.state {
        State::Known(list) => (list.items, list.more),
        State::Absent => (vec![], None),
        State::Unknown(reason) => (vec![], Some(reason)),
    };
    let known = links.into_iter().map(|link| Fact::known(link, origin.clone()));
    known.chain(more.map(|reason| Fact::unknown(reason, origin.clone()))).collect()
}

/// What one companion adds to a list: its item, or why there may be one more.
pub fn one_item<T>(fact: Fact<T>) -> (Vec<T>, Option<Reason>) {
    match fact.state {
        State::Known(item) => (vec![item], None),
        State::Absent => (vec![], None),
        State::Unknown(reason) => (vec![], Some(reason)),
    }
}

/// A list of links at a path; missing is a documented empty list that gives way to whoever looked.
pub fn links_or_none<R: Resource>(f: &Fields<'_>, path: &str, page: &str) -> Fact<List<Link<R>>> {
    if f.has(path) { f.links(path) } else { documented(page).known(List::complete(vec![])) }
}

/// A text that is a word among several, of which these mean "there is none".
pub fn none_if(fact: Fact<Text>, none: &[&str]) -> Fact<Text> {
    match &fact.state {
        State::Known(text) if none.iter().any(|word| word.eq_ignore_ascii_case(text)) => Fact::absent(fact.origin),
        _ => fact,
    }
}

const EVERY_PORT: (i64, i64) = (1, 65535);

/// Whether a protocol has ports; `all` and `any` mean every protocol, so every port.
fn has_ports(protocol: &str) -> bool {
    !matches!(protocol, "icmp" | "icmpv6" | "gre")
}

fn range((first, last): (i64, i64), origin: &Origin) -> PortRange {
    PortRange { first: Fact::known(first, origin.clone()), last: Fact::known(last, origin.clone()) }
}

/// Port ranges as sources write them: `22/22`, `-1/-1` (every port), `22/23,443/443`, `80`, `1~200`, `1-200`, `any`.
///
/// Source: ECS AuthorizeSecurityGroup; VPC CreateForwardEntry; `200/1` is invalid.
pub fn port_ranges(text: &str, origin: &Origin) -> Result<List<PortRange>, Reason> {
    let bad = || Reason::not_understood(format!("the port range `{text}`"));
    let mut ranges = Vec::new();
    for part in text.split(',').map(str::trim) {
        if matches!(part, "-1/-1" | "-1" | "any" | "Any" | "ANY" | "all") {
            return Ok(List::complete(vec![range(EVERY_PORT, origin)]));
        }
        let (first, last) = part.split_once(['/', '~', '-']).unwrap_or((part, part));
        let (first, last): (i64, i64) =
            (first.trim().parse().map_err(|_| bad())?, last.trim().parse().map_err(|_| bad())?);
        if first < 0 || last > EVERY_PORT.1 || first > last {
            return Err(bad());
        }
        ranges.push(range((first, last), origin));
    }
    Ok(List::complete(ranges))
}

/// The ports of a rule, from its text and protocol. A protocol without ports has none, every protocol has all.
///
/// `text` absent stays absent: a port list may name the ports.
pub fn ports(text: Fact<Text>, protocol: &Fact<Text>) -> Fact<List<PortRange>> {
    match protocol.value().map(Text::as_str) {
        Some(word) if !has_ports(word) => return Fact::known(List::complete(vec![]), protocol.origin.clone()),
        Some("all" | "any") => {
            return Fact::known(List::complete(vec![range(EVERY_PORT, &protocol.origin)]), protocol.origin.clone());
        }
        _ => {}
    }
    port_text(text)
}

/// Ports from their text alone.
pub fn port_text(text: Fact<Text>) -> Fact<List<PortRange>> {
    let origin = text.origin.clone();
    text.try_map(|text| port_ranges(&text, &origin))
}

/// Time in RFC 3339 with seconds: ECS writes `2024-05-01T08:00Z`.
pub fn time(fact: Fact<Text>) -> Fact<Text> {
    fact.map(|text| match text.strip_suffix('Z') {
        Some(head) if head.len() == "2024-05-01T08:00".len() => format!("{head}:00Z").into(),
        _ => text,
    })
}

/// Links at a path; missing is unknown: the answer always has them, so it was cut.
pub fn links_said<R: Resource>(f: &Fields<'_>, path: &str) -> Fact<List<Link<R>>> {
    if f.has(path) { f.links(path) } else { f.unknown(Reason::NotInEvidence) }
}

/// The resource that a detail answer is about: the call's parameter, else what the answer itself says.
///
/// The parameter comes first because it is known even when the call was refused.
pub fn subject<R: Resource>(f: &Fields<'_>, sink: &Sink<'_>, name: &str) -> Fact<Link<R>> {
    let param = sink.param(name);
    if param.value().is_some() { param.map(Link::id) } else { f.link(name) }
}

/// The facts of a list as a list of values; one that is unknown leaves the list open.
pub fn values<T>(facts: List<Fact<T>>) -> List<T> {
    let mut out = List { items: Vec::with_capacity(facts.items.len()), more: facts.more };
    for fact in facts.items {
        match fact.state {
            State::Known(value) => out.items.push(value),
            State::Absent => {}
            State::Unknown(reason) => out.more = Some(reason),
        }
    }
    out
}

/// The members of a list fact, to append to another list: its items, and why there may be more.
pub fn members<T>(fact: Fact<List<T>>) -> (Vec<T>, Option<Reason>) {
    match fact.state {
        State::Known(list) => (list.items, list.more),
        State::Absent => (vec![], None),
        State::Unknown(reason) => (vec![], Some(reason)),
    }
}
