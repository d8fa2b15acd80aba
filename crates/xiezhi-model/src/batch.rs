//! What one evidence set says: an API dump of an account, a Terraform root module, a template, an attestation.
//!
//! Inside a batch several calls or blocks speak of one resource (the list, the detail call, a companion block); they
//! are joined by key. Batches are joined into the [`crate::Inventory`].

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Debug;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::inventory::rivals;
use crate::{Fact, Head, Inventory, List, Listing, Origin, Reason, Record, Resource, Schema, Scope, State, Text};

/// The names under which one batch knows a resource: its id, its address, or both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Key {
    /// The provider's id, when known.
    pub id: Option<Text>,
    /// `set#address`, when the source has addresses.
    pub address: Option<Text>,
}

impl Key {
    /// A resource known by its id.
    pub fn id(id: impl Into<Text>) -> Self {
        Self { id: Some(id.into()), address: None }
    }

    /// A resource known by its address in an evidence set.
    pub fn address(set: &str, address: &str) -> Self {
        Self { id: None, address: Some(format!("{set}#{address}").into()) }
    }

    /// The target of a link: an id, or `set#address`.
    pub fn target(target: &Text) -> Self {
        if target.contains('#') { Self { id: None, address: Some(target.clone()) } } else { Self::id(target.clone()) }
    }

    fn names(&self) -> impl Iterator<Item = &Text> {
        self.id.iter().chain(self.address.iter())
    }
}

/// Something that could not be read. It costs one file, call or resource, never the run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file as it was given.
    pub file: Text,
    /// The line, from 1; 0 when there is none.
    pub line: u32,
    /// What is wrong.
    pub kind: ProblemKind,
    /// The reader's own words: the parser's message, the type met, the limit.
    pub detail: String,
}

/// What can be wrong with evidence. Each has one sentence and one remedy in `xiezhi-report`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The path does not exist.
    Missing,
    /// The folder holds nothing that is evidence.
    Empty,
    /// The file cannot be opened or read.
    Unreadable,
    /// The file is not UTF-8.
    NotUtf8,
    /// Not valid JSON.
    BrokenJson,
    /// Not valid HCL.
    BrokenHcl,
    /// Not valid TOML.
    BrokenToml,
    /// Not valid YAML.
    BrokenYaml,
    /// Nested deeper than the limit.
    TooDeep,
    /// Larger than the limit.
    TooLarge,
    /// A symbolic link that loops or leaves the folder.
    Link,
    /// A file whose content is no evidence that this program knows.
    NotRecognised,
    /// A policy by itself: nothing says whom or what it is attached to.
    LonePolicy,
    /// Terraform of a provider other than alicloud.
    OtherProvider,
    /// A file that ends too early.
    Truncated,
    /// Configuration, checks or waivers inside the evidence: found and not used.
    NotObeyed,
    /// A module or file that could not be followed.
    NotFollowed,
    /// A module of which the evidence has the call alone.
    MissingModule,
    /// A value that should have been there or has another type.
    Unexpected,
    /// A key of `attest.toml` that means nothing.
    UnknownKey,
    /// A check file that cannot be used.
    BadCheck,
    /// A policy whose text the service refuses or may read otherwise; the evidence itself was read.
    Policy(Wording),
}

/// What is wrong with a policy, in English and 简体中文, and what to do, in both: the reasoning knows better than one sentence
/// for all.
pub type Wording = &'static [&'static str; 4];

impl ProblemKind {
    /// Whether the rest may be judged without a word on the exit code: what was found and rightly not used, and policies
    /// that are wrong in themselves, whose effect the verdicts name as unknown.
    pub fn is_notice(self) -> bool {
        matches!(self, ProblemKind::NotObeyed | ProblemKind::Policy(_))
    }
}

/// The rows of one kind inside a batch, joined by key.
#[derive(Debug, Default)]
pub(crate) struct Rows<R> {
    rows: Vec<Option<R>>,
    names: FxHashMap<Text, usize>,
    /// Ids that several blocks of one configuration declare.
    shared: FxHashSet<Text>,
}

impl<R: Resource> Rows<R> {
    /// The index of the row with one of these names; rows that turn out to be the same are joined.
    fn find(&mut self, key: &Key) -> Option<usize> {
        let mut found: Option<usize> = None;
        for name in key.names() {
            let Some(&at) = self.names.get(name) else { continue };
            match found {
                None => found = Some(at),
                Some(first) if first != at => {
                    let moved = self.rows.get_mut(at).and_then(Option::take);
                    if let (Some(moved), Some(Some(row))) = (moved, self.rows.get_mut(first)) {
                        row.merge(moved);
                    }
                    self.names.values_mut().filter(|index| **index == at).for_each(|index| *index = first);
                }
                Some(_) => {}
            }
        }
        found
    }

    fn entry(&mut self, key: &Key, origin: &Origin) -> Option<&mut R> {
        let at = match self.find(key) {
            Some(at) => at,
            None => self.push(R::new(Head::new(origin.clone()))),
        };
        self.name(key, at);
        self.rows.get_mut(at).and_then(Option::as_mut)
    }

    /// Joins a resource to its row; the first one is the row, with its own reasons for what it does not know.
    fn add(&mut self, key: &Key, mut resource: R) {
        if let (Some(id), Some(address)) = (&key.id, &key.address)
            && self.part(id, resource.head())
        {
            let address = Key { id: None, address: Some(address.clone()) };
            resource.head_mut().id.state = State::Unknown(two_of(id));
            return self.add(&address, resource);
        }
        let at = match self.find(key) {
            Some(at) => {
                if let Some(Some(row)) = self.rows.get_mut(at) {
                    row.merge(resource);
                }
                at
            }
            None => self.push(resource),
        };
        self.name(key, at);
    }

    /// Whether another block of the same configuration declares the same id: only one of the two will be there, and
    /// each is judged for itself, known by its address alone.
    fn part(&mut self, id: &Text, head: &Head) -> bool {
        if self.shared.contains(id) {
            return true;
        }
        let first = self.names.get(id).and_then(|at| self.rows.get_mut(*at)).and_then(Option::as_mut);
        let Some(first) = first.filter(|first| rivals(first.head(), head)) else { return false };
        first.head_mut().id.state = State::Unknown(two_of(id));
        self.names.remove(id);
        self.shared.insert(id.clone());
        true
    }

    fn push(&mut self, row: R) -> usize {
        self.rows.push(Some(row));
        self.rows.len().saturating_sub(1)
    }

    fn name(&mut self, key: &Key, at: usize) {
        for name in key.names() {
            self.names.insert(name.clone(), at);
        }
    }
}

/// Why an id that two blocks declare is the id of neither.
fn two_of(id: &str) -> Reason {
    Reason::not_understood(format!("which of the blocks that declare `{id}` is meant"))
}

/// Rows of any kind.
pub(crate) trait AnyRows: Any + Debug + Send {
    fn into_inventory(self: Box<Self>, inventory: &mut Inventory);
    fn distrust(&mut self, reason: &Reason);
    fn distrust_account(&mut self, reason: &Reason);
    /// Adds the rows to another batch, under the names they have here.
    fn into_batch(self: Box<Self>, batch: &mut Batch);
    /// Makes every fact that a row states unknown; rows that nothing names go.
    fn doubt_all(&mut self, reason: &Reason);
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn records(&self) -> Vec<&dyn Record>;
}

impl<R: Resource> AnyRows for Rows<R> {
    fn records(&self) -> Vec<&dyn Record> {
        self.rows.iter().flatten().map(|row| row as &dyn Record).collect()
    }

    fn into_inventory(self: Box<Self>, inventory: &mut Inventory) {
        inventory.take_rows(self.rows);
    }

    fn distrust(&mut self, reason: &Reason) {
        self.rows.iter_mut().flatten().for_each(|row| row.distrust(reason));
    }

    fn distrust_account(&mut self, reason: &Reason) {
        if R::SCHEMA.scope == Scope::Account {
            self.distrust(reason);
        }
    }

    fn into_batch(self: Box<Self>, batch: &mut Batch) {
        let mut keys: Vec<Key> = self.rows.iter().map(|_| Key::default()).collect();
        let mut names: Vec<(Text, usize)> = self.names.into_iter().collect();
        names.sort_unstable();
        for (name, at) in names {
            if let Some(key) = keys.get_mut(at) {
                let place = if name.contains('#') { &mut key.address } else { &mut key.id };
                place.get_or_insert(name);
            }
        }
        for (row, key) in self.rows.into_iter().zip(keys) {
            if let Some(row) = row {
                batch.add(&key, row);
            }
        }
    }

    fn doubt_all(&mut self, reason: &Reason) {
        for slot in &mut self.rows {
            *slot = slot.take().and_then(|row| {
                let head = row.head();
                let named = head.id.value().is_some() || !head.address.is_empty() || R::SCHEMA.scope == Scope::Account;
                named.then(|| {
                    let mut doubtful = R::new(head.clone());
                    doubtful.doubt(&row, reason);
                    doubtful
                })
            });
        }
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// What one evidence set says.
#[derive(Debug, Default)]
pub struct Batch {
    pub(crate) rows: BTreeMap<&'static str, Box<dyn AnyRows>>,
    pub(crate) listings: Vec<Listing>,
    /// The account that the whole set belongs to, when it says so.
    pub account: Option<Fact<Text>>,
    /// The regions that the set says were asked, with whether that is every region of the account.
    pub regions: Option<Fact<List<Text>>>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Resource types of the provider that no adapter reads, with how many of each there are: part of the scope of
    /// an answer, and no problem of the evidence.
    pub not_read: BTreeMap<Text, u64>,
    /// The files beside the set of which it takes the text: no evidence by themselves.
    pub taken_in: Vec<Text>,
    /// Kinds of which there may be more than the set declares, and why.
    open: BTreeMap<&'static str, Reason>,
    later: Deferred,
    conclusions: BTreeMap<&'static str, fn(&mut Batch)>,
}

/// Changes that wait until everything of the set has been read.
#[derive(Default)]
struct Deferred(Vec<Change>);

type Change = Box<dyn FnOnce(&mut Batch) + Send>;

impl Debug for Deferred {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} deferred", self.0.len())
    }
}

impl Batch {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    fn rows<R: Resource>(&mut self) -> Option<&mut Rows<R>> {
        self.rows
            .entry(R::SCHEMA.kind)
            .or_insert_with(|| {
                Box::new(Rows::<R> { rows: vec![], names: FxHashMap::default(), shared: FxHashSet::default() })
            })
            .as_any_mut()
            .downcast_mut()
    }

    /// Why a companion that names a resource by that id cannot be placed: several blocks declare the id.
    pub fn ambiguous<R: Resource>(&mut self, id: &Text) -> Option<Reason> {
        self.rows::<R>().filter(|rows| rows.shared.contains(id)).map(|_| two_of(id))
    }

    /// Adds what one call or block says of a resource; whatever else the batch says of it is joined. Two blocks of one
    /// configuration with the same id stay two.
    pub fn add<R: Resource>(&mut self, key: &Key, resource: R) {
        if let Some(rows) = self.rows::<R>() {
            rows.add(key, resource);
        }
    }

    /// The resource with that key, to say one more fact of it; a new one when the batch has none yet.
    pub fn edit<R: Resource>(&mut self, key: &Key, origin: &Origin, change: impl FnOnce(&mut R)) {
        if let Some(row) = self.rows::<R>().and_then(|rows| rows.entry(key, origin)) {
            change(row);
        }
    }

    /// Adds members to a list of a resource: pages of one call, companion blocks of a configuration.
    ///
    /// A list that only a documented default speaks of is replaced; a list that is unknown for a cause other than
    /// silence keeps that cause in `more`. `more` says why there may be further members.
    pub fn append<R: Resource, T>(
        &mut self,
        key: &Key,
        origin: &Origin,
        list: impl FnOnce(&mut R) -> &mut Fact<List<T>>,
        items: Vec<T>,
        more: Option<Reason>,
    ) {
        self.edit::<R>(key, origin, |row| append_to(list(row), origin, items, more));
    }

    /// Changes every resource of a kind that the batch has so far.
    pub fn for_each<R: Resource>(&mut self, mut change: impl FnMut(&mut R)) {
        if let Some(rows) = self.rows::<R>() {
            rows.rows.iter_mut().flatten().for_each(&mut change);
        }
    }

    /// The resources of a kind that the batch has so far.
    pub fn resources<R: Resource>(&mut self) -> Vec<&R> {
        self.rows::<R>().into_iter().flat_map(|rows| rows.rows.iter().flatten()).collect()
    }

    /// Every resource that the batch has so far, by kind.
    pub fn records(&self) -> impl Iterator<Item = &dyn Record> {
        self.rows.values().flat_map(|rows| rows.records())
    }

    /// Puts off a change until everything of the set has been read: [`Self::finish`] makes it.
    pub fn later(&mut self, change: impl FnOnce(&mut Batch) + Send + 'static) {
        self.later.0.push(Box::new(change));
    }

    /// Puts off a conclusion from the facts of a kind until the whole set has been read and every change of
    /// [`Self::later`] made. It is drawn once, however often it is put off under its name.
    pub fn conclude(&mut self, name: &'static str, conclusion: fn(&mut Batch)) {
        self.conclusions.insert(name, conclusion);
    }

    /// What was listed of a kind so far.
    pub fn listings_of(&self, schema: &Schema) -> impl Iterator<Item = &Listing> {
        self.listings.iter().filter(|listing| listing.kind == schema.kind)
    }

    /// Why what the batch has of a kind is not all of it; `None` when a complete listing says that it is.
    pub fn gap(&self, schema: &Schema) -> Option<Reason> {
        let mut gap = Some(Reason::NotCollected);
        for listing in self.listings.iter().filter(|listing| listing.kind == schema.kind) {
            gap.clone_from(&listing.gap);
            if gap.is_none() {
                break;
            }
        }
        gap
    }

    /// Makes the changes and draws the conclusions that were put off. Readers call it when the set is read to its end.
    pub fn finish(&mut self) {
        for change in std::mem::take(&mut self.later.0) {
            change(self);
        }
        crate::vocabulary::hold(self);
        for conclusion in std::mem::take(&mut self.conclusions).into_values() {
            conclusion(self);
        }
    }

    /// Takes in what a part of the same evidence set says, as if it had been read here.
    pub fn absorb(&mut self, part: Batch) {
        for rows in part.rows.into_values() {
            rows.into_batch(self);
        }
        self.listings.extend(part.listings);
        self.problems.extend(part.problems);
        self.later.0.extend(part.later.0);
        self.conclusions.extend(part.conclusions);
        self.open.extend(part.open);
    }

    /// Keeps of this batch only what it speaks of: every fact that it states becomes unknown. So a reader says what a
    /// refused call would have told.
    #[must_use]
    pub fn doubtful(mut self, reason: &Reason) -> Self {
        self.rows.values_mut().for_each(|rows| rows.doubt_all(reason));
        self
    }

    /// States that a kind was listed, or why it was not.
    pub fn listing(&mut self, listing: Listing) {
        self.listings.push(listing);
    }

    /// There may be more of a kind than the set declares: what makes them is not in it.
    pub fn leave_open(&mut self, schema: &Schema, reason: Reason) {
        self.open.entry(schema.kind).or_insert(reason);
    }

    /// Why there may be more of a kind than the set declares.
    pub fn left_open(&self, kind: &str) -> Option<&Reason> {
        self.open.get(kind)
    }

    /// How many resources of each kind the batch has so far.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        self.rows.iter().map(|(kind, rows)| (*kind, rows.records().len())).collect()
    }

    /// Counts a resource of a type that no adapter reads.
    pub fn not_read(&mut self, kind: &str) {
        let count = self.not_read.entry(kind.into()).or_default();
        *count = count.saturating_add(1);
    }

    /// A part of the set could not be read: what only documented defaults or silence say of its resources becomes
    /// unknown, and every list may have more members.
    pub fn distrust(&mut self, reason: &Reason) {
        self.rows.values_mut().for_each(|rows| rows.distrust(reason));
    }

    /// The same for what the account has exactly one of, which anything may change without naming it.
    pub fn distrust_account(&mut self, reason: &Reason) {
        self.rows.values_mut().for_each(|rows| rows.distrust_account(reason));
    }

    /// Puts off what another batch of the same set puts off, and takes nothing else from it.
    pub fn put_off(&mut self, other: Batch) {
        self.later.0.extend(other.later.0);
    }

    /// States a problem.
    pub fn problem(&mut self, file: &str, line: u32, kind: ProblemKind, detail: impl Into<String>) {
        self.problems.push(Problem { file: file.into(), line, kind, detail: detail.into() });
    }
}

fn append_to<T>(fact: &mut Fact<List<T>>, origin: &Origin, items: Vec<T>, more: Option<Reason>) {
    let replace = match &mut fact.state {
        State::Known(list) if !fact.origin.is_default() => {
            list.items.extend(items);
            list.more = more.or(list.more.take());
            return;
        }
        State::Known(_) | State::Absent => None,
        State::Unknown(reason) if reason.is_silence() => None,
        State::Unknown(reason) => Some(reason.clone()),
    };
    *fact = Fact::known(List { items, more: more.or(replace) }, origin.clone());
}
