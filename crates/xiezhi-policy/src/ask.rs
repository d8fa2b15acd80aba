//! Questions to the exact engine, each answered with proof.

use crate::access_point::direct_rules;
use crate::catalogue;
use crate::decide::{Gap, Layers, PolicySet, StatementRef, decide, reference};
use crate::exposure::NAMELESS_OWNER;
use crate::glob::Glob;
use crate::json::Position;
use crate::matching;
use crate::policy::{Condition, Policy, Statement, Test};
use crate::request::{Caller, Request};
use crate::switches::{Reading, Switch, Tri};
use crate::symbolic::Budget;
use crate::symbolic::automaton::CutOff;
use crate::symbolic::encode::{Encoded, KeyRule, encode};
use crate::symbolic::formula::{Arena, Side, Stock, grant};
use crate::symbolic::search::{Clause, Formula, Hit, Search, Term, and, not};
use serde::Serialize;
use std::collections::BTreeSet;

mod compare;
mod quick;
mod readings;
mod rights;
mod safeguard;

pub use compare::{Comparison, adds, adds_by_engine, compare};
pub use readings::{can_in_all_readings, escapes_in_all_readings, over_switches};
pub use rights::{Rights, rights};
pub(crate) use rights::{action_bits, rights_by_group};
pub use safeguard::{Safeguard, escapes};

/// How a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Reading of the switches.
    pub reading: Reading,
    /// How much the answer may cost.
    pub budget: Budget,
}

/// The answer to a question "is there a request …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// There is none; proven.
    No,
    /// Over the budget, or beyond what the engine models exactly.
    Undecided,
    /// Evidence that was not collected or cannot be read leaves it open.
    Unknown,
    /// There is one: the witness.
    Yes,
}

/// An answer with its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The answer.
    pub truth: Truth,
    /// For *yes*, a request that the plain evaluator confirms; for *unknown*, one that may be it.
    pub witness: Option<Request>,
    /// Whether the witness' action is in the catalogue; `false` means that only unknown or future actions are concerned.
    pub known_action: bool,
    /// The statements that grant it.
    pub grants: Vec<StatementRef>,
    /// For *no*, the statements that cut what other statements would grant; empty when nothing grants it at all.
    pub cuts: Vec<StatementRef>,
    /// What is missing, for *unknown*; what was exceeded, for *undecided*.
    pub gaps: Vec<Gap>,
    /// Switches whose other reading changes the answer; filled by the functions that say so.
    pub depends_on: Vec<Switch>,
    /// Twin spellings under which it is granted (`ims:` for `ram:` …), when the asked spelling itself is not.
    pub by_twin: Option<String>,
}

impl Finding {
    /// A plain *no*: nothing speaks of it.
    #[must_use]
    pub fn none() -> Self {
        Finding::plain(Truth::No)
    }

    fn plain(truth: Truth) -> Self {
        Finding {
            truth,
            witness: None,
            known_action: false,
            grants: Vec::new(),
            cuts: Vec::new(),
            gaps: Vec::new(),
            depends_on: Vec::new(),
            by_twin: None,
        }
    }

    fn undecided(what: &str, why: &str) -> Self {
        Finding { gaps: vec![Gap::new(what, why)], ..Finding::plain(Truth::Undecided) }
    }
}

/// A caller that stands in where it does not matter who asks.
fn someone() -> Caller {
    Caller::User { account: "1000000000000001".into(), name: "someone".into(), id: None }
}

/// A question in the form that the engine takes.
pub(crate) struct Query<'a, 'q> {
    pub arena: Arena<'a>,
    pub may: Formula,
    pub must: Formula,
    pub callers: Vec<Caller>,
    pub rules: Vec<KeyRule<'q>>,
    pub gaps: Vec<Gap>,
}

fn refs(arena: &Arena<'_>, items: impl IntoIterator<Item = usize>) -> Vec<StatementRef> {
    let mut list: Vec<StatementRef> = items
        .into_iter()
        .filter_map(|i| arena.items.get(i)?.source)
        .filter_map(|(policy, index)| reference(policy, index))
        .collect();
    list.sort();
    list.dedup();
    list
}

/// Answers a query; `confirm` replays a witness in the plain evaluator: whether it is what is asked for.
pub(crate) fn settle(query: &Query<'_, '_>, budget: &Budget, confirm: &dyn Fn(&Request) -> Tri) -> Finding {
    let encoded = match encode(&query.arena.items, &query.callers, &query.rules, &mut budget.effort()) {
        Ok(encoded) => encoded,
        Err(CutOff) => return Finding::undecided("wildcard patterns", "too many combinations for the budget"),
    };
    settle_encoded(query, &encoded, budget, confirm)
}

fn settle_encoded(
    query: &Query<'_, '_>,
    encoded: &Encoded,
    budget: &Budget,
    confirm: &dyn Fn(&Request) -> Tri,
) -> Finding {
    let surely = |request: &Request| confirm(request) == Tri::Yes;
    let open = |request: &Request| confirm(request) == Tri::Maybe;
    let over = || Finding::undecided("statements", "too many overlaps for the budget");
    let mut search = Search::new(encoded, budget.steps);
    let possible = match search.first(&query.may) {
        Ok(hit) => hit,
        Err(CutOff) => return over(),
    };
    let Some(possible) = possible else {
        if !encoded.inexact.is_empty() {
            let why = "a key is tested as several types at once";
            return Finding::undecided(&format!("condition keys {}", encoded.inexact.join(", ")), why);
        }
        return Finding { cuts: refs(&query.arena, search.cuts.iter().copied()), ..Finding::plain(Truth::No) };
    };
    let sure = match Search::new(encoded, budget.steps).first(&query.must) {
        Ok(hit) => hit,
        Err(CutOff) => return over(),
    };
    match sure {
        Some(hit) => {
            let Some(witness) =
                encoded.request(&hit.cube, &someone()).map(|request| realistic(request, &query.arena, &hit, &surely))
            else {
                return over();
            };
            if !surely(&witness) {
                return Finding::undecided("witness", "the plain evaluator does not confirm it");
            }
            Finding {
                known_action: catalogue::find(witness.action()).is_some(),
                grants: refs(&query.arena, hit.chosen),
                witness: Some(witness),
                ..Finding::plain(Truth::Yes)
            }
        }
        None => {
            let mut gaps = query.gaps.clone();
            if gaps.is_empty() {
                gaps.push(Gap::new("statements in doubt", "the service may read them otherwise"));
            }
            let request = encoded.request(&possible.cube, &someone());
            Finding {
                witness: request.map(|request| realistic(request, &query.arena, &possible, &open)),
                grants: refs(&query.arena, possible.chosen.iter().copied()),
                gaps,
                ..Finding::plain(Truth::Unknown)
            }
        }
    }
}

/// Puts a real action, and a resource with a region and account, in place of the shortest strings, where the answer stays the same and
/// the request is still one that was asked about.
fn realistic(request: Request, arena: &Arena<'_>, hit: &Hit, confirm: &dyn Fn(&Request) -> bool) -> Request {
    let asked = |candidate: &Request| {
        arena.items.iter().filter(|item| item.limits).all(|item| {
            matching::action(&item.statement.action, candidate, &item.reading) == Tri::Yes
                && matching::resource(&item.statement.resource, candidate.resource(), &item.reading) == Tri::Yes
        })
    };
    let confirm = |candidate: &Request| asked(candidate) && confirm(candidate);
    let mut request = request;
    if let Some(action) = catalogue::find(request.action()) {
        request = request.with_action(action.name);
    } else {
        let patterns =
            hit.chosen.iter().filter_map(|i| arena.items.get(*i)).filter(|item| !item.statement.action.negated);
        let globs = patterns.flat_map(|item| item.statement.action.patterns.iter().map(|p| &p.glob));
        let fitting: Vec<&Glob> = globs.filter(|g| g.matches_folded(request.folded_action())).collect();
        let tries = fitting.iter().flat_map(|g| catalogue::matching(g)).take(200);
        let found = tries.map(|action| request.clone().with_action(action.name)).find(|candidate| confirm(candidate));
        if let Some(found) = found {
            request = found;
        }
    }
    // A name, where the shortest string is none.
    if request.resource().text().ends_with('/') {
        let candidate = request.clone().with_resource(&format!("{}x", request.resource().text()));
        if confirm(&candidate) {
            request = candidate;
        }
    }
    // Role names compare without case, and are written in lower case here.
    if let (Some([code, region, account, _]), Some(role)) = (request.resource().segments(), request.resource().role()) {
        let candidate = request.clone().with_resource(&format!("acs:{code}:{region}:{account}:{role}"));
        if confirm(&candidate) {
            request = candidate;
        }
    }
    let Some([code, region, account, relative]) = request.resource().segments().cloned() else { return request };
    let action_code = request.action().split_once(':').map_or("ecs", |(code, _)| code).to_owned();
    let filled =
        |text: &str, usual: &str| if text.is_empty() || text == "x" { usual.to_owned() } else { text.to_owned() };
    // Where the question leaves the account open, the owner's is meant.
    let owner = arena.items.iter().map(|item| item.owner).find(|owner| !owner.is_empty() && *owner != NAMELESS_OWNER);
    let (code, account) = (filled(&code, &action_code), filled(&account, owner.unwrap_or("1000000000000001")));
    let region = filled(&region, if matches!(code.as_str(), "ram" | "sts") { "*" } else { "cn-hangzhou" });
    let candidate = request.clone().with_resource(&format!("acs:{code}:{region}:{account}:{}", filled(&relative, "x")));
    if confirm(&candidate) { candidate } else { request }
}

/// RAM codes of services whose actions are known to be called on resources of the same code, from the ARNs of the API metadata and of
/// the services' authorization pages. `sts:` acts on `ram` resources, and the twins of `ram:` calls do too: they are not here.
const OWN_RESOURCES: &[&str] = &[
    "actiontrail",
    "config",
    "dds",
    "ecs",
    "hitsdb",
    "kms",
    "lindorm",
    "log",
    "odps",
    "oss",
    "pvtz",
    "ram",
    "rds",
    "ros",
    "slb",
    "vpc",
];

/// What is asked of a principal: actions on resources, both as patterns.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    statement: Statement,
    actions: Vec<String>,
}

impl Target {
    /// Any of these actions on any of these resources. Actions that are known to have no resource-level support are checked against
    /// `*`, whatever resource they are asked on (R-1.21). Where any resource is meant, those of other services are not: the actions of
    /// these services are called on resources of their own alone.
    #[must_use]
    pub fn new(actions: &[&str], resources: &[&str]) -> Self {
        let known: Vec<Option<&catalogue::Action>> = actions.iter().map(|action| catalogue::find(action)).collect();
        let unchecked = |action: &Option<&catalogue::Action>| action.is_some_and(|action| action.without_resource);
        let codes: BTreeSet<Option<&str>> = actions
            .iter()
            .zip(&known)
            .map(|(action, known)| known.and(action.split_once(':')).map(|(code, _)| code))
            .collect();
        // One character is the length of `*` and of no ARN.
        const STAR: &str = "?";
        let own = match codes.first() {
            Some(Some(code)) if codes.len() == 1 && resources.contains(&"*") => {
                OWN_RESOURCES.iter().find(|own| own.eq_ignore_ascii_case(code)).map(|code| format!("acs:{code}:*:*:*"))
            }
            _ => None,
        };
        let resources: Vec<&str> = match &own {
            _ if !known.is_empty() && known.iter().all(unchecked) => vec![STAR],
            Some(own) => vec![own.as_str(), STAR],
            None => resources.to_vec(),
        };
        let spelt: Vec<&str> =
            actions.iter().zip(&known).map(|(action, known)| known.map_or(*action, |known| known.name)).collect();
        Target {
            statement: grant(&spelt, &resources),
            actions: spelt.iter().map(|action| (*action).to_owned()).collect(),
        }
    }

    /// The same, in requests that carry this condition key with this value: what the service sets, as `acs:Service` with
    /// `ram:PassRole`.
    #[must_use]
    pub fn with_key(mut self, name: &str, value: &str) -> Self {
        self.statement.conditions.push(Condition {
            at: Position { line: 0, column: 0 },
            operator: "StringEquals".to_owned(),
            key: name.to_owned(),
            folded: name.to_ascii_lowercase(),
            for_all: false,
            negated: false,
            test: Test::Equals(vec![value.to_owned()]),
            malformed: Vec::new(),
        });
        self
    }

    /// A cheap test: whether a policy may allow any of the actions. Patterns in the question always pass.
    pub(crate) fn touches(&self, policy: &Policy) -> bool {
        let exact: Vec<String> = self
            .actions
            .iter()
            .flat_map(|a| std::iter::once(a.clone()).chain(catalogue::twin(a)))
            .map(|a| a.to_ascii_lowercase())
            .collect();
        exact.iter().any(|a| a.contains(['*', '?']))
            || policy.statements.iter().filter(|s| s.may_allow()).any(|s| {
                exact.iter().any(|a| s.action.patterns.iter().any(|p| p.glob.matches_folded(a)) != s.action.negated)
            })
    }
}

/// Whether a principal can do something, and whether always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ability {
    /// Is there a request that is allowed?
    pub finding: Finding,
    /// Are all such requests allowed, whatever their condition keys? *Yes* means that no condition stands in the way.
    pub always: Truth,
    /// Switches whose other reading changes whether all are allowed; filled by [`can_in_all_readings`].
    pub always_depends_on: Vec<Switch>,
    /// A request of the same kind that is denied, when not always allowed.
    pub denied: Option<Request>,
    /// The conditions of the granting statements, as written: operator, key, values in the text of the policy.
    pub conditions: Vec<(String, String)>,
}

/// Can the caller of these layers do this, and under which conditions?
///
/// ```
/// use xiezhi_policy::{Caller, Layers, Policy, PolicyKind, PolicySet, ask::{self, Target, Truth}};
/// let policy = Policy::parse("p", PolicyKind::Identity, r#"{"Version":"1","Statement":[{"Effect":"Allow",
///   "Action":"ecs:RunInstances","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":"203.0.113.0/24"}}}]}"#);
/// let layers = Layers::identity_only("1001", PolicySet::of(vec![&policy]));
/// let ann = Caller::User { account: "1001".into(), name: "ann".into(), id: None };
/// let target = Target::new(&["ecs:RunInstances"], &["acs:ecs:cn-hangzhou:1001:instance/*"]);
/// let ability = ask::can(&layers, &ann, &target, &Default::default());
/// assert_eq!((ability.finding.truth, ability.always), (Truth::Yes, Truth::No));
/// assert_eq!(ability.conditions, [("IpAddress".to_string(), "acs:SourceIp".to_string())]);
/// ```
#[must_use]
pub fn can(layers: &Layers<'_>, caller: &Caller, target: &Target, options: &Options) -> Ability {
    let stock = Stock::new();
    let finding = can_twins(layers, caller, target, options, &stock, &[]);
    let mut ability =
        Ability { finding, always: Truth::No, always_depends_on: Vec::new(), denied: None, conditions: Vec::new() };
    if ability.finding.truth == Truth::Yes && ability.finding.by_twin.is_none() {
        let refused = refused(layers, caller, target, options, &stock);
        ability.always = match refused.truth {
            Truth::No => Truth::Yes,
            Truth::Yes => Truth::No,
            other => other,
        };
        ability.denied = refused.witness.filter(|_| refused.truth == Truth::Yes);
    }
    ability.conditions = conditions_of(layers, &ability.finding.grants);
    ability
}

/// One question, with the twin spellings of its actions when the asked ones are not granted.
pub(crate) fn can_twins<'a>(
    layers: &Layers<'a>,
    caller: &Caller,
    target: &'a Target,
    options: &Options,
    stock: &'a Stock,
    rules: &[KeyRule<'_>],
) -> Finding {
    let mut finding = can_once(layers, caller, target, options, stock, rules);
    if finding.truth == Truth::No {
        let twins: Vec<String> = target.actions.iter().flat_map(|action| catalogue::twins(action)).collect();
        if let Some(first) = twins.first() {
            let own_stock = Stock::new();
            let other = Target { statement: regrant(&target.statement, &twins), actions: twins.clone() };
            let by_twin = can_once(layers, caller, &other, options, &own_stock, rules);
            if by_twin.truth > finding.truth {
                let asked = by_twin.witness.as_ref().map(|witness| witness.action().to_owned());
                finding = Finding { by_twin: Some(asked.unwrap_or_else(|| first.clone())), ..by_twin };
            }
        }
    }
    finding
}

fn regrant(statement: &Statement, actions: &[String]) -> Statement {
    let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
    let resources: Vec<&str> = statement.resource.patterns.iter().map(|p| p.whole.text()).collect();
    Statement { conditions: statement.conditions.clone(), ..grant(&actions, &resources) }
}

pub(crate) fn conditions_of(layers: &Layers<'_>, grants: &[StatementRef]) -> Vec<(String, String)> {
    let mut all = BTreeSet::new();
    for policy in sets(layers).iter().flat_map(|set| set.policies.iter()) {
        for grant in grants.iter().filter(|g| g.policy == policy.name) {
            if let Some(statement) = policy.statements.get(grant.statement) {
                all.extend(statement.conditions.iter().map(|c| (c.operator.clone(), c.key.clone())));
            }
        }
    }
    all.into_iter().collect()
}

pub(crate) fn sets<'l, 'a>(layers: &'l Layers<'a>) -> Vec<&'l PolicySet<'a>> {
    use crate::decide::ResourceSide as R;
    let mut all: Vec<&PolicySet<'a>> = vec![&layers.identity, &layers.group_identity];
    all.extend(&layers.session);
    all.extend(&layers.endpoint);
    all.extend(&layers.owner_control);
    all.extend(&layers.caller_control);
    match &layers.resource {
        R::None => {}
        R::Default(set) | R::Key(set) | R::Trust(set) => all.push(set),
        R::Oss(side) => {
            all.push(&side.bucket_policy);
            all.extend(&side.access_point);
        }
    }
    all
}

pub(crate) fn gaps_of(layers: &Layers<'_>) -> Vec<Gap> {
    let all = sets(layers);
    let mut gaps: Vec<Gap> = all.iter().flat_map(|set| set.gaps.iter().cloned()).collect();
    let open = all.iter().flat_map(|set| &set.policies).filter(|one| one.statements.iter().any(Statement::is_beyond));
    gaps.extend(
        open.map(|policy| Gap::new(&format!("policy {}", policy.name), "only what it grants at least is documented")),
    );
    gaps.sort();
    gaps.dedup();
    gaps
}

/// One question, one reading, no twins.
pub(crate) fn can_once<'a>(
    layers: &Layers<'a>,
    caller: &Caller,
    target: &'a Target,
    options: &Options,
    stock: &'a Stock,
    rules: &[KeyRule<'_>],
) -> Finding {
    let mut arena = Arena::new(layers.owner, options.reading);
    let bound = Term { item: arena.bound(&target.statement), upper: false };
    let within = vec![Clause { all_of: vec![vec![bound]], none_of: Vec::new() }];
    let may = and(&within, &arena.allowed(layers, caller, Side::May, stock));
    let must = and(&within, &arena.allowed(layers, caller, Side::Must, stock));
    let mut rules: Vec<KeyRule<'_>> =
        rules.iter().map(|r| KeyRule { key: r.key, cuts: r.cuts.clone(), holds: r.holds }).collect();
    rules.extend(direct_rules(layers));
    let query = Query { arena, may, must, callers: vec![caller.clone()], rules, gaps: gaps_of(layers) };
    settle(&query, &options.budget, &|request| decide(request, layers, &options.reading).outcome.allowed())
}

/// Is there a request of the target that is *not* allowed?
pub(crate) fn refused<'a>(
    layers: &Layers<'a>,
    caller: &Caller,
    target: &'a Target,
    options: &Options,
    stock: &'a Stock,
) -> Finding {
    let mut arena = Arena::new(layers.owner, options.reading);
    let bound = Term { item: arena.bound(&target.statement), upper: false };
    let within = vec![Clause { all_of: vec![vec![bound]], none_of: Vec::new() }];
    let may = and(&within, &not(&arena.allowed(layers, caller, Side::Must, stock)));
    let must = and(&within, &not(&arena.allowed(layers, caller, Side::May, stock)));
    let query = Query { arena, may, must, callers: vec![caller.clone()], rules: Vec::new(), gaps: gaps_of(layers) };
    settle(&query, &options.budget, &|request| decide(request, layers, &options.reading).outcome.allowed().negate())
}
