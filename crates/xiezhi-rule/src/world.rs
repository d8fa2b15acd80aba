//! What predicates are evaluated over: the inventory, or the few resources of an example.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use xiezhi_model::service::KINDS;
use xiezhi_model::{AnyTable, Gap, Head, Inventory, Label, ListingScope, Origin, Reason, Record, Schema, Text};

use crate::facts::{Facts, FactsRecord};

/// Whether the listing of a kind is complete.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coverage {
    /// Why it is not; with the account that a gap is about, where it is about one.
    gaps: Vec<(Option<Text>, Reason)>,
    /// The weakest label of the listings.
    pub(crate) label: Option<Label>,
    /// One of them.
    pub(crate) origin: Option<Origin>,
    /// Whether only configurations list the kind: each lists what it declares, none what the account has.
    pub(crate) declared: bool,
}

impl Coverage {
    pub(crate) fn new(gaps: Vec<Reason>, origin: Origin) -> Self {
        let gaps = gaps.into_iter().map(|reason| (None, reason)).collect();
        Self { gaps, label: Some(origin.label), origin: Some(origin), declared: false }
    }

    /// Why the listing is not complete as far as an account is concerned, each reason once: what another account
    /// refuses does not matter to it. All reasons when the account is not known.
    pub(crate) fn gaps_of<'c>(&'c self, account: Option<&Text>) -> Vec<&'c Reason> {
        let concerns = |of: &Option<Text>| match (of, account) {
            (Some(of), Some(account)) => of == account,
            _ => true,
        };
        let mut reasons: Vec<&Reason> =
            self.gaps.iter().filter(|(of, _)| concerns(of)).map(|(_, reason)| reason).collect();
        reasons.sort();
        reasons.dedup();
        reasons
    }
}

/// The resources of one kind.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rows<'a> {
    Table(&'a dyn AnyTable),
    Facts(&'a [FactsRecord]),
}

impl<'a> Rows<'a> {
    pub(crate) fn count(self) -> usize {
        match self {
            Rows::Table(table) => table.count(),
            Rows::Facts(rows) => rows.len(),
        }
    }

    pub(crate) fn get(self, index: usize) -> Option<&'a dyn Record> {
        match self {
            Rows::Table(table) => table.record(index),
            Rows::Facts(rows) => rows.get(index).map(|row| row as &dyn Record),
        }
    }
}

#[derive(Debug)]
enum World<'w> {
    Inventory(&'w Inventory, Vec<(&'static Schema, OnceLock<Coverage>)>),
    Facts(&'w Facts),
}

/// What predicates are evaluated over: the resources, and the time that ages are counted to.
#[derive(Debug)]
pub struct Context<'w> {
    world: World<'w>,
    pub(crate) as_of: Option<i64>,
}

impl<'w> Context<'w> {
    /// Over an inventory. `as_of` is the time of evaluation in seconds since 1970-01-01T00:00:00Z (see
    /// [`crate::unix_seconds`]); without it, ages are unknown. One context serves all checks and threads of a review.
    pub fn new(inventory: &'w Inventory, as_of: Option<i64>) -> Self {
        let coverage = KINDS.iter().map(|schema| (*schema, OnceLock::new())).collect();
        Self { world: World::Inventory(inventory, coverage), as_of }
    }

    /// Over the facts of an example.
    pub(crate) fn of_facts(facts: &'w Facts) -> Self {
        Self { world: World::Facts(facts), as_of: facts.as_of }
    }

    pub(crate) fn follow(&self, from: Option<&Head>, schema: &'static Schema, target: &str) -> Option<&dyn Record> {
        match &self.world {
            World::Inventory(inventory, _) => inventory.follow(from, schema, target),
            World::Facts(facts) => facts.find(schema, target),
        }
    }

    pub(crate) fn account_of(&self, head: &Head) -> Option<&dyn Record> {
        match &self.world {
            World::Inventory(inventory, _) => inventory.account_of(head).map(|account| account as &dyn Record),
            World::Facts(facts) => facts.account(),
        }
    }

    pub(crate) fn rows(&self, schema: &'static Schema) -> Rows<'_> {
        match &self.world {
            World::Inventory(inventory, _) => inventory.table(schema.kind).map_or(Rows::Facts(&[]), Rows::Table),
            World::Facts(facts) => Rows::Facts(facts.rows(schema)),
        }
    }

    /// Whether the evidence may be of more than one account.
    pub(crate) fn mixed(&self) -> bool {
        match &self.world {
            World::Inventory(inventory, _) => inventory.mixed(),
            World::Facts(_) => false,
        }
    }

    pub(crate) fn coverage(&self, schema: &'static Schema) -> Option<&Coverage> {
        match &self.world {
            World::Inventory(inventory, kinds) => kinds
                .iter()
                .find(|(kind, _)| std::ptr::eq(*kind, schema) || kind.kind == schema.kind)
                .map(|(_, cell)| cell.get_or_init(|| coverage_of(inventory, schema))),
            World::Facts(facts) => Some(facts.coverage(schema)),
        }
    }
}

fn coverage_of(inventory: &Inventory, schema: &'static Schema) -> Coverage {
    // A gap may be of an account or of a configuration; only an account's own gaps can be told from another's.
    let accounts: BTreeSet<&Text> = inventory
        .listings()
        .iter()
        .filter_map(|listing| match &listing.scope {
            ListingScope::Account { account, .. } => account.as_ref(),
            ListingScope::Set(_) => None,
        })
        .chain(inventory.regions_asked().keys().flatten())
        .collect();
    let gap = |gap: Gap| (gap.of.filter(|of| accounts.contains(of)), gap.reason);
    let gaps = inventory.gaps(schema).into_iter().map(gap).collect();
    let listings = || inventory.listings().iter().filter(|listing| listing.kind == schema.kind);
    Coverage {
        gaps,
        label: listings().map(|listing| listing.origin.label).max(),
        origin: listings().next().map(|listing| listing.origin.clone()),
        declared: !listings().any(|listing| matches!(listing.scope, ListingScope::Account { .. })),
    }
}

/// Whether two resources belong to one account; `None` when the evidence cannot tell.
pub(crate) fn same_account(a: Option<&Head>, b: Option<&Head>) -> Option<bool> {
    let account = |head: Option<&'_ Head>| head.and_then(|head| head.account.value()).cloned();
    match (account(a), account(b)) {
        (Some(a), Some(b)) => Some(a == b),
        (None, None) => {
            let set = |head: Option<&Head>| head.map_or(Text::default(), |head| head.set.clone());
            (set(a) == set(b)).then_some(true)
        }
        _ => None,
    }
}
