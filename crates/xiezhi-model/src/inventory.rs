//! The inventory: every resource of every evidence set, joined, ordered and indexed.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::arrange::arrange;
use crate::service::account::Account;
use crate::{
    Batch, Fact, Head, List, Origin, Problem, Reason, Record, Resource, Schema, Scope, SourceKind, State, Text,
};

/// That a kind was listed: all of it as of then, or why not.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The kind, `oss.bucket`.
    pub kind: &'static str,
    /// Of what it is a listing.
    pub scope: ListingScope,
    /// `None` when the listing is complete; else why it is not.
    pub gap: Option<Reason>,
    /// The addresses of the only resources that what is missing can name; `None` when it may name any.
    pub about: Option<Arc<BTreeSet<Text>>>,
    /// The call or configuration that lists.
    pub origin: Origin,
}

/// Of what a listing is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListingScope {
    /// Of an account, in one region (`None`: account-wide).
    Account {
        /// The account, when the evidence names it.
        account: Option<Text>,
        /// The region, for regional kinds.
        region: Option<Text>,
    },
    /// Of what one configuration or template declares.
    Set(Text),
}

/// Why the listing of a kind is not complete.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The account or evidence set, when it has a name.
    pub of: Option<Text>,
    /// The region, for regional kinds.
    pub region: Option<Text>,
    /// Why.
    pub reason: Reason,
    /// The addresses of the only resources that what is missing can name; `None` when it may name any.
    pub about: Option<Arc<BTreeSet<Text>>>,
}

/// All resources of one kind, in order.
#[derive(Debug, Default)]
pub struct Table<R> {
    rows: Vec<R>,
    names: FxHashMap<Text, usize>,
}

/// All resources of one kind, whatever the kind.
pub trait AnyTable: Any + Debug + Send + Sync {
    /// How many there are.
    fn count(&self) -> usize;
    /// One of them.
    fn record(&self, index: usize) -> Option<&dyn Record>;
    /// The index of the one with that name: `account/id` or `set#address`.
    fn find(&self, name: &str) -> Option<usize>;
    /// For the typed view.
    fn as_any(&self) -> &dyn Any;
    /// For the typed view.
    fn as_any_mut(&mut self) -> &mut dyn Any;
    /// Joins rows that are the same resource, orders and indexes them.
    fn settle(&mut self, only_account: Option<&Text>);
}

impl<R: Resource> AnyTable for Table<R> {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn record(&self, index: usize) -> Option<&dyn Record> {
        self.rows.get(index).map(|row| row as &dyn Record)
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn settle(&mut self, only_account: Option<&Text>) {
        let mut rows = std::mem::take(&mut self.rows);
        arrange(&mut rows, |a, b| order(a.head()).cmp(&order(b.head())));
        // Rows are large, so they stay where they are; only what is joined to another row leaves its place.
        let mut rows: Vec<Option<R>> = rows.into_iter().map(Some).collect();
        let mut names: FxHashMap<Text, usize> = FxHashMap::default();
        for at in 0..rows.len() {
            let Some(head) = rows.get(at).and_then(Option::as_ref).map(Resource::head) else { continue };
            let own = names_of(R::SCHEMA.scope, head, only_account);
            let mut hits: Vec<usize> = own.iter().filter_map(|name| names.get(name).copied()).collect();
            if R::SCHEMA.scope == Scope::Account {
                let rival = |other: &usize| {
                    rows.get(*other).and_then(Option::as_ref).is_some_and(|other| rivals(other.head(), head))
                };
                hits.retain(|other| !rival(other));
            }
            hits.sort_unstable();
            hits.dedup();
            let into = match hits.split_first() {
                None => at,
                Some((&first, rest)) => {
                    let joined = rest.iter().copied().chain([at]);
                    let others: Vec<R> = joined.filter_map(|i| rows.get_mut(i).and_then(Option::take)).collect();
                    if let Some(Some(target)) = rows.get_mut(first) {
                        others.into_iter().for_each(|other| target.merge(other));
                    }
                    names.values_mut().filter(|index| rest.contains(index)).for_each(|index| *index = first);
                    first
                }
            };
            for name in own {
                names.entry(name).or_insert(into);
            }
        }
        self.rows = rows.into_iter().flatten().collect();
        self.rows.shrink_to_fit();
        arrange(&mut self.rows, |a, b| display_order(a.head()).cmp(&display_order(b.head())));
        names.clear();
        for (at, row) in self.rows.iter().enumerate() {
            for name in names_of(R::SCHEMA.scope, row.head(), only_account) {
                names.entry(name).or_insert(at);
            }
        }
        names.shrink_to_fit();
        self.names = names;
    }
}

fn order(head: &Head) -> (&Origin, &Text, &Text) {
    (&head.origin, &head.set, &head.address)
}

fn display_order(head: &Head) -> (Option<&Text>, Option<&Text>, Option<&Text>, &Text, &Text, &Origin) {
    (head.account.value(), head.region.value(), head.id.value(), &head.set, &head.address, &head.origin)
}

/// Every name under which a resource may be meant. When the evidence names just one account, resources that name
/// none are taken to be of that account. What every account has exactly one of is meant by the account alone.
fn names_of(scope: Scope, head: &Head, only_account: Option<&Text>) -> Vec<Text> {
    let mut names = Vec::with_capacity(3);
    if scope == Scope::Account {
        names.push(id_name(head.account.value().or(head.id.value()).or(only_account), ""));
    }
    if let Some(id) = head.id.value() {
        names.push(id_name(head.account.value().or(only_account), id));
    }
    if !head.address.is_empty() {
        names.push(format!("{}#{}", head.set, head.address).into());
    }
    names
}

/// Whether two blocks of one configuration declare the same thing of the account: each is then judged for itself,
/// since only one of them will hold and nobody can tell which.
pub(crate) fn rivals(a: &Head, b: &Head) -> bool {
    let kind = |address: &str| address.rsplit('.').nth(1).map(str::to_owned);
    !a.address.is_empty()
        && !b.address.is_empty()
        && a.set == b.set
        && a.address != b.address
        && kind(&a.address) == kind(&b.address)
}

fn id_name(account: Option<&Text>, id: &str) -> Text {
    match account {
        Some(account) => format!("{account}/{id}").into(),
        None => format!("/{id}").into(),
    }
}

/// Every resource of every evidence set, joined, ordered and indexed.
#[derive(Debug, Default)]
pub struct Inventory {
    tables: BTreeMap<&'static str, Box<dyn AnyTable>>,
    listings: Vec<Listing>,
    regions: BTreeMap<Option<Text>, Fact<List<Text>>>,
    only_account: Option<Text>,
    /// Whether no account is named and all of it is what one configuration declares.
    one_set: bool,
    /// What could not be read, in order.
    pub problems: Vec<Problem>,
    /// Resource types of the provider that no adapter reads, with how many of each there are.
    pub not_read: BTreeMap<Text, u64>,
}

impl Inventory {
    /// Joins batches. The result does not depend on their order.
    pub fn join(batches: Vec<Batch>) -> Self {
        let mut inventory = Self::default();
        for batch in batches {
            let account = batch.account.as_ref().and_then(Fact::value).cloned();
            inventory.problems.extend(batch.problems);
            for (kind, count) in batch.not_read {
                let sum = inventory.not_read.entry(kind).or_default();
                *sum = sum.saturating_add(count);
            }
            inventory.listings.extend(batch.listings);
            if let Some(regions) = batch.regions {
                match inventory.regions.entry(account) {
                    std::collections::btree_map::Entry::Vacant(entry) => {
                        entry.insert(regions);
                    }
                    std::collections::btree_map::Entry::Occupied(mut entry) => union(entry.get_mut(), regions),
                }
            }
            for rows in batch.rows.into_values() {
                rows.into_inventory(&mut inventory);
            }
        }
        let mut accounts = BTreeSet::new();
        for table in inventory.tables.values() {
            for index in 0..table.count() {
                let head = table.record(index).and_then(Record::resource_head);
                accounts.extend(head.and_then(|head| head.account.value()).cloned());
            }
        }
        let mut sets = inventory.listings.iter().map(|listing| match &listing.scope {
            ListingScope::Set(set) => Some(set),
            ListingScope::Account { .. } => None,
        });
        let first = sets.next().flatten();
        inventory.one_set = accounts.is_empty() && first.is_some() && sets.all(|set| set == first);
        inventory.only_account = if accounts.len() == 1 { accounts.pop_first() } else { None };
        let only = inventory.only_account.clone();
        if let Some(only) = &only {
            inventory.name_owner(only);
        }
        inventory.tables.values_mut().for_each(|table| table.settle(only.as_ref()));
        inventory.listings.sort_by(|a, b| (a.kind, &a.scope, &a.origin).cmp(&(b.kind, &b.scope, &b.origin)));
        inventory.problems.sort();
        inventory.problems.dedup();
        inventory
    }

    pub(crate) fn take_rows<R: Resource>(&mut self, rows: Vec<Option<R>>) {
        if let Some(table) = self.table_mut::<R>() {
            if table.rows.is_empty() {
                // In place: records are large, and two copies of them would be.
                table.rows = rows.into_iter().flatten().collect();
                table.rows.shrink_to_fit();
            } else {
                table.rows.reserve_exact(rows.len());
                table.rows.extend(rows.into_iter().flatten());
            }
        }
    }

    fn table_mut<R: Resource>(&mut self) -> Option<&mut Table<R>> {
        self.tables
            .entry(R::SCHEMA.kind)
            .or_insert_with(|| Box::new(Table::<R> { rows: Vec::new(), names: FxHashMap::default() }))
            .as_any_mut()
            .downcast_mut()
    }

    /// All resources of a kind, in order: account, region, id, address.
    pub fn all<R: Resource>(&self) -> &[R] {
        self.tables
            .get(R::SCHEMA.kind)
            .and_then(|table| table.as_any().downcast_ref::<Table<R>>())
            .map_or(&[], |table| table.rows.as_slice())
    }

    /// All resources of a kind, for an analysis that adds derived facts. Heads must not change.
    pub fn all_mut<R: Resource>(&mut self) -> &mut [R] {
        self.table_mut::<R>().map_or(&mut [], |table| table.rows.as_mut_slice())
    }

    /// Adds a resource that no source states and every account has, such as the account itself.
    pub fn add<R: Resource>(&mut self, resource: R) {
        let only = self.only_account.clone();
        if let Some(table) = self.table_mut::<R>() {
            table.rows.push(resource);
            table.settle(only.as_ref());
        }
    }

    /// The resources of a kind by its name.
    pub fn table(&self, kind: &str) -> Option<&dyn AnyTable> {
        self.tables.get(kind).map(Box::as_ref)
    }

    /// Every kind that has resources, in order of name.
    pub fn kinds(&self) -> impl Iterator<Item = (&'static str, &dyn AnyTable)> {
        self.tables.iter().filter(|(_, table)| table.count() > 0).map(|(kind, table)| (*kind, table.as_ref()))
    }

    /// The resource that a link of `from` means.
    pub fn follow(&self, from: Option<&Head>, schema: &Schema, target: &str) -> Option<&dyn Record> {
        let table = self.table(schema.kind)?;
        table.record(self.position(table, from, target)?)
    }

    /// The resource that a link of `from` means, typed.
    pub fn follow_as<R: Resource>(&self, from: Option<&Head>, target: &str) -> Option<&R> {
        let table = self.table(R::SCHEMA.kind)?;
        self.all::<R>().get(self.position(table, from, target)?)
    }

    fn position(&self, table: &dyn AnyTable, from: Option<&Head>, target: &str) -> Option<usize> {
        if target.contains('#') {
            return table.find(target);
        }
        let account = from.and_then(|head| head.account.value()).or(self.only_account.as_ref());
        table.find(&id_name(account, target)).or_else(|| table.find(&id_name(None, target)))
    }

    /// The account that owns a resource; the only account of the evidence when the resource names none.
    pub fn account_of(&self, head: &Head) -> Option<&Account> {
        let accounts = self.all::<Account>();
        match head.account.value() {
            Some(id) => accounts.iter().find(|account| account.head.id.value() == Some(id)),
            None if accounts.len() == 1 => accounts.first(),
            None => None,
        }
    }

    /// The account's id when the whole evidence names just one.
    pub fn only_account(&self) -> Option<&Text> {
        self.only_account.as_ref()
    }

    /// Whether the evidence may be of more than one account: it names several, or it names none and is more than what
    /// one configuration declares.
    pub fn mixed(&self) -> bool {
        self.only_account.is_none() && !self.one_set
    }

    /// Every statement about what was listed, in order.
    pub fn listings(&self) -> &[Listing] {
        &self.listings
    }

    /// The regions that the evidence of each account says were asked.
    pub fn regions_asked(&self) -> &BTreeMap<Option<Text>, Fact<List<Text>>> {
        &self.regions
    }

    /// Why the listing of a kind is not complete: empty when it is.
    ///
    /// API evidence of an account must list a global kind once, and a regional kind in every region that was asked;
    /// when the evidence does not say which regions the account has, the others are not asked. A configuration or
    /// template lists what it declares. Nothing at all is a gap too.
    pub fn gaps(&self, schema: &'static Schema) -> Vec<Gap> {
        let mut gaps = BTreeSet::new();
        let mut accounts: BTreeSet<Option<&Text>> = self.regions.keys().map(Option::as_ref).collect();
        let mut sets: BTreeSet<&Text> = BTreeSet::new();
        for listing in &self.listings {
            match &listing.scope {
                ListingScope::Account { account, .. } => {
                    accounts.insert(account.as_ref());
                }
                ListingScope::Set(set) => {
                    sets.insert(set);
                }
            }
        }
        for account in &accounts {
            self.account_gaps(schema, *account, &mut gaps);
        }
        for set in &sets {
            let listed =
                self.of_kind(schema).find(|listing| matches!(&listing.scope, ListingScope::Set(s) if s == *set));
            let gap = match listed {
                Some(listing) => listing.gap.clone(),
                None if accounts.is_empty() => Some(Reason::NotInEvidence),
                None => None,
            };
            let about = listed.and_then(|listing| listing.about.clone());
            gaps.extend(gap.map(|reason| Gap { of: Some((*set).clone()), region: None, reason, about }));
        }
        if accounts.is_empty() && sets.is_empty() {
            gaps.insert(Gap { of: None, region: None, reason: Reason::NotCollected, about: None });
        }
        gaps.into_iter().collect()
    }

    fn of_kind(&self, schema: &'static Schema) -> impl Iterator<Item = &Listing> {
        self.listings.iter().filter(move |listing| listing.kind == schema.kind)
    }

    fn account_gaps(&self, schema: &'static Schema, account: Option<&Text>, gaps: &mut BTreeSet<Gap>) {
        let mut gap = |region: Option<&Text>, reason: &Reason| {
            gaps.insert(Gap { of: account.cloned(), region: region.cloned(), reason: reason.clone(), about: None });
        };
        let mut seen: BTreeMap<Option<&Text>, Option<&Reason>> = BTreeMap::new();
        for listing in self.of_kind(schema) {
            if let ListingScope::Account { account: of, region } = &listing.scope
                && of.as_ref() == account
            {
                // One complete listing of a region settles it, whatever another attempt ran into.
                let entry = seen.entry(region.as_ref()).or_insert(listing.gap.as_ref());
                if listing.gap.is_none() {
                    *entry = None;
                }
            }
        }
        for (region, reason) in &seen {
            if let Some(reason) = reason {
                gap(*region, reason);
            }
        }
        if schema.scope != Scope::Regional {
            if seen.is_empty() {
                gap(None, &Reason::NotCollected);
            }
            return;
        }
        if seen.contains_key(&None) {
            return;
        }
        match self.regions.get(&account.cloned()).map(|fact| &fact.state) {
            Some(State::Known(regions)) => {
                for region in regions.items.iter().filter(|region| !seen.contains_key(&Some(*region))) {
                    gap(Some(region), &Reason::NotCollected);
                }
                if let Some(reason) = &regions.more {
                    gap(None, reason);
                }
            }
            Some(State::Unknown(reason)) => gap(None, reason),
            Some(State::Absent) | None => {
                let reason =
                    if seen.is_empty() { Reason::NotCollected } else { Reason::NotAsked("other regions".into()) };
                gap(None, &reason);
            }
        }
    }

    /// Whether any evidence is of that kind.
    pub fn has_source(&self, kind: SourceKind) -> bool {
        self.listings.iter().any(|listing| listing.origin.source.kind == kind)
    }
}

fn union(fact: &mut Fact<List<Text>>, other: Fact<List<Text>>) {
    match (&mut fact.state, other.state) {
        (State::Known(mine), State::Known(theirs)) => {
            mine.items.extend(theirs.items);
            mine.items.sort();
            mine.items.dedup();
            // Either set of evidence may state the whole list; then nothing is missing.
            mine.more = mine.more.take().and(theirs.more);
        }
        (State::Known(_), _) => {}
        (mine, theirs) => *mine = theirs,
    }
}
