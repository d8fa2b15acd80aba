//! A configuration as resources: every block of every module instance, expanded and mapped.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use xiezhi_model::{Batch, Fact, Label, Origin, ProblemKind, Reason, Source, SourceKind, Text};

use super::collect::Collector;
use super::eval::Context;
use super::handed::Carried;
use super::module::{Declared, Files, directory_of, is_configuration, normal};
use super::refer::address;
use super::scope::{Instance, Scope, World, provider_alias};
use super::value::Value;
use crate::SourceFile;
use crate::among::{Among, Known};
use crate::sink::Around;

/// How many steps evaluation may take for a set, whatever its size, and for each byte of its text.
const STEPS: u64 = 2_000_000;
const STEPS_PER_BYTE: u64 = 50;

/// Reads one root module.
///
/// `set` is the directory of the module, as paths give it (`.` or empty for files without a directory). `files` are
/// the module's own `.tf` and `.tfvars` files and, for local modules and `file()`, whatever else lies under the
/// folder that was given; nothing else is opened, and sources that are not among them are not followed.
pub fn read_module(set: &str, files: &[SourceFile]) -> Batch {
    let mut batch = Batch::new();
    let root = normal(set);
    let loaded = Files::load(&root, files);
    let mut problems = loaded.problems.clone();
    let modules = loaded.modules(&mut problems);
    batch.problems.append(&mut problems);
    let size: usize = loaded.parsed.values().flatten().map(|file| file.text.len()).sum();
    let steps = STEPS.saturating_add(STEPS_PER_BYTE.saturating_mul(u64::try_from(size).unwrap_or(u64::MAX)));
    let world = World { root: &root, files: &loaded, modules: &modules, steps: Cell::new(steps) };
    let Some(module) = modules.get(root.as_str()) else {
        return batch;
    };
    let mut reader = Reader {
        collector: Collector::new(set, super::map::BLOCKS, super::map::MAKES),
        sources: BTreeMap::new(),
        foreign: None,
        missing: Vec::new(),
    };
    let scope = Scope::root(&world, module);
    reader.find_missing(&scope);
    reader.module(&scope, None);
    let origin = match loaded.parsed.get(&root).and_then(|files| files.first()) {
        Some(file) => reader.origin(&file.path, 0),
        None => reader.origin(set, 0),
    };
    if let (Some((file, line, kind)), true) = (reader.foreign.take(), reader.collector.is_empty()) {
        let detail = format!("no resource of the alicloud provider, but for example `{kind}`");
        batch.problem(&file, line, ProblemKind::OtherProvider, detail);
        return batch;
    }
    for missing in std::mem::take(&mut reader.missing) {
        reader.collector.missing_part(missing.reason, missing.origin, missing.among);
    }
    let mut batch = reader.collector.finish(batch, &origin);
    let taken_in = loaded.given.values().filter(|given| given.taken_in.get());
    batch.taken_in = taken_in.map(|given| given.file.path.clone()).collect();
    batch
}

/// Reads every root module among the files: every directory with `.tf` files that no other directory calls as a
/// local module. Gives the set's name, which is the directory, with what it says.
pub fn read_tree(files: &[SourceFile]) -> Vec<(String, Batch)> {
    let mut directories: BTreeSet<String> = BTreeSet::new();
    for file in files.iter().filter(|file| is_configuration(&file.path)) {
        directories.insert(directory_of(&normal(&file.path)).to_owned());
    }
    let mut called = Vec::new();
    for directory in directories.iter() {
        let own: Vec<SourceFile> =
            files.iter().filter(|file| normal(file.directory()) == *directory).cloned().collect();
        let loaded = Files::load(directory, &own);
        called.extend(loaded.local_calls(directory).into_iter().map(|(_, target)| target).filter(|to| to != directory));
    }
    // Directories that call each other in a ring have no root: each of them is one.
    let roots: Vec<&String> = directories.iter().filter(|directory| !called.contains(directory)).collect();
    let roots = if roots.is_empty() { directories.iter().collect() } else { roots };
    roots.into_iter().map(|directory| (directory.clone(), read_module(directory, files))).collect()
}

struct Reader {
    collector: Collector,
    sources: BTreeMap<Text, Arc<Source>>,
    /// The first resource of another provider: file, line, type.
    foreign: Option<(Text, u32, String)>,
    /// The modules that are not in evidence.
    missing: Vec<Missing>,
}

/// A module of which nobody can tell how often it is called, if at all.
#[derive(Clone, Copy)]
struct Open<'m> {
    reason: &'m Reason,
    /// How the addresses of what stands in it begin.
    prefix: &'m str,
}

/// A module of which the evidence has the call alone.
struct Missing {
    reason: Reason,
    origin: Origin,
    carried: Carried,
    among: Among,
}

impl Reader {
    fn origin(&mut self, path: &str, line: u32) -> Origin {
        let source = self
            .sources
            .entry(path.into())
            .or_insert_with_key(|path| Arc::new(Source::new(SourceKind::TerraformConfig, path.clone())));
        Origin::new(Arc::clone(source), line, Label::UserProvided)
    }

    /// Finds the modules that are not in evidence, before any resource is read: each resource may be handed to them.
    fn find_missing(&mut self, scope: &Rc<Scope<'_>>) {
        for (name, call) in &scope.module.calls {
            for instance in &scope.instances(&format!("module.{name}"), *call, 0).items {
                match scope.child(*call, instance) {
                    Ok(child) => self.find_missing(&child),
                    Err(reason) => {
                        let origin = self.origin(&call.file.path, call.line());
                        let carried = Carried::by(scope, *call);
                        self.missing.push(Missing { reason, origin, carried, among: Among::default() });
                        break;
                    }
                }
            }
        }
    }

    /// Everything in a module; `open` is the innermost module around it that may not be called.
    fn module(&mut self, scope: &Rc<Scope<'_>>, open: Option<Open<'_>>) {
        if let Some(reason) = scope.world.files.broken.get(&scope.module.directory) {
            self.collector.incomplete(reason.clone());
        }
        for (name, declared) in &scope.module.resources {
            let kind = declared.label(0);
            if !kind.starts_with("alicloud_") {
                if self.foreign.is_none() {
                    self.foreign = Some((declared.file.path.clone(), declared.line(), kind.to_owned()));
                }
                continue;
            }
            let instances = scope.instances(name, *declared, 0);
            let gap = instances.gap.as_ref().or(open.map(|open| open.reason));
            if let Some(reason) = gap {
                self.collector.gap(kind, reason.clone());
            }
            let known: Vec<Known> =
                self.missing.iter().map(|missing| missing.carried.knows(scope, name, *declared)).collect();
            for instance in &instances.items {
                let address: Text = address(&scope.prefix, name, instance).into();
                for (missing, known) in self.missing.iter_mut().zip(&known) {
                    missing.among.add(&address, *known);
                }
                // With known keys this instance is there, whatever others there may be.
                let alone = instances.gap.as_ref().filter(|_| instance.suffix.is_empty());
                let open = alone.map(|reason| Open { reason, prefix: "" }).or(open);
                let (node, around) = self.block(scope, name, *declared, instance, open);
                self.collector.add(kind, node, around, gap);
            }
            if let Some((reason, rest)) = instances.rest() {
                let (node, around) = self.block(scope, name, *declared, &rest, Some(Open { reason, prefix: "" }));
                self.collector.rest(kind, node, around);
            }
        }
        for (name, call) in &scope.module.calls {
            let instances = scope.instances(&format!("module.{name}"), *call, 0);
            for instance in &instances.items {
                let Ok(child) = scope.child(*call, instance) else {
                    let source = call.attribute("source").map_or_else(String::new, |source| source.to_string());
                    let detail = format!("`{name}` from {}", source.trim());
                    self.collector.problem(&call.file.path, call.line(), ProblemKind::MissingModule, detail);
                    break;
                };
                let inside = instances.gap.as_ref().map(|reason| Open { reason, prefix: &child.prefix });
                // Instances of keys that are not known may speak of what those of known keys do not.
                if let Some(open) = inside.filter(|_| !instance.suffix.is_empty()) {
                    self.collector.incomplete(open.reason.clone());
                }
                self.module(&child, inside.filter(|_| instance.suffix.is_empty()).or(open));
            }
        }
    }

    /// One instance of a block, and what surrounds it.
    fn block<'a>(
        &mut self,
        scope: &Rc<Scope<'a>>,
        name: &str,
        declared: Declared<'a>,
        instance: &Instance,
        open: Option<Open<'_>>,
    ) -> (Value, Around) {
        let origin = self.origin(&declared.file.path, declared.line());
        let mut around = Around::nothing(origin.clone());
        around.address = address(&scope.prefix, name, instance).into();
        around.set = self.collector.set().into();
        around.account = Fact::unknown(Reason::NotInEvidence, origin.clone());
        around.region = self.region(scope, declared, &origin);
        around.uncertain = open.map(|open| open.reason.clone());
        around.together = open.map_or_else(Text::default, |open| open.prefix.into());
        let context = Context { scope, file: declared.file, bindings: None, depth: 0 };
        (context.inside(declared, instance, |inside| inside.body(&declared.block.body, declared.line())), around)
    }

    /// The region of the resource's provider; what the environment may say is not in the evidence.
    fn region<'a>(&mut self, scope: &Rc<Scope<'a>>, declared: Declared<'a>, origin: &Origin) -> Fact<Text> {
        let alias = declared.attribute("provider").map(provider_alias).unwrap_or_default();
        match scope.region(&alias) {
            None => Fact::unknown(Reason::NotInEvidence, origin.clone()),
            Some((value, provider)) => {
                let origin = self.origin(&provider.file.path, provider.line());
                match value.and_then(|value| super::value::to_text(&value.value)) {
                    Ok(region) => Fact::known(region.into(), origin),
                    Err(stop) => Fact::unknown(stop.reason(), origin),
                }
            }
        }
    }
}
