//! What configuration, plan, state and templates have in common: blocks in, resources and listings out.

use std::collections::BTreeMap;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{
    Batch, Fact, Head, Key, Listing, ListingScope, Origin, Problem, ProblemKind, Reason, Resource, Schema, Text,
};

use super::Block;
use crate::fields::{Fields, documented};
use crate::sink::{Around, Sink};
use crate::tree::Node;

/// Takes the blocks of one set and makes its batch.
pub(crate) struct Collector {
    set: String,
    batch: Batch,
    blocks: BTreeMap<&'static str, &'static Block>,
    makes: &'static [(&'static str, &'static Schema)],
    /// Companions wait until the resources that they speak of are there.
    companions: Vec<(&'static Block, Node<'static>, Around)>,
    gaps: BTreeMap<&'static str, Reason>,
    incomplete: Option<Reason>,
    any: bool,
}

impl Collector {
    /// A collector for one set, of types that `blocks` say how to read. `makes` are types that nothing reads and that make
    /// resources of a kind: where one stands, the set has more of them than were read.
    pub(crate) fn new(
        set: &str,
        blocks: &[&'static [Block]],
        makes: &'static [(&'static str, &'static Schema)],
    ) -> Self {
        Self {
            set: set.to_owned(),
            batch: Batch::new(),
            blocks: blocks.iter().flat_map(|blocks| blocks.iter()).map(|block| (block.name, block)).collect(),
            makes,
            companions: vec![],
            gaps: BTreeMap::new(),
            incomplete: None,
            any: false,
        }
    }

    /// The set's name.
    pub(crate) fn set(&self) -> &str {
        &self.set
    }

    /// Whether no block of the provider was met.
    pub(crate) fn is_empty(&self) -> bool {
        !self.any
    }

    /// A block of the provider was met that makes nothing.
    pub(crate) fn seen(&mut self) {
        self.any = true;
    }

    /// Part of the set could not be read: no listing is complete and no documented default certain.
    pub(crate) fn incomplete(&mut self, reason: Reason) {
        self.any = true;
        self.incomplete.get_or_insert(reason);
    }

    /// There may be more or fewer blocks of a type than were met.
    pub(crate) fn gap(&mut self, name: &str, reason: Reason) {
        self.any = true;
        if let Some(kind) = self.blocks.get(name).and_then(|block| block.kind) {
            self.gaps.entry(kind.kind).or_insert(reason);
        }
    }

    /// States a problem.
    pub(crate) fn problem(&mut self, file: &Text, line: u32, kind: ProblemKind, detail: String) {
        let problem = Problem { file: file.clone(), line, kind, detail };
        if !self.batch.problems.contains(&problem) {
            self.batch.problems.push(problem);
        }
    }

    /// How a type is read; one that no adapter reads is counted.
    pub(crate) fn block(&mut self, name: &str) -> Option<&'static Block> {
        self.any = true;
        let block = self.blocks.get(name).copied();
        if block.is_none() {
            self.batch.not_read(name);
            for (_, kind) in self.makes.iter().filter(|(made_by, _)| *made_by == name) {
                self.gaps.entry(kind.kind).or_insert_with(|| Reason::not_understood(format!("`{name}`")));
            }
        }
        block
    }

    /// Reads one block at once: resources before their companions is the caller's care.
    pub(crate) fn read(&mut self, block: &Block, node: &Node<'_>, around: Around) {
        read(&mut self.batch, block, node, around);
    }

    /// Takes one block of a type of Alibaba Cloud. `gap` says why there may be more or fewer blocks like it: then every
    /// kind that it makes, its parts included, has no complete listing.
    pub(crate) fn add(&mut self, name: &str, node: Node<'static>, around: Around, gap: Option<&Reason>) {
        let Some(block) = self.block(name) else { return };
        if block.kind.is_none() {
            self.companions.push((block, node, around));
            return;
        }
        let before = gap.map(|reason| (reason, self.batch.counts()));
        self.read(block, &node, around);
        if let Some((reason, before)) = before {
            for (kind, count) in self.batch.counts() {
                if before.get(kind) != Some(&count) {
                    self.gaps.entry(kind).or_insert_with(|| reason.clone());
                }
            }
        }
    }

    /// What a configuration does not declare of its account is as the service leaves it, until a source has looked.
    /// Source: OSS PutPublicAccessBlock: off unless somebody sets it.
    fn account_defaults(&mut self) {
        const PAGE: &str = "OSS PutPublicAccessBlock: off for the account unless set";
        if self.batch.resources::<Bucket>().is_empty() {
            return;
        }
        let default = documented(PAGE).known(false);
        let mut account = Account::new(Head::new(default.origin.clone()));
        account.oss_block_public_access = match self.gaps.get(Account::SCHEMA.kind) {
            Some(reason) => Fact::unknown(reason.clone(), default.origin),
            None => default,
        };
        self.batch.add(&Key::address(Account::SCHEMA.kind, ""), account);
    }

    /// Everything was taken: makes the listings and hands the batch out, joined to what `batch` has.
    pub(crate) fn finish(mut self, batch: Batch, origin: &Origin) -> Batch {
        for (block, node, around) in std::mem::take(&mut self.companions) {
            read(&mut self.batch, block, &node, around);
        }
        self.account_defaults();
        if let Some(reason) = self.incomplete.clone() {
            // After what companions say, before what is concluded from it.
            self.batch.later(move |batch| batch.distrust(&reason));
        }
        self.batch.finish();
        let mut kinds: Vec<_> = self.blocks.values().filter_map(|block| block.kind).map(|kind| kind.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            self.batch.listing(Listing {
                kind,
                scope: ListingScope::Set(self.set.as_str().into()),
                gap: self.incomplete.as_ref().or(self.gaps.get(kind)).or(self.batch.left_open(kind)).cloned(),
                origin: origin.clone(),
            });
        }
        self.batch.problems.splice(0..0, batch.problems);
        self.batch
    }
}

fn read(batch: &mut Batch, block: &Block, node: &Node<'_>, around: Around) {
    let (origin, set) = (around.origin.clone(), around.set.clone());
    let fields = Fields::new(node, &origin, &set);
    (block.read)(&fields, &mut Sink { batch, around });
}
