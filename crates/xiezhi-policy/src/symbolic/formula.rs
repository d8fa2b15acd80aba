//! The layers of section 2 as formulas: the same order as [`crate::decide()`], over sets of requests instead of one.

use super::automaton::MixMap;
use super::encode::Item;
use super::search::{Clause, Formula, Term, and};
use crate::decide::{Acl, Layers, ObjectAcl, OssSide, PolicySet, ResourceSide, is_public_statement};
use crate::json::Position;
use crate::matching::may_need_one;
use crate::policy::{ActionElement, ActionPattern, Effect, Policy, PolicyKind, ResourceElement, Statement};
use crate::request::Caller;
use crate::switches::{Choice, Reading, Switch, Tri};

/// Statements of a question with a stable number each.
pub(crate) struct Arena<'a> {
    pub items: Vec<Item<'a>>,
    /// Number of each statement, by its place in memory, and the condition that counts alone: a statement that two sides of a formula
    /// use is one item.
    numbers: MixMap<(usize, Option<usize>), usize>,
    pub reading: Reading,
    pub owner: &'a str,
}

/// Whether a formula over- or underestimates what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Everything that may be allowed: doubtful Allows count, doubtful Denies do not.
    May,
    /// Only what is surely allowed.
    Must,
}

/// The Allow and Deny terms of one set of policies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    pub allow: Vec<Term>,
    pub deny: Vec<Term>,
}

/// A statement that may do anything: stands for evidence that is missing.
pub(crate) fn anything() -> Statement {
    let mut statement = Statement::unread(Position { line: 0, column: 0 }, Vec::new());
    statement.principal = None;
    statement
}

/// A statement of given actions on all resources; stands for what an ACL grants.
pub(crate) fn grant(actions: &[&str], resources: &[&str]) -> Statement {
    let at = Position { line: 0, column: 0 };
    let mut statement = anything();
    statement.effect = Some(Effect::Allow);
    statement.action = ActionElement {
        negated: false,
        patterns: actions.iter().map(|a| ActionPattern { at, glob: crate::glob::Glob::new(a) }).collect(),
    };
    statement.resource = ResourceElement {
        negated: false,
        patterns: resources.iter().map(|r| crate::policy::ResourcePattern::new(at, r)).collect(),
    };
    statement
}

/// Statements that stand for ACLs and for missing evidence; must outlive the arena.
pub(crate) struct Stock {
    pub anything: Statement,
    pub acl_read: Statement,
    pub acl_write: Statement,
    /// The actions on which a trust policy has its say.
    pub assume: Statement,
}

impl Stock {
    pub fn new() -> Self {
        Stock {
            anything: anything(),
            acl_read: grant(&["oss:GetObject"], &["*"]),
            acl_write: grant(
                &["oss:GetObject", "oss:PutObject", "oss:DeleteObject", "oss:AbortMultipartUpload"],
                &["*"],
            ),
            assume: grant(&["sts:*"], &["*"]),
        }
    }
}

impl<'a> Arena<'a> {
    pub fn new(owner: &'a str, reading: Reading) -> Self {
        Arena { items: Vec::new(), numbers: MixMap::default(), reading, owner }
    }

    /// Adds a statement that is not part of a policy: the question's own bounds, which every formula has to meet. Services call actions by their documented spelling;
    /// where policies are read with case, the question's names are too.
    pub fn bound(&mut self, statement: &'a Statement) -> usize {
        let case = match self.reading.of(Switch::FoldCase) {
            Choice::First => Choice::First,
            Choice::Second | Choice::Either => Choice::Second,
        };
        let reading = Reading::standard().with(Switch::FoldCase, case);
        let bound = Item { limits: true, ..self.aside(statement, reading) };
        self.push(bound)
    }

    /// A statement that is not part of a policy and does not depend on how policies are read.
    fn aside(&self, statement: &'a Statement, reading: Reading) -> Item<'a> {
        let (kind, owner) = (PolicyKind::Identity, self.owner);
        Item { statement, kind, owner, reading, source: None, alone: None, limits: false }
    }

    fn push(&mut self, item: Item<'a>) -> usize {
        let place = std::ptr::from_ref(item.statement).addr();
        let next = self.items.len();
        let number = *self.numbers.entry((place, item.alone)).or_insert(next);
        if number == next {
            self.items.push(item);
        }
        number
    }

    pub fn policy(&mut self, policy: &'a Policy, side: Side, terms: &mut Terms) {
        for (index, statement) in policy.statements.iter().enumerate() {
            let item = Item {
                statement,
                kind: policy.kind,
                owner: self.owner,
                reading: self.reading,
                source: Some((policy, index)),
                alone: None,
                limits: false,
            };
            if statement.may_allow() {
                self.terms(item, side == Side::May, &mut terms.allow);
            }
            if statement.may_deny() {
                self.terms(item, side == Side::Must, &mut terms.deny);
            }
        }
    }

    /// What the statement matches: one product, or where one condition is enough the union of as many as it has conditions (SW-13). With
    /// the switch open, it surely matches what meets all of them, and may match what meets one.
    fn terms(&mut self, item: Item<'a>, upper: bool, out: &mut Vec<Term>) {
        let one = may_need_one(item.statement, item.kind)
            && match self.reading.of(Switch::InstanceConditionsTogether) {
                Choice::First => false,
                Choice::Second => true,
                Choice::Either => upper,
            };
        if !one {
            let item = self.push(item);
            out.push(Term { item, upper });
            return;
        }
        for condition in 0..item.statement.conditions.len() {
            let item = self.push(Item { alone: Some(condition), ..item });
            out.push(Term { item, upper });
        }
    }

    pub fn set(&mut self, set: &PolicySet<'a>, side: Side, stock: &'a Stock) -> Terms {
        let mut terms = Terms::default();
        for policy in &set.policies {
            self.policy(policy, side, &mut terms);
        }
        if !set.gaps.is_empty() {
            let item = self.push(Item {
                statement: &stock.anything,
                kind: PolicyKind::Identity,
                owner: self.owner,
                reading: self.reading,
                source: None,
                alone: None,
                limits: false,
            });
            terms.allow.push(Term { item, upper: side == Side::May });
            terms.deny.push(Term { item, upper: side == Side::Must });
        }
        terms
    }

    /// Requests of this caller that the layers allow. All callers of the question must be alike in kind and account.
    pub fn allowed(&mut self, layers: &Layers<'a>, caller: &Caller, side: Side, stock: &'a Stock) -> Formula {
        let mut narrow: Formula = vec![Clause::default()];
        let mut require = |terms: Terms| {
            let clause = vec![Clause { all_of: vec![terms.allow], none_of: terms.deny }];
            narrow = and(&narrow, &clause);
        };
        if layers.key_network.is_some() && side == Side::Must {
            // The network rule of a key is decided per request; here its holder may be anywhere.
            require(Terms { allow: Vec::new(), deny: Vec::new() });
        }
        let own = caller.account() == Some(layers.owner) || layers.owner.is_empty() || layers.owner == "system";
        if !layers.control_exempt && matches!(caller, Caller::User { .. } | Caller::Role { .. }) {
            let same = caller.account() == Some(layers.owner);
            let levels: Vec<&PolicySet<'a>> = match (self.reading.of(Switch::ControlOfOwner), side) {
                (Choice::First, _) => layers.owner_control.iter().collect(),
                (Choice::Second, _) => layers.caller_control.iter().collect(),
                (Choice::Either, _) if same => layers.owner_control.iter().collect(),
                (Choice::Either, Side::May) => Vec::new(),
                (Choice::Either, Side::Must) => layers.owner_control.iter().chain(&layers.caller_control).collect(),
            };
            for level in levels {
                let terms = self.set(level, side, stock);
                require(terms);
            }
        }
        for set in [&layers.session, &layers.endpoint].into_iter().flatten() {
            let terms = self.set(set, side, stock);
            require(terms);
        }

        let identity = self.set(&layers.identity, side, stock);
        let group = self.set(&layers.group_identity, side, stock);
        let root = own && matches!(caller, Caller::Root { .. });
        let counted = match self.reading.of(Switch::GroupDenyIgnored) {
            Choice::First => false,
            Choice::Second => true,
            Choice::Either => side == Side::Must,
        };
        // What identity policies allow: account level, and the resource group where the account level is silent.
        let account_deny: Vec<Term> =
            if counted { identity.deny.iter().chain(&group.deny).copied().collect() } else { identity.deny.clone() };
        let both_deny: Vec<Term> = identity.deny.iter().chain(&group.deny).copied().collect();
        let by_identity: Formula = if root {
            vec![Clause::default()]
        } else {
            vec![
                Clause { all_of: vec![identity.allow.clone()], none_of: account_deny.clone() },
                Clause { all_of: vec![group.allow], none_of: both_deny.clone() },
            ]
        };
        let identity_denies: Vec<Term> = if root { Vec::new() } else { both_deny };
        let with = |formula: &Formula, more: &[Term]| -> Formula {
            formula
                .iter()
                .map(|c| Clause { all_of: c.all_of.clone(), none_of: c.none_of.iter().chain(more).copied().collect() })
                .collect()
        };
        let combined: Formula = match &layers.resource {
            ResourceSide::None => {
                if own {
                    by_identity
                } else {
                    Vec::new()
                }
            }
            ResourceSide::Default(set) => {
                let resource = self.set(set, side, stock);
                let mut all = if own {
                    with(&by_identity, &resource.deny)
                } else {
                    // What the account level allows opens nothing here, but keeps the resource group from being asked.
                    let none_of = account_deny.iter().chain(&resource.deny).copied().collect();
                    vec![Clause { all_of: vec![resource.allow.clone(), identity.allow], none_of }]
                };
                let none_of = identity_denies.iter().chain(&resource.deny).copied().collect();
                all.push(Clause { all_of: vec![resource.allow], none_of });
                all
            }
            ResourceSide::Key(set) => {
                let resource = self.set(set, side, stock);
                let by_key = vec![Clause {
                    all_of: vec![resource.allow],
                    none_of: if own {
                        identity_denies.iter().chain(&resource.deny).copied().collect()
                    } else {
                        resource.deny.clone()
                    },
                }];
                if own {
                    let mut all = with(&by_identity, &resource.deny);
                    all.extend(by_key);
                    all
                } else {
                    and(&by_identity, &by_key)
                }
            }
            ResourceSide::Trust(set) => {
                let trust = self.set(set, side, stock);
                let assume = self.aside(&stock.assume, Reading::standard());
                let assumes = Term { item: self.push(assume), upper: false };
                let by_trust = vec![Clause { all_of: vec![trust.allow, vec![assumes]], none_of: trust.deny }];
                // Other actions on the role: the trust policy has no word.
                let others = if own { with(&by_identity, &[assumes]) } else { Vec::new() };
                match caller {
                    Caller::Federated { .. } | Caller::Service { .. } => by_trust,
                    Caller::Anonymous => Vec::new(),
                    Caller::Root { .. } => others,
                    _ => {
                        let mut all = and(&by_identity, &by_trust);
                        all.extend(others);
                        all
                    }
                }
            }
            ResourceSide::Oss(oss) => {
                let counts = own && *caller != Caller::Anonymous;
                let identity = if counts { by_identity } else { Vec::new() };
                let denies = if counts { identity_denies } else { Vec::new() };
                self.oss(oss, identity, denies, caller, side, stock)
            }
        };
        and(&narrow, &combined)
    }

    /// Section 2.5 as a formula.
    fn oss(
        &mut self,
        oss: &OssSide<'a>,
        identity: Formula,
        identity_denies: Vec<Term>,
        caller: &Caller,
        side: Side,
        stock: &'a Stock,
    ) -> Formula {
        let blocked = oss.block_public_access.iter().fold(Tri::No, |so_far, level| so_far.or(*level));
        let mut bucket = self.set(&oss.bucket_policy, side, stock);
        let open = match side {
            Side::May => blocked != Tri::Yes,
            Side::Must => blocked == Tri::No,
        };
        if !open {
            bucket
                .allow
                .retain(|term| self.items.get(term.item).is_none_or(|item| !is_public_statement(item.statement)));
        }
        let mut all: Formula = identity
            .iter()
            .map(|c| Clause {
                all_of: c.all_of.clone(),
                none_of: c.none_of.iter().chain(&bucket.deny).copied().collect(),
            })
            .collect();
        let denies: Vec<Term> = identity_denies.iter().chain(&bucket.deny).copied().collect();
        all.push(Clause { all_of: vec![bucket.allow], none_of: denies.clone() });
        let acl = match (oss.object_acl, oss.bucket_acl) {
            (ObjectAcl::Own(acl), _) | (ObjectAcl::Default, Some(acl)) => Some(acl),
            _ if side == Side::May => Some(Acl::PublicReadWrite),
            _ => None,
        };
        let granted = match acl {
            Some(Acl::PublicRead) => Some(&stock.acl_read),
            Some(Acl::PublicReadWrite) => Some(&stock.acl_write),
            Some(Acl::Private) | None => None,
        };
        if let Some(statement) = granted.filter(|_| open) {
            let item = self.push(Item {
                statement,
                kind: PolicyKind::Identity,
                owner: self.owner,
                reading: Reading::standard(),
                source: None,
                alone: None,
                limits: false,
            });
            all.push(Clause { all_of: vec![vec![Term { item, upper: false }]], none_of: denies });
        }
        match &oss.access_point {
            None => all,
            Some(_) if *caller == Caller::Anonymous => Vec::new(),
            Some(set) => {
                let terms = self.set(set, side, stock);
                and(&all, &vec![Clause { all_of: vec![terms.allow], none_of: terms.deny }])
            }
        }
    }
}
