//! Readings that the databases and queues have in common.

use xiezhi_model::{Fact, Link, List, Reason, Resource, State, Text};

use crate::fields::Fields;

/// The lowest of the TLS versions that a text names (`TLSv1.2`, `1.1,1.2`), as `1.2`.
pub(crate) fn lowest_tls(versions: Fact<Text>) -> Fact<Text> {
    versions.try_map(|text| {
        let mut lowest: Option<&str> = None;
        for part in text.split([',', ';', ' ']).filter(|part| !part.is_empty()) {
            let bare = part.trim_start_matches(|letter: char| !letter.is_ascii_digit());
            let version = match bare {
                "1" | "1.0" => "1.0",
                "1.1" => "1.1",
                "1.2" => "1.2",
                "1.3" => "1.3",
                _ => return Err(Reason::not_understood(format!("the TLS version `{part}`"))),
            };
            lowest = Some(lowest.map_or(version, |other| other.min(version)));
        }
        lowest.map(Text::from).ok_or(Reason::NotInEvidence)
    })
}

/// Whether the members of a list at `path` have `word` at `field`: one that has it settles it; otherwise the list must
/// have been read to its end.
pub(crate) fn any(f: &Fields<'_>, path: &str, field: &str, word: &str) -> Fact<bool> {
    let words = f.records(path, |member| member.text(field));
    let state = match words.state {
        State::Known(list) => {
            let mut doubt = list.more;
            let mut found = false;
            for item in &list.items {
                match &item.state {
                    State::Known(text) => found |= text.eq_ignore_ascii_case(word),
                    State::Absent => {}
                    State::Unknown(reason) => doubt = Some(reason.clone()),
                }
            }
            match (found, doubt) {
                (true, _) => State::Known(true),
                (false, Some(reason)) => State::Unknown(reason),
                (false, None) => State::Known(false),
            }
        }
        State::Absent => State::Known(false),
        State::Unknown(reason) => State::Unknown(reason),
    };
    Fact { state, origin: words.origin }
}

/// The numbers at `port` of those members of a list at `path` whose `field` is, or is not, `word`.
pub(crate) fn ports_of(f: &Fields<'_>, path: &str, member: (&str, &str), is: bool, port: &str) -> Fact<List<i64>> {
    of_members(f, path, member, is, |member| member.int(port))
}

/// What is read from those members of a list at `path` whose `field` is, or is not, `word`.
pub(crate) fn of_members<T>(
    f: &Fields<'_>,
    path: &str,
    (field, word): (&str, &str),
    is: bool,
    read: impl Fn(&Fields<'_>) -> Fact<T>,
) -> Fact<List<T>> {
    let members = f.records(path, |member| (member.text(field), read(&member)));
    members.map(|list| {
        let mut found = List { items: Vec::new(), more: list.more };
        for (kind, value) in list.items {
            let meant = kind.value().map(|text| text.eq_ignore_ascii_case(word) == is);
            match (meant, value.state) {
                (Some(false), _) => {}
                (Some(true), State::Known(value)) => found.items.push(value),
                (_, State::Unknown(reason)) => found.more = Some(reason),
                _ => found.more = Some(Reason::NotInEvidence),
            }
        }
        found
    })
}

/// The members of several lists as one list; one that cannot be read leaves it open.
pub(crate) fn together(f: &Fields<'_>, lists: Vec<Fact<List<i64>>>) -> Fact<List<i64>> {
    let mut all = List::complete(Vec::new());
    for list in lists {
        match list.state {
            State::Known(list) => {
                all.items.extend(list.items);
                all.more = all.more.or(list.more);
            }
            State::Absent => {}
            State::Unknown(reason) => all.more = Some(reason),
        }
    }
    all.items.sort_unstable();
    all.items.dedup();
    f.known(all)
}

/// One number as a list; silence stays silence.
pub(crate) fn one_port(port: Fact<i64>) -> Fact<List<i64>> {
    port.map(|port| List::complete(vec![port]))
}

/// The links that the members of a list at `path` hold at `field`.
pub(crate) fn links_of<R: Resource>(f: &Fields<'_>, path: &str, field: &str) -> Fact<List<Link<R>>> {
    let read = f.records(path, |member| member.link(field));
    read.map(|list| {
        let mut links = List { items: Vec::with_capacity(list.items.len()), more: list.more };
        for link in list.items {
            match link.state {
                State::Known(link) => links.items.push(link),
                State::Absent => {}
                State::Unknown(reason) => links.more = Some(reason),
            }
        }
        links
    })
}

/// Whether a second zone is set and differs from the first. A zone id that names several (`cn-hangzhou-MAZ5(b,c)`) is
/// several by itself; a second zone that is left out is none.
pub(crate) fn two_zones(first: &Fact<Text>, others: &[Fact<Text>]) -> Fact<bool> {
    if first.value().is_some_and(|zone| zone.contains("MAZ")) {
        return Fact::known(true, first.origin.clone());
    }
    let mut doubt = None;
    for other in others {
        match (&first.state, &other.state) {
            (_, State::Absent) => {}
            (State::Known(first), State::Known(second)) if !second.eq_ignore_ascii_case("auto") => {
                if first != second {
                    return Fact::known(true, other.origin.clone());
                }
            }
            (State::Unknown(reason), _) | (_, State::Unknown(reason)) => {
                doubt = Some(Fact::unknown(reason.clone(), other.origin.clone()));
            }
            // `Auto` leaves the zone to the provider; a first zone that is left out, too.
            _ => doubt = Some(Fact::unknown(Reason::NotInEvidence, other.origin.clone())),
        }
    }
    doubt.unwrap_or_else(|| Fact::known(false, first.origin.clone()))
}

/// Text at the first of several paths that holds any: older spellings after newer ones.
pub(crate) fn first_of<'p>(f: &Fields<'_>, paths: &[&'p str]) -> &'p str {
    let filled = paths.iter().find(|path| !f.opt_text(path).is_absent());
    filled.or(paths.first()).copied().unwrap_or_default()
}

/// A list with one member more for each value: the union of several stated lists.
pub(crate) fn joined(lists: Vec<Fact<List<Text>>>) -> Option<Fact<List<Text>>> {
    lists.into_iter().reduce(|mut all, next| {
        match (&mut all.state, next.state) {
            (State::Known(known), State::Known(list)) => {
                known.items.extend(list.items);
                known.more = known.more.take().or(list.more);
            }
            (State::Known(known), State::Unknown(reason)) => known.more = Some(reason),
            (State::Unknown(reason), State::Known(mut list)) => {
                list.more = Some(reason.clone());
                all.state = State::Known(list);
            }
            (state @ State::Absent, other) => *state = other,
            _ => {}
        }
        all
    })
}

/// What a configuration leaves out is the service's choice, not nothing.
pub(crate) fn said<T>(fact: Fact<T>) -> Fact<T> {
    if fact.is_absent() { Fact::unknown(Reason::NotInEvidence, fact.origin) } else { fact }
}

/// The network that follows from a VPC id that an answer states: `vpc` when there is one, `classic` when it is empty.
pub(crate) fn network_of<R: Resource>(f: &Fields<'_>, vpc: &Fact<Link<R>>, path: &str) -> Fact<Text> {
    match &vpc.state {
        State::Known(_) => Fact::known("vpc".into(), vpc.origin.clone()),
        State::Absent if f.has(path) => Fact::known("classic".into(), vpc.origin.clone()),
        State::Absent => Fact::unknown(Reason::NotInEvidence, vpc.origin.clone()),
        State::Unknown(reason) => Fact::unknown(reason.clone(), vpc.origin.clone()),
    }
}

/// The parameter of the call that names its subject, or else the same in the answer.
pub(crate) fn target<R: Resource>(f: &Fields<'_>, sink: &crate::sink::Sink<'_>, name: &str) -> Fact<Link<R>> {
    let named = sink.param(name);
    let named = if named.value().is_some() { named } else { f.text(name) };
    named.map(Link::id)
}

/// The links that a configuration states for what the answer calls by an id; a missing one is unknown.
pub(crate) fn link_if_said<R: Resource>(f: &Fields<'_>, path: &str) -> Fact<Link<R>> {
    if f.has(path) { f.link(path) } else { f.unknown(Reason::NotInEvidence) }
}
