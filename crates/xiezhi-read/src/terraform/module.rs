//! What the files of one directory declare, before anything is evaluated.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::Template;
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use xiezhi_model::{Problem, ProblemKind, Reason};

use super::parse::HclFile;
use crate::SourceFile;

/// A block and the file that it stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declared<'a> {
    /// The file.
    pub(super) file: &'a HclFile,
    /// The block.
    pub(super) block: &'a Block,
}

impl<'a> Declared<'a> {
    /// The expression of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a Expression> {
        attribute(&self.block.body, name)
    }

    /// The label at an index.
    pub(super) fn label(&self, index: usize) -> &'a str {
        self.block.labels.get(index).map_or("", |label| label.as_str())
    }

    /// The line of the block.
    pub(super) fn line(&self) -> u32 {
        self.file.line(self.block)
    }
}

/// The expression of an attribute of a body.
pub(super) fn attribute<'a>(body: &'a Body, name: &str) -> Option<&'a Expression> {
    body.get_attribute(name).map(|attribute| &attribute.value)
}

/// An expression and the file that it stands in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'a> {
    /// The file.
    pub(super) file: &'a HclFile,
    /// The expression.
    pub(super) expression: &'a Expression,
}

/// The declarations of one module directory.
#[derive(Debug, Default)]
pub(super) struct Module<'a> {
    /// The directory, normalised.
    pub(super) directory: String,
    /// Variables by name.
    pub(super) variables: FxHashMap<&'a str, Declared<'a>>,
    /// Values from `.tfvars` files by name; the later file wins.
    pub(super) values: FxHashMap<&'a str, Written<'a>>,
    /// Locals by name.
    pub(super) locals: FxHashMap<&'a str, Written<'a>>,
    /// Outputs by name.
    pub(super) outputs: FxHashMap<&'a str, Declared<'a>>,
    /// Managed resources by `type.name`, in the order of the files.
    pub(super) resources: IndexMap<String, Declared<'a>>,
    /// `data "alicloud_ram_policy_document"` by name: the one data source that asks nobody.
    pub(super) documents: FxHashMap<&'a str, Declared<'a>>,
    /// The other data sources by `type.name`.
    pub(super) data: FxHashMap<String, Declared<'a>>,
    /// Module calls by name, in the order of the files.
    pub(super) calls: IndexMap<&'a str, Declared<'a>>,
    /// `provider "alicloud"` blocks.
    pub(super) providers: Vec<Declared<'a>>,
}

/// A file that lies beside the configuration.
#[derive(Debug)]
pub(super) struct Given<'f> {
    /// The file.
    pub(super) file: &'f SourceFile,
    /// Whether the configuration takes its text.
    pub(super) taken_in: Cell<bool>,
    template: OnceCell<Option<(HclFile, Template)>>,
}

impl Given<'_> {
    /// The file as a template; `None` when it is none.
    pub(super) fn template(&self) -> Option<&(HclFile, Template)> {
        self.template.get_or_init(|| HclFile::template(self.file)).as_ref()
    }
}

/// Everything that was given for one evidence set, parsed as far as the set reaches.
#[derive(Debug, Default)]
pub(super) struct Files<'f> {
    /// The parsed files of each directory that the set reaches, in order of name.
    pub(super) parsed: BTreeMap<String, Vec<HclFile>>,
    /// Why a directory is not wholly read.
    pub(super) broken: BTreeMap<String, Reason>,
    /// Every file that was given, by normalised path: for `file()` and `templatefile()`.
    pub(super) given: BTreeMap<String, Given<'f>>,
    /// What could not be read.
    pub(super) problems: Vec<Problem>,
}

impl<'f> Files<'f> {
    /// Parses the root directory and every local module directory that it reaches through the given files.
    pub(super) fn load(root: &str, files: &'f [SourceFile]) -> Self {
        let mut loaded = Files::default();
        let mut directories: BTreeMap<String, Vec<&'f SourceFile>> = BTreeMap::new();
        for file in files {
            let path = normal(&file.path);
            directories.entry(directory_of(&path).to_owned()).or_default().push(file);
            loaded.given.insert(path, Given { file, taken_in: Cell::new(false), template: OnceCell::new() });
        }
        let mut wanted = vec![root.to_owned()];
        while let Some(directory) = wanted.pop() {
            if loaded.parsed.contains_key(&directory) {
                continue;
            }
            let Some(files) = directories.get(&directory) else { continue };
            loaded.parse_directory(&directory, files, directory == root);
            for (_, target) in loaded.local_calls(&directory) {
                wanted.push(target);
            }
        }
        loaded
    }

    fn parse_directory(&mut self, directory: &str, files: &[&'f SourceFile], is_root: bool) {
        let mut files = files.to_vec();
        files.sort_by_key(|file| (value_rank(file.name()), file.path.clone()));
        let mut parsed = Vec::new();
        for file in files {
            let name = file.name();
            if is_configuration(name) || (is_root && value_rank(name).is_some()) {
                match HclFile::parse(file) {
                    Ok(file) => parsed.push(file),
                    Err(problem) => {
                        self.lose(directory, file, problem.line, problem.kind, problem.detail);
                    }
                }
            }
        }
        self.parsed.insert(directory.to_owned(), parsed);
    }

    fn lose(&mut self, directory: &str, file: &SourceFile, line: u32, kind: ProblemKind, detail: String) {
        let reason = Reason::unreadable(format!("file `{}`", file.path));
        self.broken.entry(directory.to_owned()).or_insert(reason);
        self.problems.push(Problem { file: file.path.clone(), line, kind, detail });
    }

    /// The module calls of a directory whose source is a local path: name and normalised directory.
    pub(super) fn local_calls(&self, directory: &str) -> Vec<(String, String)> {
        let mut calls = Vec::new();
        for block in self.parsed.get(directory).into_iter().flatten().flat_map(|file| file.body.get_blocks("module")) {
            let source = attribute(&block.body, "source").and_then(Expression::as_str);
            let name = block.labels.first().map_or("", |label| label.as_str());
            if let Some(target) = source.and_then(|source| local_source(directory, source)) {
                calls.push((name.to_owned(), target));
            }
        }
        calls
    }

    /// What each parsed directory declares. A declaration that is repeated is reported and the first one kept.
    pub(super) fn modules(&self, problems: &mut Vec<Problem>) -> BTreeMap<&str, Module<'_>> {
        let mut modules = BTreeMap::new();
        for (directory, files) in &self.parsed {
            let mut module = Module { directory: directory.clone(), ..Module::default() };
            for file in files {
                if is_configuration(&file.path) {
                    module.declare(file, problems);
                } else {
                    for attribute in file.body.attributes() {
                        module.values.insert(attribute.key.as_str(), Written { file, expression: &attribute.value });
                    }
                }
            }
            modules.insert(directory.as_str(), module);
        }
        modules
    }
}

impl<'a> Module<'a> {
    fn declare(&mut self, file: &'a HclFile, problems: &mut Vec<Problem>) {
        for block in file.body.blocks() {
            let declared = Declared { file, block };
            let first = declared.label(0);
            let again = match block.ident.as_str() {
                "variable" => self.variables.insert(first, declared).is_some(),
                "output" => self.outputs.insert(first, declared).is_some(),
                "module" => self.calls.insert(first, declared).is_some(),
                "resource" => {
                    let address = format!("{first}.{}", declared.label(1));
                    self.resources.insert(address, declared).is_some()
                }
                "data" if first == super::policy_document::KIND => {
                    self.documents.insert(declared.label(1), declared).is_some()
                }
                "data" => self.data.insert(format!("{first}.{}", declared.label(1)), declared).is_some(),
                "provider" if first == "alicloud" => {
                    self.providers.push(declared);
                    false
                }
                "locals" => {
                    for attribute in block.body.attributes() {
                        let written = Written { file, expression: &attribute.value };
                        self.locals.insert(attribute.key.as_str(), written);
                    }
                    false
                }
                _ => false,
            };
            if again {
                let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
                problems.push(Problem {
                    file: file.path.clone(),
                    line: declared.line(),
                    kind: ProblemKind::Unexpected,
                    detail: format!(
                        "{} `{}` is declared twice; the later declaration is used",
                        block.ident.as_str(),
                        labels.join(".")
                    ),
                });
            }
        }
    }
}

/// In which order `.tfvars` files are read, later ones winning; `None` for files that Terraform does not load by
/// itself. Source: Terraform language, "Input Variables", variable definition precedence.
fn value_rank(name: &str) -> Option<u8> {
    match name {
        "terraform.tfvars" => Some(0),
        "terraform.tfvars.json" => Some(1),
        _ if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") => Some(2),
        _ => None,
    }
}

/// Whether a file declares blocks, in either syntax.
pub(super) fn is_configuration(path: &str) -> bool {
    path.ends_with(".tf") || path.ends_with(".tf.json")
}

/// The directory that a module source names, when it is a local path.
/// Source: Terraform language, "Module Sources", local paths.
pub(super) fn local_source(directory: &str, source: &str) -> Option<String> {
    (source.starts_with("./") || source.starts_with("../") || source == "." || source == "..")
        .then(|| normal(&format!("{directory}/{source}")))
}

/// A path without `.` and without `..` but at its start.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            (part, _) => parts.push(part),
        }
    }
    parts.join("/")
}

/// How a directory is reached from another one: `.`, `./modules/a`, `../b`. Both are normalised.
pub(super) fn relative(from: &str, to: &str) -> String {
    let split = |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (split(from), split(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(common).map(|_| "..");
    let down = to.iter().skip(common).map(String::as_str);
    let path: Vec<&str> = up.chain(down).collect();
    match path.first() {
        None => ".".to_owned(),
        Some(&"..") => path.join("/"),
        Some(_) => format!("./{}", path.join("/")),
    }
}

/// The directory part of a normalised path.
pub(super) fn directory_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}
