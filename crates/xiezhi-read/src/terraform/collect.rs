//! What configuration, plan, state and templates have in common: blocks in, resources and listings out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{
    Batch, Fact, Head, Key, Label, Listing, ListingScope, Origin, Problem, ProblemKind, Reason, Resource, Schema, Text,
};

use super::Block;
use crate::among::Among;
use crate::fields::{Fields, documented};
use crate::sink::{Around, Sink};
use crate::tree::{Node, Tree};

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
    missing: Vec<(Reason, Origin, Arc<Among>)>,
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
            missing: vec![],
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

    /// A part of the set is not in evidence, which can name no resource outside it but those `among` which it is: it may
    /// make more of every kind, and say of those resources whatever a block can say of another one.
    pub(crate) fn missing_part(&mut self, reason: Reason, origin: Origin, among: Among) {
        self.any = true;
        self.missing.push((reason, origin, Arc::new(among)));
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

    /// Takes what stands for those blocks of a type of which the keys are not known, beside those of known keys: what they
    /// make is a gap of its listing, and what they may say of others is in doubt.
    pub(crate) fn rest(&mut self, name: &str, node: Node<'static>, around: Around) {
        match self.blocks.get(name).copied() {
            Some(block) if block.kind.is_none() => self.companions.push((block, node, around)),
            Some(block) => {
                let mut said = Batch::new();
                read(&mut said, block, &node, around);
                self.batch.put_off(said);
            }
            None => {}
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
        let missing = self.missing.first().map(|(reason, ..)| reason);
        account.oss_block_public_access = match missing.or(self.gaps.get(Account::SCHEMA.kind)) {
            Some(reason) => Fact::unknown(reason.clone(), default.origin),
            None => default,
        };
        self.batch.add(&Key::address(Account::SCHEMA.kind, ""), account);
    }

    /// Doubts what blocks that nobody can read may say of the resources `among` which they may be: as if one of every
    /// type stood there, of which nothing can be told.
    fn doubt(&mut self, reason: &Reason, origin: &Origin, among: &Arc<Among>) {
        let node = Node::new(Tree::Unknown(reason.clone()), 0);
        for block in self.blocks.values() {
            let mut around = Around::nothing(origin.clone());
            around.set = self.set.as_str().into();
            around.region = Fact::unknown(reason.clone(), origin.clone());
            around.among = Some(Arc::clone(among));
            let mut said = Batch::new();
            read(&mut said, block, &node, around);
            self.batch.put_off(said);
        }
        let reason = reason.clone();
        self.batch.later(move |batch| batch.distrust_account(&reason));
    }

    /// Everything was taken: makes the listings and hands the batch out, joined to what `batch` has.
    pub(crate) fn finish(mut self, batch: Batch, origin: &Origin) -> Batch {
        for (block, node, around) in std::mem::take(&mut self.companions) {
            read(&mut self.batch, block, &node, around);
        }
        self.account_defaults();
        let missing = std::mem::take(&mut self.missing);
        for (reason, origin, among) in &missing {
            self.doubt(reason, origin, among);
        }
        let about: BTreeSet<Text> = missing.iter().flat_map(|(.., among)| among.all()).cloned().collect();
        let about = Arc::new(about);
        if let Some(reason) = self.incomplete.clone() {
            // After what companions say, before what is concluded from it.
            self.batch.later(move |batch| batch.distrust(&reason));
        }
        self.batch.finish();
        let mut kinds: Vec<_> = self.blocks.values().filter_map(|block| block.kind).map(|kind| kind.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let gap = self.incomplete.as_ref().or(self.gaps.get(kind)).or(self.batch.left_open(kind)).cloned();
            let made = missing.first().map(|(reason, ..)| reason.clone());
            let mut origin = origin.clone();
            if made.is_some() {
                // What is concluded from it for the resources that no missing part can name rests on that assumption.
                origin.label = Label::Inference;
            }
            self.batch.listing(Listing {
                kind,
                scope: ListingScope::Set(self.set.as_str().into()),
                about: (gap.is_none() && made.is_some()).then(|| Arc::clone(&about)),
                gap: gap.or(made),
                origin,
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
