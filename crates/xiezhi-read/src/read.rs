//! The entry of the crate: whatever was given, read as far as it can be.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use rayon::prelude::*;
use xiezhi_model::{Batch, Fact, Label, List, Origin, Problem, ProblemKind, Reason, Source, SourceKind, State, Text};

use crate::api::driver::{Taken, read_answers};
use crate::api::name::{self, Named};
use crate::api::outcome::{Outcome, printed_error, request_id};
use crate::bundle::{self, Manifest};
use crate::input::{Input, SourceFile, text_of};
use crate::json::{Entries, JsonError, Raw, walk as walk_list};
use crate::recognise::{self, Document};
use crate::tree::{Node, Tree};
use crate::walk::{self, Found};
use crate::{attest, calls, xml};

/// How much is read at most.
#[derive(Debug, Clone)]
pub struct Options {
    /// The largest file, in bytes.
    pub max_file: u64,
    /// The most bytes of all files together.
    pub max_total: u64,
}

impl Default for Options {
    /// 1 GiB a file, 8 GiB in all.
    fn default() -> Self {
        Self { max_file: 1 << 30, max_total: 8 << 30 }
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

/// A file with its content.
struct Loaded {
    shown: String,
    root: String,
    given: bool,
    label: Label,
    bytes: Vec<u8>,
    /// The root element, when it was XML.
    root_element: Option<String>,
}

/// What one file turned out to be.
enum Part<'a> {
    Answers { calls: Vec<(Option<Text>, Taken<'a>)> },
    Bundle { manifest: Manifest, calls: Vec<(Option<Text>, Taken<'a>)> },
    Hcl,
    TerraformJson,
    Template,
    Attestation(Cow<'a, str>),
    NotObeyed,
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
    assemble(&mut reading, &loaded, parts);
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

/// Opens the files that may be evidence, by their extension; what was given by name is always opened.
fn load(files: Vec<Found>, options: &Options, problems: &mut Vec<Problem>) -> Vec<Loaded> {
    let mut total = 0_u64;
    let mut wanted = vec![];
    for file in files {
        if !file.given && !may_be_evidence(&file.shown) {
            continue;
        }
        total = total.saturating_add(file.size);
        if file.size > options.max_file || total > options.max_total {
            total = total.saturating_sub(file.size);
            let detail = format!(
                "{} bytes; the limits are {} for a file and {} in all",
                file.size, options.max_file, options.max_total
            );
            problems.push(problem(&file.shown, 0, ProblemKind::TooLarge, detail));
            continue;
        }
        wanted.push(file);
    }
    let read: Vec<Result<Loaded, Problem>> = wanted
        .into_par_iter()
        .map(|file| match std::fs::read(&file.path) {
            Ok(bytes) => {
                let label = Label::UserProvided;
                Ok(Loaded { shown: file.shown, root: file.root, given: file.given, label, bytes, root_element: None })
            }
            Err(error) => Err(problem(&file.shown, 0, ProblemKind::Unreadable, error.kind().to_string())),
        })
        .collect();
    let mut loaded = vec![];
    for result in read {
        match result {
            Ok(file) => loaded.push(file),
            Err(problem) => problems.push(problem),
        }
    }
    loaded
}

/// Opens what is compressed with gzip, within the limits: one after the other, so that the same files stay out whatever
/// else is done at once.
fn unpack(loaded: &mut Vec<Loaded>, options: &Options, problems: &mut Vec<Problem>) {
    let mut left = options.max_total;
    loaded.retain_mut(|file| {
        if !file.bytes.starts_with(b"\x1f\x8b") {
            return true;
        }
        let most = options.max_file.min(left);
        let mut bytes = vec![];
        let read = flate2::read::MultiGzDecoder::new(file.bytes.as_slice())
            .take(most.saturating_add(1))
            .read_to_end(&mut bytes);
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let broken = match read {
            Err(error) => Some((ProblemKind::Unreadable, format!("damaged gzip data: {error}"))),
            Ok(_) if size > most => {
                Some((ProblemKind::TooLarge, format!("more than {most} bytes when it is unpacked, which is the limit")))
            }
            Ok(_) => None,
        };
        left = left.saturating_sub(size);
        file.bytes = bytes;
        let fine = broken.is_none();
        problems.extend(broken.map(|(kind, detail)| problem(&file.shown, 0, kind, detail)));
        fine
    });
}

/// Turns an XML answer into JSON; what is no XML stays as it is.
fn from_xml(file: &mut Loaded) -> Option<Problem> {
    let start = file.bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
    if start != Some(&b'<') {
        return None;
    }
    let named = name::call_of(&file.shown).is_some();
    let read = xml::read(&text(&file.bytes)?);
    match read {
        // Other tools write XML too: only what may be an answer is taken.
        Ok(document) if named || xml::call_of(&document.root).is_some() => {
            file.bytes = document.json.into_bytes();
            file.root_element = Some(document.root);
            None
        }
        Err((line, detail)) if named => Some(problem(&file.shown, line, ProblemKind::NotRecognised, detail)),
        _ => None,
    }
}

/// Turns what the collector of another tool wrote into a bundle of the calls that it was made of. A file that names a
/// call is that call's answer.
fn from_collector(file: &mut Loaded) {
    /// One asset is small.
    const LARGEST_ASSET: usize = 1 << 20;
    if extension(&file.shown) != "json" || name::call_of(&file.shown).is_some() {
        return;
    }
    let Some(text) = text(&file.bytes) else { return };
    let asset =
        || Some(&text).filter(|text| text.len() <= LARGEST_ASSET).and_then(|text| crate::cloudrec::bundle(text));
    if let Some(bundle) = crate::cloudsploit::bundle(&text).or_else(asset) {
        file.bytes = bundle.into_bytes();
    }
}

fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Extensions of evidence, and of configuration that is reported as not obeyed.
fn may_be_evidence(path: &str) -> bool {
    let extension = extension(path).to_ascii_lowercase();
    let known = ["json", "ndjson", "jsonl", "tf", "tfvars", "tfstate", "yaml", "yml", "toml", "template", "xml"];
    let plan = path.ends_with("tfplan") || path.ends_with(".plan");
    let printed = extension == "txt" && name::call_of(path).is_some();
    known.contains(&extension.as_str())
        || plan
        || printed
        || (extension.is_empty() && name::call_of(path).is_some())
        || in_checks(path)
}

/// A check file: Markdown in a folder `checks`.
fn in_checks(path: &str) -> bool {
    extension(path) == "md" && path.split('/').rev().skip(1).any(|folder| folder == "checks")
}

/// The content as text: UTF-8, or UTF-16 with a byte-order mark (a redirect in PowerShell writes that).
fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit).collect();
        String::from_utf16(&units).ok().map(Cow::Owned)
    };
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return wide(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return wide(rest, u16::from_be_bytes);
    }
    text_of(bytes).ok().map(Cow::Borrowed)
}

/// What a file is.
fn part<'a>(file: &'a Loaded, text: Option<&'a str>, problems: &mut Vec<Problem>) -> Part<'a> {
    let name = file.shown.rsplit('/').next().unwrap_or(&file.shown);
    let compressed = name.ends_with(".gz");
    let name = name.strip_suffix(".gz").unwrap_or(name);
    if file.bytes.starts_with(b"PK\x03\x04") {
        let detail = "an archive, or a binary Terraform plan: give the output of `terraform show -json` instead";
        problems.push(problem(&file.shown, 0, ProblemKind::NotRecognised, detail));
        return Part::Nothing;
    }
    let Some(text) = text else {
        let line = text_of(&file.bytes).err().unwrap_or(0);
        problems.push(problem(&file.shown, line, ProblemKind::NotUtf8, "save it as UTF-8"));
        return Part::Nothing;
    };
    if matches!(name, "xiezhi.toml" | ".xiezhi.toml" | "waivers.toml" | "xiezhi-waivers.toml") || in_checks(&file.shown)
    {
        // A file of that name that is no configuration of ours is simply not evidence.
        if !in_checks(&file.shown) || text.starts_with("+++") {
            problems.push(problem(&file.shown, 0, ProblemKind::NotObeyed, "found in the evidence and not used"));
            return Part::NotObeyed;
        }
        return Part::Nothing;
    }
    if attest::is_attestation(&file.shown) {
        return Part::Attestation(Cow::Borrowed(text));
    }
    match extension(name) {
        // Terraform itself reads no compressed configuration.
        "tf" | "tfvars" if !compressed => return Part::Hcl,
        "json" if !compressed && (name.ends_with(".tf.json") || name.ends_with(".tfvars.json")) => return Part::Hcl,
        "yaml" | "yml" | "template" if text.contains("ROSTemplateFormatVersion") => return Part::Template,
        "yaml" | "yml" | "toml" | "md" if !file.given => return Part::Nothing,
        _ => {}
    }
    json_part(file, text, problems)
}

/// What a file of JSON is.
fn json_part<'a>(file: &'a Loaded, text: &'a str, problems: &mut Vec<Problem>) -> Part<'a> {
    let named = name::call_of(&file.shown).or_else(|| {
        let action = xml::call_of(file.root_element.as_deref()?)?;
        let product = "oss".to_owned();
        Some(Named { product, action: action.to_owned(), region: None, params: vec![], page: None })
    });
    let whole = Raw::whole(text);
    if let Some(named) = &named
        && let Some(outcome) = printed_error(text)
    {
        return Part::Answers { calls: vec![(None, taken(file, named.clone(), 1, outcome, None, None))] };
    }
    match whole.first() {
        Some(b'{' | b'[') => {}
        None if named.is_some() => {
            problems.push(problem(
                &file.shown,
                0,
                ProblemKind::Truncated,
                "the file is empty: the call gave no answer",
            ));
            return Part::Nothing;
        }
        _ => {
            if file.given || !matches!(extension(&file.shown), "txt" | "xml") {
                problems.push(problem(
                    &file.shown,
                    1,
                    ProblemKind::NotRecognised,
                    "neither JSON, HCL, TOML, a template nor an answer in XML",
                ));
            }
            return Part::Nothing;
        }
    }
    let (mut documents, error) = whole.documents();
    if let Some(first) = documents.first()
        && first.first() == Some(b'[')
    {
        documents = documents.iter().flat_map(|raw| raw.members().0).collect();
    }
    let Some(first) = documents.first().copied() else {
        problems.extend(error.map(|error| json_problem(file, error)));
        return Part::Nothing;
    };
    let entries = first.entries();
    match bundle::is_bundle(&entries) {
        Some(Ok(())) => {
            let bundle = bundle::read(&file.shown, &documents, file.label);
            problems.extend(bundle.errors.into_iter().chain(error).map(|error| json_problem(file, error)));
            return Part::Bundle { manifest: bundle.manifest, calls: bundle.calls };
        }
        Some(Err(format)) => {
            let detail = format!("the bundle format `{format}` is not understood; this is `{}`", bundle::FORMAT);
            problems.push(problem(&file.shown, 1, ProblemKind::NotRecognised, detail));
            return Part::Nothing;
        }
        None => {}
    }
    match recognise::document(&entries) {
        Document::Terraform => return Part::TerraformJson,
        Document::Ros => return Part::Template,
        Document::Other => {}
    }
    answers(file, named, &documents, error, problems)
}

fn json_problem(file: &Loaded, error: JsonError) -> Problem {
    problem(&file.shown, error.line, error.kind, error.detail)
}

fn taken<'a>(
    file: &'a Loaded,
    named: Named,
    line: u32,
    outcome: Outcome<'a>,
    request_id: Option<Text>,
    page: Option<u32>,
) -> Taken<'a> {
    Taken {
        file: &file.shown,
        line,
        product: named.product,
        action: named.action,
        region: named.region,
        params: named.params,
        request_id,
        time: None,
        page: named.page.or(page),
        outcome,
        label: file.label,
    }
}

/// The answers of a file: of the call that its name tells, or that its keys tell.
fn answers<'a>(
    file: &'a Loaded,
    named: Option<Named>,
    documents: &[Raw<'a>],
    error: Option<JsonError>,
    problems: &mut Vec<Problem>,
) -> Part<'a> {
    let mut out = vec![];
    let many = documents.len() > 1;
    let mut unknown: Option<(u32, String)> = None;
    for (document, at) in documents.iter().zip(1_u32..) {
        let entries = document.entries();
        let answer = recognise::unwrap_sdk(*document, &entries);
        let inner = if answer.text.len() == document.text.len() { None } else { Some(answer.entries()) };
        let entries = inner.as_ref().unwrap_or(&entries);
        let named = match named.clone().map_or_else(|| by_content(file, entries), Ok) {
            Ok(named) => named,
            Err(why) => {
                unknown.get_or_insert((document.line, why));
                continue;
            }
        };
        let outcome = Outcome::of(answer, entries);
        let page = many.then_some(at);
        out.push((None, taken(file, named, answer.line, outcome, request_id(entries), page)));
    }
    if let Some((line, why)) = unknown
        && (file.given || !is_tooling(file.shown.strip_prefix(&file.root).unwrap_or(&file.shown)))
    {
        problems.push(problem(&file.shown, line, ProblemKind::NotRecognised, why));
    }
    if out.is_empty() {
        problems.extend(error.map(|error| json_problem(file, error)));
        return Part::Nothing;
    }
    // Where the last document breaks, the driver finds the same place again and says what is missing there.
    Part::Answers { calls: out }
}

/// The call that the keys of an answer tell, or why they do not.
fn by_content(file: &Loaded, entries: &Entries<'_>) -> Result<Named, String> {
    let found = recognise::by_content(entries);
    match found.as_slice() {
        [(product, action)] => {
            // The name may still hold the region: `hangzhou-dump/cn-hangzhou.json`.
            let stem = file.shown.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
            let parts = file.shown.rsplit('/').skip(1);
            let region = std::iter::once(stem).chain(parts).find(|part| crate::region::is_region(part));
            let region = region.filter(|_| calls::find(product, action).is_some_and(|call| call.is_regional()));
            Ok(Named {
                product: (*product).to_owned(),
                action: (*action).to_owned(),
                region: region.map(Text::from),
                params: vec![],
                page: None,
            })
        }
        [] => Err("not an answer that is known by its keys: name the file `<product>-<Action>[-<region>].json`".into()),
        several => {
            let names: Vec<String> =
                several.iter().take(4).map(|(product, action)| format!("`{product}-{action}`")).collect();
            Err(format!("may be the answer of several calls: begin the file's name with {}", names.join(" or ")))
        }
    }
}

/// JSON files of tools that lie in every repository.
fn is_tooling(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hidden = path.split('/').any(|part| part.starts_with('.') && part.len() > 2);
    let known = ["package.json", "package-lock.json", "composer.json", "renovate.json", "settings.json", "launch.json"];
    hidden || known.contains(&name) || name.starts_with("tsconfig") || name.ends_with(".schema.json")
}

/// Puts the parts together: one batch per account, root module, document and attestation.
fn assemble(reading: &mut Reading, loaded: &[Loaded], parts: Vec<(Part<'_>, Vec<Problem>)>) {
    let mut answers: Vec<Answer<'_>> = vec![];
    let mut attestations = vec![];
    let mut hcl: BTreeMap<&str, Vec<&Loaded>> = BTreeMap::new();
    let mut documents = vec![];
    let mut templates: Vec<&Loaded> = vec![];
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
            Part::Nothing => TakenFor::Nothing,
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
    terraform(reading, &hcl, &documents);
    let template =
        |file: &&Loaded| text(&file.bytes).map(|text| crate::ros::read_template(&file.shown, &file.shown, &text));
    reading.batches.extend(templates.par_iter().filter_map(template).collect::<Vec<Batch>>());
}

/// Terraform: the configurations below each folder that was given, and every plan and state by itself.
fn terraform(reading: &mut Reading, hcl: &BTreeMap<&str, Vec<&Loaded>>, documents: &[&Loaded]) {
    let source = |file: &&Loaded| SourceFile { path: file.shown.as_str().into(), bytes: file.bytes.clone() };
    let trees: Vec<Vec<(String, Batch)>> = hcl
        .par_iter()
        .map(|(_, files)| crate::terraform::read_tree(&files.iter().map(source).collect::<Vec<_>>()))
        .collect();
    let mut sets: BTreeSet<String> = BTreeSet::new();
    for (set, batch) in trees.into_iter().flatten() {
        sets.insert(set);
        reading.batches.push(batch);
    }
    for file in hcl.values().flatten() {
        let taken_for = TakenFor::TerraformConfig(folder_of(&file.shown).into());
        reading.files.push(FileRead { path: file.shown.as_str().into(), taken_for });
    }
    // A plan beside its configuration speaks of the same addresses; two plans in one folder may be of two projects.
    let beside = |file: &&Loaded| {
        let folder = folder_of(&file.shown);
        let alone = documents.iter().filter(|other| folder_of(&other.shown) == folder).count() == 1;
        let set = if alone && sets.contains(folder) { folder } else { &file.shown };
        text(&file.bytes).map(|text| crate::terraform::read_json(set, &file.shown, &text))
    };
    reading.batches.extend(documents.par_iter().filter_map(beside).collect::<Vec<Batch>>());
}

fn call_name(taken: &Taken<'_>) -> String {
    format!("{}:{}", taken.product, taken.action)
}

/// An answer and what is known of its account.
struct Answer<'a> {
    account: Option<Text>,
    root: &'a str,
    taken: Taken<'a>,
}

/// Gives every answer the account that its folder's evidence names: the nearest folder above it that holds the answer
/// of `sts:GetCallerIdentity`, or another answer that says plainly whose it is. Returns the accounts, in order.
fn settle_accounts(answers: &mut [Answer<'_>]) -> Vec<Text> {
    let mut named: BTreeMap<String, BTreeSet<Text>> = BTreeMap::new();
    let mut hinted: BTreeMap<String, BTreeSet<Text>> = BTreeMap::new();
    for answer in answers.iter().filter(|answer| answer.account.is_none()) {
        let folder = folder_of(answer.taken.file);
        match stated_account(&answer.taken) {
            Some((account, true)) => named.entry(folder.to_owned()).or_default().insert(account),
            Some((account, false)) => hinted.entry(folder.to_owned()).or_default().insert(account),
            None => false,
        };
    }
    for answer in answers.iter_mut().filter(|answer| answer.account.is_none()) {
        answer.account = nearest(&named, answer).or_else(|| nearest(&hinted, answer));
    }
    let mut accounts: Vec<Text> = answers.iter().filter_map(|answer| answer.account.clone()).collect();
    accounts.sort();
    accounts.dedup();
    accounts
}

fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The account of the nearest folder, when just one is named there; not above the folder that was given.
fn nearest(of: &BTreeMap<String, BTreeSet<Text>>, answer: &Answer<'_>) -> Option<Text> {
    let mut folder = folder_of(answer.taken.file);
    loop {
        if let Some(accounts) = of.get(folder) {
            return if accounts.len() == 1 { accounts.first().cloned() } else { None };
        }
        if folder.len() <= answer.root.len() {
            return None;
        }
        folder = folder_of(folder);
    }
}

/// The account that an answer states, and whether it states it of the caller.
fn stated_account(taken: &Taken<'_>) -> Option<(Text, bool)> {
    let Outcome::Answer(raw) = &taken.outcome else { return None };
    let plain = |text: Option<Cow<'_, str>>| {
        text.filter(|id| id.len() >= 8 && id.bytes().all(|byte| byte.is_ascii_digit()))
            .map(|id| Text::from(id.as_ref()))
    };
    match (taken.product.as_str(), taken.action.as_str()) {
        ("sts", "GetCallerIdentity") => Some((plain(raw.entries().plain("AccountId"))?, true)),
        ("oss", "ListBuckets") => {
            let owner = raw.entries().get("Owner")?.entries();
            Some((plain(owner.plain("ID").or_else(|| owner.plain("Id")))?, false))
        }
        ("ram", "ListRoles") => {
            let mut owners: BTreeSet<Text> = BTreeSet::new();
            let mut each = |node: Node<'_>| {
                if let Some(Tree::Text(arn)) = node.key("Arn").map(|node| &node.value) {
                    let owner = arn.strip_prefix("acs:ram::").and_then(|rest| rest.split(':').next());
                    owners.extend(plain(owner.map(Cow::Borrowed)));
                }
            };
            let _ = walk_list(*raw, "Roles.Role", &mut each, &mut vec![]);
            if owners.len() == 1 { owners.pop_first().map(|owner| (owner, false)) } else { None }
        }
        _ => None,
    }
}

/// One batch per account. Answers that name no account are of the only one that is named, as in the inventory.
fn account_batches(
    answers: Vec<Answer<'_>>,
    manifests: &[(Option<Text>, Manifest, &Loaded)],
    only: Option<&Text>,
) -> Vec<Batch> {
    let mut by_account: BTreeMap<Option<Text>, Vec<Taken<'_>>> = BTreeMap::new();
    for answer in answers {
        by_account.entry(answer.account.or_else(|| only.cloned())).or_default().push(answer.taken);
    }
    by_account
        .into_par_iter()
        .map(|(account, taken)| {
            let mut batch = Batch::new();
            let identity = taken.iter().find(|taken| taken.product == "sts").or_else(|| taken.first());
            let place = identity.map_or("", |taken| taken.file);
            let label = taken.iter().map(|taken| taken.label).max().unwrap_or(Label::UserProvided);
            let origin = Origin::new(std::sync::Arc::new(Source::new(SourceKind::Api, place)), 0, label);
            let fact = match &account {
                Some(id) if crate::fields::is_masked(id) => Fact::unknown(Reason::Redacted, origin),
                Some(id) => Fact::known(id.clone(), origin),
                None => Fact::unknown(Reason::NotInEvidence, origin),
            };
            read_answers(&mut batch, &fact, taken);
            for (of, manifest, file) in manifests {
                if of.as_ref().or(only) == account.as_ref() {
                    regions(&mut batch, manifest, file);
                }
            }
            batch.account = account.is_some().then_some(fact);
            batch.finish();
            batch
        })
        .collect()
}

/// The regions that a collection says it asked.
fn regions(batch: &mut Batch, manifest: &Manifest, file: &Loaded) {
    let Some(asked) = &manifest.regions else { return };
    let origin = Origin::new(std::sync::Arc::new(Source::new(SourceKind::Api, file.shown.as_str())), 1, file.label);
    let more = (!asked.complete).then(|| Reason::NotAsked("other regions".into()));
    let said = List { items: asked.asked.clone(), more };
    match &mut batch.regions {
        Some(Fact { state: State::Known(list), .. }) => {
            list.items.extend(said.items);
            list.items.sort();
            list.items.dedup();
            // Either may be the whole list; then nothing is missing.
            list.more = list.more.take().and(said.more);
        }
        regions => *regions = Some(Fact::known(said, origin)),
    }
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
