//! "May this actor do that?", asked many thousand times: the plain evaluator where no condition is in the way, the exact engine where
//! one is.

use crate::ask::{self, Options, Target, Truth};
use crate::catalogue;
use crate::decide::{Gap, Layers, Outcome, ResourceSide, StatementRef, decide, reference};
use crate::matching;
use crate::policy::{Policy, Statement};
use crate::request::{Arn, Caller, Request};
use crate::switches::Tri;
use crate::symbolic::encode::KeyRule;
use crate::symbolic::formula::Stock;
use std::collections::BTreeMap;
use std::rc::Rc;

/// An answer with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Probe {
    pub truth: Truth,
    pub grants: Vec<StatementRef>,
    pub conditions: Vec<(String, String)>,
    pub by_twin: Option<String>,
    pub witness: Option<Request>,
    pub gaps: Vec<Gap>,
}

impl Probe {
    pub fn no() -> Self {
        Probe {
            truth: Truth::No,
            grants: Vec::new(),
            conditions: Vec::new(),
            by_twin: None,
            witness: None,
            gaps: Vec::new(),
        }
    }

    pub fn yes() -> Self {
        Probe { truth: Truth::Yes, ..Probe::no() }
    }

    pub fn unknown(gap: Gap) -> Self {
        Probe { truth: Truth::Unknown, gaps: vec![gap], ..Probe::no() }
    }

    /// Both must hold.
    pub fn and(mut self, other: &Probe) -> Probe {
        let rank = |t: Truth| match t {
            Truth::No => 0,
            Truth::Undecided | Truth::Unknown => 1,
            Truth::Yes => 2,
        };
        if rank(other.truth) < rank(self.truth) {
            self.truth = other.truth;
        }
        self.grants.extend(other.grants.iter().cloned());
        self.conditions.extend(other.conditions.iter().cloned());
        self.gaps.extend(other.gaps.iter().cloned());
        self.by_twin = self.by_twin.or_else(|| other.by_twin.clone());
        self.witness = self.witness.or_else(|| other.witness.clone());
        self
    }

    /// The better of two.
    fn or(self, other: Probe) -> Probe {
        if other.truth > self.truth { other } else { self }
    }
}

/// Whose rights are asked for.
pub(crate) struct Actor<'e> {
    pub caller: Caller,
    pub layers: Layers<'e>,
    /// Calls signed with an AccessKey carry no `acs:MFAPresent`.
    pub key_calls: bool,
    memo: BTreeMap<(String, String, &'static str), Rc<Probe>>,
    /// Per action: statements that mention it.
    mentions: BTreeMap<String, Rc<Mentions<'e>>>,
}

/// The statements of the actor's layers that concern one action.
pub(crate) struct Mentions<'e> {
    pub allows: Vec<(&'e Policy, usize)>,
    pub denies: usize,
    pub gaps: bool,
    pub conditional: bool,
}

impl<'e> Actor<'e> {
    pub fn new(caller: Caller, layers: Layers<'e>, key_calls: bool) -> Self {
        Actor { caller, layers, key_calls, memo: BTreeMap::new(), mentions: BTreeMap::new() }
    }

    /// Statements of the identity side that concern an action.
    pub fn mentions(&mut self, action: &str, options: &Options) -> Rc<Mentions<'e>> {
        if let Some(known) = self.mentions.get(action) {
            return Rc::clone(known);
        }
        let request = Request::new(self.caller.clone(), action, "*");
        let mut found = Mentions { allows: Vec::new(), denies: 0, gaps: false, conditional: false };
        for set in ask::sets(&self.layers) {
            found.gaps |= !set.gaps.is_empty();
            for policy in &set.policies {
                for (index, statement) in policy.statements.iter().enumerate() {
                    if matching::action(&statement.action, &request, &options.reading) == Tri::No {
                        continue;
                    }
                    found.conditional |= !statement.conditions.is_empty() || !statement.doubts.is_empty();
                    if statement.may_deny() {
                        found.denies = found.denies.saturating_add(1);
                    }
                    if statement.may_allow() {
                        found.allows.push((policy, index));
                    }
                }
            }
        }
        let found = Rc::new(found);
        self.mentions.insert(action.to_owned(), Rc::clone(&found));
        found
    }

    /// Whether the action is allowed on every resource without any condition, seen from the statements alone: no Deny speaks of it and
    /// an Allow covers all. `None` when that cannot be seen so simply.
    pub fn everywhere(&mut self, action: &str, options: &Options) -> Option<Probe> {
        let controlled = !self.layers.owner_control.is_empty() && !self.layers.control_exempt;
        if controlled || !matches!(self.layers.resource, ResourceSide::None) {
            return None;
        }
        let mentions = self.mentions(action, options);
        if mentions.denies > 0 || mentions.gaps {
            return None;
        }
        // Under an open reading a statement may speak of the action; here it must.
        let request = Request::new(self.caller.clone(), action, "*");
        let surely = |s: &Statement| matching::action(&s.action, &request, &options.reading) == Tri::Yes;
        let (policy, index) = mentions
            .allows
            .iter()
            .find(|(policy, index)| policy.statements.get(*index).is_some_and(|s| covers_all(s) && surely(s)))?;
        let grants = reference(policy, *index).into_iter().collect();
        Some(Probe { grants, ..Probe::yes() })
    }

    /// Whether no statement that was read speaks of the actions, under either spelling, and some statements were not
    /// read: then nobody can tell, whatever the resource.
    pub fn hidden(&mut self, actions: &[&str], options: &Options) -> Option<Probe> {
        let mut gaps = false;
        let twins = actions.iter().filter_map(|action| catalogue::twin(action));
        for action in actions.iter().map(|action| (*action).to_owned()).chain(twins) {
            let mentions = self.mentions(&action, options);
            if !mentions.allows.is_empty() || mentions.denies > 0 {
                return None;
            }
            gaps |= mentions.gaps;
        }
        gaps.then(|| Probe { truth: Truth::Unknown, gaps: ask::gaps_of(&self.layers), ..Probe::no() })
    }

    /// May the actor do any of the actions on this resource? A pattern means "on some such resource", the lone `*` "on `*` or on some
    /// resource of the service". Twin spellings count.
    pub fn any(
        &mut self,
        actions: &[&str],
        resource: &str,
        service: Option<&'static str>,
        options: &Options,
        stock: &Stock,
    ) -> Probe {
        let mut best = Probe::no();
        for action in actions {
            let found = self.one(action, resource, service, options, stock);
            best = best.or((*found).clone());
            if best.truth == Truth::Yes {
                return best;
            }
            if let Some(twin) = catalogue::twin(action) {
                let found = self.one(&twin, resource, service, options, stock);
                if found.truth > best.truth {
                    best = Probe { by_twin: Some(twin), ..(*found).clone() };
                }
            }
            if best.truth == Truth::Yes {
                return best;
            }
        }
        best
    }

    fn one(
        &mut self,
        action: &str,
        resource: &str,
        service: Option<&'static str>,
        options: &Options,
        stock: &Stock,
    ) -> Rc<Probe> {
        let key = (action.to_owned(), resource.to_owned(), service.unwrap_or(""));
        if let Some(known) = self.memo.get(&key) {
            return Rc::clone(known);
        }
        let mut probe = self.ask(action, resource, service, options, stock);
        if resource == "*" && probe.truth != Truth::Yes {
            // Where the check is made against a resource of the service, a grant on some of them is enough.
            let code = action.split_once(':').map_or("*", |(code, _)| code);
            let some = format!("acs:{code}:*:*:*");
            probe = probe.or(self.ask(action, &some, service, options, stock));
        }
        let probe = Rc::new(probe);
        self.memo.insert(key, Rc::clone(&probe));
        probe
    }

    fn ask(
        &mut self,
        action: &str,
        resource: &str,
        service: Option<&'static str>,
        options: &Options,
        stock: &Stock,
    ) -> Probe {
        let mentions = self.mentions(action, options);
        if mentions.allows.is_empty() && !mentions.gaps {
            return Probe::no();
        }
        if mentions.allows.is_empty() && mentions.denies == 0 {
            return Probe { gaps: ask::gaps_of(&self.layers), ..Probe { truth: Truth::Unknown, ..Probe::no() } };
        }
        // The lone `*` is a resource of its own, not a pattern.
        let pattern = resource != "*" && resource.contains('*');
        if !pattern && !self.conditions_matter(action, resource, options) {
            let request = Request::new(self.caller.clone(), action, resource);
            let decision = decide(&request, &self.layers, &options.reading);
            return match decision.outcome {
                Outcome::Allowed => Probe { grants: decision.statements, witness: Some(request), ..Probe::yes() },
                Outcome::Denied => Probe::no(),
                Outcome::Unknown => Probe {
                    truth: Truth::Unknown,
                    grants: decision.statements,
                    gaps: decision.gaps,
                    witness: Some(request),
                    ..Probe::no()
                },
            };
        }
        if pattern && let Some(probe) = self.everywhere(action, options) {
            return probe;
        }
        let is_service = |values: Option<&[String]>| {
            values.is_some_and(|v| v.len() == 1 && v.first().map(String::as_str) == service)
        };
        let absent = |values: Option<&[String]>| values.is_none();
        // The call that creates a role says whom it trusts; a role for services alone is no foothold for its maker.
        let for_people =
            |values: Option<&[String]>| values.is_some_and(|v| v.iter().any(|x| !x.eq_ignore_ascii_case("service")));
        let mut rules: Vec<KeyRule<'_>> = Vec::new();
        if let Some(service) = service {
            let cuts = vec![crate::policy::Test::Equals(vec![service.to_owned()])];
            rules.push(KeyRule { key: "acs:service", cuts, holds: &is_service });
        }
        if self.key_calls {
            rules.push(KeyRule { key: "acs:mfapresent", cuts: Vec::new(), holds: &absent });
        }
        if action.eq_ignore_ascii_case("ram:CreateRole") {
            let cuts = vec![crate::policy::Test::Equals(vec!["RAM".to_owned(), "Service".to_owned()])];
            rules.push(KeyRule { key: "ram:trustedprincipaltypes", cuts, holds: &for_people });
        }
        let target = Target::new(&[action], &[resource]);
        let finding = ask::can_once(&self.layers, &self.caller, &target, options, stock, &rules);
        Probe {
            truth: finding.truth,
            conditions: ask::conditions_of(&self.layers, &finding.grants),
            grants: finding.grants,
            by_twin: None,
            witness: finding.witness,
            gaps: finding.gaps,
        }
    }

    /// Whether any statement with a condition or a doubt speaks of this action on this resource.
    fn conditions_matter(&mut self, action: &str, resource: &str, options: &Options) -> bool {
        let mentions = self.mentions(action, options);
        if !mentions.conditional {
            return false;
        }
        let request = Request::new(self.caller.clone(), action, resource);
        let arn = Arn::new(resource);
        ask::sets(&self.layers).iter().flat_map(|set| &set.policies).any(|policy| {
            policy.statements.iter().any(|s| {
                !s.conditions.is_empty()
                    && matching::action(&s.action, &request, &options.reading) != Tri::No
                    && matching::resource(&s.resource, &arn, &options.reading) != Tri::No
            })
        })
    }
}

/// An unconditional Allow on every resource.
pub(crate) fn covers_all(statement: &Statement) -> bool {
    statement.effect == Some(crate::policy::Effect::Allow)
        && statement.doubts.is_empty()
        && statement.conditions.is_empty()
        && !statement.resource.negated
        && statement.resource.patterns.iter().any(|p| p.whole.is_any())
}
