//! The entry of the crate: whatever was given, read as far as it can be.

mod account;
mod kind;
mod open;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use xiezhi_model::{Batch, Fact, Label, Origin, Problem, ProblemKind, Reason, Source, SourceKind, Text};

use self::account::{Answer, account_batches, folder_of, settle_accounts};
use self::kind::{Part, part};
use self::open::{Loaded, from_collector, from_xml, load, text, unpack};
use crate::api::driver::{Taken, read_answers};
use crate::api::outcome::{Outcome, request_id};
use crate::bundle::Manifest;
use crate::input::{Input, SourceFile};
use crate::json::Raw;
use crate::walk;
use crate::{attest, calls};

/// How much is read at most.
#[derive(Debug, Clone)]
pub struct Options {
    /// The largest file, in bytes.
    pub max_file: u64,
    /// The most bytes of all files together.
    pub max_total: u64,
    /// Whether configurations and templates are called by their place below what was given, so that two states of one
    /// estate that lie in two places have the same addresses.
    pub beside: bool,
}

impl Default for Options {
    /// 1 GiB a file, 8 GiB in all.
    fn default() -> Self {
        Self { max_file: 1 << 30, max_total: 8 << 30, beside: false }
    }
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// One per account of API evidence, per Terraform root module or document, per template, per attestation.
    pub batches: Vec<Batch>,
    /// What each file was taken for, in order of path.
    pub files: Vec<FileRead>,
    /// What the bundles say of their collection, in order of path.
    pub manifests: Vec<Manifest>,
    /// What could not be read, in order. Problems inside one evidence set stand in its batch.
    pub problems: Vec<Problem>,
}

/// A file and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileRead {
    /// The path as it was given.
    pub path: Text,
    /// What it was taken for.
    pub taken_for: TakenFor,
}

/// What a file was taken for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TakenFor {
    /// Answers of these calls, `product:Action`.
    Answers(Vec<Text>),
    /// A bundle with that many calls.
    Bundle(usize),
    /// Terraform configuration of the root module in that folder.
    TerraformConfig(Text),
    /// A Terraform plan or state as JSON.
    TerraformJson,
    /// A ROS template.
    Template,
    /// What people state.
    Attestation,
    /// Configuration, checks or waivers of this program: found and not used.
    NotObeyed,
    /// No evidence.
    Nothing,
}

/// Reads whatever was given. Nothing fails as a whole, and the result does not depend on the order of the inputs.
pub fn read(inputs: &[Input], options: &Options) -> Reading {
    let mut reading = Reading::default();
    let walked = walk::walk(inputs);
    reading.problems.extend(walked.problems);
    let mut loaded = load(walked.files, options, &mut reading.problems);
    for input in inputs {
        if let Input::Bytes { name, bytes, live } = input {
            let label = if *live { Label::Live } else { Label::UserProvided };
            loaded.push(Loaded {
                shown: name.clone(),
                root: name.clone(),
                given: true,
                label,
                bytes: bytes.clone(),
                root_element: None,
            });
        }
    }
    loaded.sort_by(|a, b| (&a.shown, &a.bytes).cmp(&(&b.shown, &b.bytes)));
    unpack(&mut loaded, options, &mut reading.problems);
    reading.problems.extend(loaded.par_iter_mut().filter_map(from_xml).collect::<Vec<_>>());
    loaded.par_iter_mut().for_each(from_collector);
    let texts: Vec<Option<Cow<'_, str>>> = loaded.par_iter().map(|file| text(&file.bytes)).collect();
    let parts: Vec<(Part<'_>, Vec<Problem>)> = loaded
        .par_iter()
        .zip(&texts)
        .map(|(file, text)| {
            let mut problems = vec![];
            let part = part(file, text.as_deref(), &mut problems);
            (part, problems)
        })
        .collect();
    assemble(&mut reading, &loaded, parts, options);
    for root in folders_without_evidence(inputs, &loaded, &reading) {
        reading.problems.push(problem(&root, 0, ProblemKind::Empty, "no evidence in it"));
    }
    reading.files.sort();
    reading.problems.sort();
    reading.problems.dedup();
    reading
}

fn problem(file: &str, line: u32, kind: ProblemKind, detail: impl Into<String>) -> Problem {
    Problem { file: file.into(), line, kind, detail: detail.into() }
}

/// Puts the parts together: one batch per account, root module, document and attestation.
fn assemble(reading: &mut Reading, loaded: &[Loaded], parts: Vec<(Part<'_>, Vec<Problem>)>, options: &Options) {
    let mut answers: Vec<Answer<'_>> = vec![];
    let mut attestations = vec![];
    let mut hcl: BTreeMap<&str, Vec<&Loaded>> = BTreeMap::new();
    let mut documents = vec![];
    let mut templates: Vec<&Loaded> = vec![];
    let mut others: Vec<&Loaded> = vec![];
    let mut manifests: Vec<(Option<Text>, Manifest, &Loaded)> = vec![];
    for (file, (part, problems)) in loaded.iter().zip(parts) {
        reading.problems.extend(problems);
        let taken_for = match part {
            Part::Answers { calls } => {
                let mut names: Vec<Text> = calls.iter().map(|(_, taken)| Text::from(call_name(taken))).collect();
                names.sort();
                names.dedup();
                answers.extend(calls.into_iter().map(|(account, taken)| Answer { account, root: &file.root, taken }));
                TakenFor::Answers(names)
            }
            Part::Bundle { manifest, calls } => {
                let count = calls.len();
                manifests.push((manifest.account.clone(), manifest, file));
                answers.extend(calls.into_iter().map(|(account, taken)| Answer { account, root: &file.root, taken }));
                TakenFor::Bundle(count)
            }
            Part::Hcl => {
                hcl.entry(&file.root).or_default().push(file);
                continue;
            }
            Part::TerraformJson => {
                documents.push(file);
                TakenFor::TerraformJson
            }
            Part::Template => {
                templates.push(file);
                TakenFor::Template
            }
            Part::Attestation(text) => {
                attestations.push((file, text));
                TakenFor::Attestation
            }
            Part::NotObeyed => TakenFor::NotObeyed,
            Part::Nothing => {
                others.push(file);
                TakenFor::Nothing
            }
        };
        reading.files.push(FileRead { path: file.shown.as_str().into(), taken_for });
    }
    let accounts = settle_accounts(&mut answers);
    let only = match accounts.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    reading.batches.extend(account_batches(answers, &manifests, only.as_ref()));
    reading.manifests = manifests.into_iter().map(|(_, manifest, _)| manifest).collect();
    for (file, text) in attestations {
        reading.batches.push(attest::read(&file.shown, &text, only.as_ref()));
    }
    terraform(reading, &hcl, (&documents, &others), options);
    let template = |file: &&Loaded| {
        text(&file.bytes).map(|text| crate::ros::read_template(set_of(file, options), &file.shown, &text))
    };
    reading.batches.extend(templates.par_iter().filter_map(template).collect::<Vec<Batch>>());
}

/// The largest file that a configuration is given to read: a policy or a template is small.
const LARGEST_COMPANION: usize = 1 << 18;

/// What the evidence set of a document or template is called: its path, or its place below the folder that was given.
fn set_of<'l>(file: &'l Loaded, options: &Options) -> &'l str {
    match (options.beside, file.given) {
        (false, _) => &file.shown,
        (true, true) => "",
        (true, false) => below(file),
    }
}

/// The path of a file below the folder that was given, or that it lies in.
fn below(file: &Loaded) -> &str {
    file.shown.strip_prefix(&file.root).unwrap_or(&file.shown).trim_start_matches('/')
}

/// Terraform: the configurations below each folder that was given, with the other files there that they may read
/// (`file`, `templatefile`), and every plan and state by itself.
fn terraform(
    reading: &mut Reading,
    hcl: &BTreeMap<&str, Vec<&Loaded>>,
    (documents, others): (&[&Loaded], &[&Loaded]),
    options: &Options,
) {
    let place = |file: &Loaded| if options.beside { below(file).to_owned() } else { file.shown.clone() };
    let source = |file: &&Loaded| SourceFile { path: place(file).into(), bytes: file.bytes.clone() };
    let trees: Vec<Vec<(String, Batch)>> = hcl
        .par_iter()
        .map(|(root, files)| {
            let beside = others.iter().filter(|file| file.root == *root && file.bytes.len() <= LARGEST_COMPANION);
            crate::terraform::read_tree(&files.iter().chain(beside).map(source).collect::<Vec<_>>())
        })
        .collect();
    let mut sets: BTreeSet<String> = BTreeSet::new();
    let mut taken_in: BTreeMap<Text, String> = BTreeMap::new();
    for (set, batch) in trees.into_iter().flatten() {
        taken_in.extend(batch.taken_in.iter().map(|path| (path.clone(), set.clone())));
        sets.insert(set);
        reading.batches.push(batch);
    }
    claim(reading, others, |file| taken_in.get(place(file).as_str()));
    for file in hcl.values().flatten() {
        let taken_for = TakenFor::TerraformConfig(folder_of(&file.shown).into());
        reading.files.push(FileRead { path: file.shown.as_str().into(), taken_for });
    }
    // A plan beside its configuration speaks of the same addresses; two plans in one folder may be of two projects.
    let beside = |file: &&Loaded| {
        let folder = folder_of(&file.shown);
        let alone = documents.iter().filter(|other| folder_of(&other.shown) == folder).count() == 1;
        let own = place(file);
        let folder = folder_of(&own);
        let set = if alone && sets.contains(folder) { folder } else { set_of(file, options) };
        text(&file.bytes).map(|text| crate::terraform::read_json(set, &file.shown, &text))
    };
    reading.batches.extend(documents.par_iter().filter_map(beside).collect::<Vec<Batch>>());
}

/// Files of which a configuration takes the text are part of it: that they are no evidence by themselves is no problem.
fn claim<'s>(reading: &mut Reading, others: &[&Loaded], set: impl Fn(&Loaded) -> Option<&'s String>) {
    let claimed: BTreeMap<&str, &String> =
        others.iter().filter_map(|file| Some((file.shown.as_str(), set(file)?))).collect();
    reading.problems.retain(|problem| !claimed.contains_key(problem.file.as_str()));
    for file in &mut reading.files {
        if let Some(set) = claimed.get(file.path.as_str()) {
            file.taken_for = TakenFor::TerraformConfig(set.as_str().into());
        }
    }
}

fn call_name(taken: &Taken<'_>) -> String {
    format!("{}:{}", taken.product, taken.action)
}

/// Folders and byte inputs in which nothing was evidence.
fn folders_without_evidence(inputs: &[Input], loaded: &[Loaded], reading: &Reading) -> Vec<String> {
    let evidence: BTreeSet<&str> = reading
        .files
        .iter()
        .filter(|file| !matches!(file.taken_for, TakenFor::Nothing | TakenFor::NotObeyed))
        .map(|file| file.path.as_str())
        .collect();
    let mut empty = BTreeSet::new();
    for input in inputs {
        let Input::Path(path) = input else { continue };
        if !path.is_dir() {
            continue;
        }
        let root = walk::shown(path);
        let any = loaded.iter().any(|file| file.root == root && evidence.contains(file.shown.as_str()));
        let named = reading.problems.iter().any(|problem| problem.file == root && problem.kind == ProblemKind::Empty);
        if !any && !named {
            empty.insert(root);
        }
    }
    empty.into_iter().collect()
}

/// Reads one answer of a named call, as examples and tests write it; `params` are the parameters of the request.
///
/// The text may be one answer, a list of pages or one page per line. `call` is `product:Action`.
pub fn read_answer(call: &str, region: Option<&str>, params: &[(&str, &str)], file: &str, text: &str) -> Batch {
    let mut batch = Batch::new();
    let (product, action) = call.split_once(':').unwrap_or(("", call));
    let (mut documents, error) = Raw::whole(text).documents();
    if let [only] = documents.as_slice()
        && only.first() == Some(b'[')
    {
        documents = only.members().0;
    }
    let many = documents.len() > 1;
    let taken = documents.iter().zip(1_u32..).map(|(document, at)| {
        let entries = document.entries();
        Taken {
            file,
            line: document.line,
            product: calls::product(product),
            action: action.to_owned(),
            region: region.map(Text::from),
            params: params.iter().map(|(name, value)| (Text::from(*name), Text::from(*value))).collect(),
            request_id: request_id(&entries),
            time: None,
            page: many.then_some(at),
            outcome: Outcome::of(*document, &entries),
            label: Label::UserProvided,
        }
    });
    let taken: Vec<Taken<'_>> = taken.collect();
    if taken.is_empty() {
        batch.problems.extend(error.map(|error| problem(file, error.line, error.kind, error.detail)));
    }
    let source = Source::new(SourceKind::Api, file);
    let account =
        Fact::unknown(Reason::NotInEvidence, Origin::new(std::sync::Arc::new(source), 0, Label::UserProvided));
    read_answers(&mut batch, &account, taken);
    batch.finish();
    batch
}
