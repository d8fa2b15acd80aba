//! Which server groups the forwarding rules of an ALB listener lead to.
//!
//! The rules of a listener are tried in the order of their priority, the first whose conditions all hold decides, and
//! the default actions take what no rule takes (ALB CreateRule; "Listener forwarding rules"). Requests are finer than
//! packets, so a group is reached when one request exists that gets there: it is written down and tried on every rule
//! before. What that does not settle stays open.

use xiezhi_model::service::alb::{self, Condition};
use xiezhi_model::{Head, Link, Reason, State, Text};
use xiezhi_net::model::Seen;

use super::super::convert::{Converter, id_of};
use super::members;

/// How many requests are tried for one rule.
const TRIED: usize = 32;
/// What stands for a wildcard in a request: nothing that anybody would name.
const ANYTHING: &str = "xz7q";

/// A request that is tried on rules.
struct Request {
    host: String,
    path: String,
    method: String,
    /// Whether it carries headers, cookies or query parameters that a rule asked for.
    carries: bool,
}

/// A server group, and whether requests get there.
pub(super) type Reached = (Link<alb::ServerGroup>, Seen<bool>);

/// What the rules of a listener do.
pub(super) struct Rules {
    /// The groups that rules name.
    pub(super) groups: Vec<Reached>,
    /// Whether some request is left to the default actions.
    pub(super) rest: Seen<bool>,
    /// Whether every group that they name is known.
    pub(super) whole: bool,
}

/// The rules of a listener. A rule that may be any listener's, or whose actions are not understood, leaves the
/// neighbourhood in doubt.
pub(super) fn of(converter: &mut Converter<'_>, balancer: &Head, listener: &Head) -> Rules {
    let (own, inventory) = (id_of(listener), converter.inventory);
    let mut rules: Vec<&alb::Rule> = Vec::new();
    for rule in inventory.all::<alb::Rule>() {
        match &rule.listener.state {
            State::Known(link) if converter.follow(&rule.head, link) == own => rules.push(rule),
            State::Known(_) | State::Absent => {}
            State::Unknown(reason) => converter.blind(balancer, reason),
        }
    }
    // Rules for responses choose no server.
    rules.retain(|rule| rule.direction.value().is_none_or(|word| word != "response"));
    let mut groups = Vec::new();
    let named = |rule: &&alb::Rule| rule.server_groups.value().is_some_and(|groups| groups.more.is_none());
    let whole = rules.iter().all(named);
    for rule in &rules {
        let before: Vec<&alb::Rule> = rules.iter().copied().filter(|other| comes_before(other, rule)).collect();
        let takes = taken(converter, rule, &before);
        for kind in members(converter, balancer, &rule.action_types) {
            if !UNDERSTOOD.contains(&kind.as_str()) {
                converter.blind(balancer, &Reason::not_understood(format!("the action `{kind}`")));
            }
        }
        for group in members(converter, balancer, &rule.server_groups) {
            groups.push((group.clone(), takes.clone()));
        }
    }
    let unnamed = Request {
        host: format!("{ANYTHING}.{ANYTHING}"),
        path: format!("/{ANYTHING}"),
        method: ANYTHING.to_owned(),
        carries: false,
    };
    let name = format!("requests that no rule of {own} takes");
    let rest = match rules.iter().any(|rule| takes_everything(rule)) {
        true => Seen::Known(false),
        false => escapes(converter, &[unnamed], &rules, name),
    };
    Rules { rest, groups, whole }
}

/// The actions of rules (ALB CreateRule `RuleActions.Type`); `trafficmirror` sends servers a copy of each request.
const UNDERSTOOD: [&str; 9] = [
    "forwardgroup",
    "redirect",
    "fixedresponse",
    "rewrite",
    "insertheader",
    "removeheader",
    "trafficlimit",
    "trafficmirror",
    "cors",
];

/// Whether a rule may be tried before another: by a smaller priority, or one that is not known.
fn comes_before(other: &alb::Rule, rule: &alb::Rule) -> bool {
    if std::ptr::eq(other, rule) {
        return false;
    }
    match (other.priority.value(), rule.priority.value()) {
        (Some(one), Some(two)) => one < two,
        _ => true,
    }
}

/// Whether some request gets to a rule and meets its conditions.
fn taken(converter: &mut Converter<'_>, rule: &alb::Rule, before: &[&alb::Rule]) -> Seen<bool> {
    let name = format!("requests that rule {} takes", id_of(&rule.head));
    let surely_before = |other: &&&alb::Rule| rule.priority.value().and(other.priority.value()).is_some();
    if before.iter().filter(surely_before).any(|other| takes_everything(other)) {
        return Seen::Known(false);
    }
    let conditions = match &rule.conditions.state {
        State::Known(list) => match &list.more {
            None => &list.items,
            Some(reason) => return Seen::Missing(converter.gap(name, reason)),
        },
        State::Absent => return Seen::Missing(converter.gap(name, &Reason::NotInEvidence)),
        State::Unknown(reason) => return Seen::Missing(converter.gap(name, reason)),
    };
    if rule.direction.value().is_none() {
        return Seen::Missing(converter.gap(name, &Reason::NotInEvidence));
    }
    let requests: Vec<Request> = requests(conditions)
        .into_iter()
        .filter(|request| conditions.iter().all(|condition| holds(condition, request) != Some(false)))
        .collect();
    // Which clients are let in, and what a word means that nobody documented, is not decided here.
    let own = |condition: &&Condition| {
        condition.values.value().is_none() && !on_demand(condition)
            || kind(condition).is_none_or(|kind| !KINDS.contains(&kind))
    };
    if let Some(open) = conditions.iter().find(own) {
        let word = kind(open).unwrap_or("?");
        return Seen::Missing(converter.gap(name, &Reason::not_understood(format!("the condition `{word}`"))));
    }
    escapes(converter, &requests, before, name)
}

/// The conditions that a request can be written for.
const KINDS: [&str; 6] = ["host", "path", "method", "header", "cookie", "querystring"];

fn kind(condition: &Condition) -> Option<&str> {
    condition.condition_type.value().map(Text::as_str)
}

/// Whether a condition asks for something that a request carries only if it was made for that.
fn on_demand(condition: &Condition) -> bool {
    matches!(kind(condition), Some("header" | "cookie" | "querystring"))
}

/// Requests that meet conditions, one for each choice of host, path and method.
fn requests(conditions: &[Condition]) -> Vec<Request> {
    let choices = |wanted: &str, otherwise: String| -> Vec<String> {
        let named = conditions.iter().filter(|condition| kind(condition) == Some(wanted));
        let values: Vec<String> = named
            .filter_map(|condition| condition.values.value())
            .flat_map(|list| &list.items)
            .map(|value| value.replace('*', ANYTHING).replace('?', "x"))
            .collect();
        if values.is_empty() { vec![otherwise] } else { values }
    };
    let hosts = choices("host", format!("{ANYTHING}.{ANYTHING}"));
    let paths = choices("path", format!("/{ANYTHING}"));
    let methods = choices("method", ANYTHING.to_owned());
    let carries = conditions.iter().any(on_demand);
    let mut all = Vec::new();
    for host in &hosts {
        for path in &paths {
            for method in &methods {
                all.push(Request { host: host.clone(), path: path.clone(), method: method.clone(), carries });
            }
        }
    }
    all.truncate(TRIED);
    all
}

/// Whether one of the requests meets none of the rules.
fn escapes(converter: &mut Converter<'_>, requests: &[Request], rules: &[&alb::Rule], name: String) -> Seen<bool> {
    let free = |request: &Request| rules.iter().all(|rule| takes(rule, request) == Some(false));
    if requests.iter().any(free) {
        return Seen::Known(true);
    }
    let reason = Reason::not_understood("which requests the rules before take");
    Seen::Missing(converter.gap(name, &reason))
}

/// Whether a rule takes a request: all of its conditions hold. `None` when nobody can tell.
fn takes(rule: &alb::Rule, request: &Request) -> Option<bool> {
    let list = rule.conditions.value()?;
    let known = || rule.direction.value().filter(|_| list.more.is_none() && !list.items.is_empty());
    let mut open = known().is_none();
    for condition in &list.items {
        match holds(condition, request) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => open = true,
        }
    }
    (!open).then_some(true)
}

/// Whether a rule takes every request: each of its conditions is a path `/*`.
fn takes_everything(rule: &alb::Rule) -> bool {
    let all = |condition: &Condition| {
        kind(condition) == Some("path")
            && condition.values.value().is_some_and(|list| list.items.iter().any(|value| value == "/*"))
    };
    let list = rule.conditions.value().filter(|list| list.more.is_none() && !list.items.is_empty());
    rule.direction.value().is_some() && list.is_some_and(|list| list.items.iter().all(all))
}

/// Whether a condition holds: any of its values fits. Paths after `~` are regular expressions, which are not read.
fn holds(condition: &Condition, request: &Request) -> Option<bool> {
    let word = kind(condition)?;
    if on_demand(condition) {
        return if request.carries { None } else { Some(false) };
    }
    let values = condition.values.value().filter(|list| list.more.is_none())?;
    let any = |fits: &dyn Fn(&Text) -> bool| Some(values.items.iter().any(fits));
    match word {
        "host" => any(&|value| like(&value.to_ascii_lowercase(), &request.host.to_ascii_lowercase())),
        "path" if values.items.iter().any(|value| value.starts_with('~')) => None,
        "path" => any(&|value| like(value, &request.path)),
        "method" => any(&|value| value.eq_ignore_ascii_case(&request.method)),
        _ => None,
    }
}

/// Whether a text fits a pattern in which `*` is any run of characters and `?` any one.
fn like(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // The places of the pattern at which the text so far may have arrived.
    let close = |mut at: Vec<bool>| {
        for (place, sign) in pattern.iter().enumerate() {
            if *sign == '*'
                && at.get(place) == Some(&true)
                && let Some(next) = at.get_mut(place.saturating_add(1))
            {
                *next = true;
            }
        }
        at
    };
    let start = (0..=pattern.len()).map(|place| place == 0).collect();
    let end = text.iter().fold(close(start), |at, letter| {
        let mut next = vec![false; at.len()];
        for (place, sign) in pattern.iter().enumerate() {
            let goes_to = if *sign == '*' { place } else { place.saturating_add(1) };
            let fits = *sign == '*' || *sign == '?' || sign == letter;
            if fits
                && at.get(place) == Some(&true)
                && let Some(goal) = next.get_mut(goes_to)
            {
                *goal = true;
            }
        }
        close(next)
    });
    end.last() == Some(&true)
}
