//! ROS templates (YAML and JSON), seen as blocks of [`crate::tree::Node`]; `map/` has one file per service that says
//! what each resource type means. Source: ROS documentation, "Template syntax".

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use xiezhi_model::{Batch, Fact, Label, Origin, ProblemKind, Reason, Source, SourceKind, Text};

use crate::SourceFile;
use crate::among::{Among, Known};
use crate::sink::Around;
use crate::terraform::collect::Collector;
use crate::tree::{Node, Tree};

mod eval;
mod handed;
pub mod map;
mod yaml;

use eval::Template;
use handed::Carried;

/// How many copies `Count` may make before the number counts as unresolved.
const MAX_COPIES: i128 = 1000;

/// Reads one template. `path` is how answers call it, `set` is the evidence set that logical ids belong to.
pub fn read_template(set: &str, path: &str, text: &str) -> Batch {
    let mut batch = Batch::new();
    let Some(root) = parse(text, path, &mut batch) else { return batch };
    if let Some(workspace) = terraform_workspace(&root) {
        return crate::terraform::read_module(path, &workspace_files(path, workspace));
    }
    let Some(Tree::Map(resources, _)) = root.key("Resources").map(|node| &node.value) else {
        let detail = "no `Resources`: not a ROS template";
        batch.problem(path, root.line, ProblemKind::NotRecognised, detail);
        return batch;
    };
    let template = Template::new(&root);
    let source = Arc::new(Source::new(SourceKind::Ros, path));
    let mut reader = Reader {
        collector: Collector::new(set, map::BLOCKS, map::MAKES),
        source,
        path: path.into(),
        foreign: None,
        missing: Vec::new(),
        types: types(resources),
    };
    reader.count_copies(&template, resources);
    for (name, resource) in resources {
        reader.find_missing(&template, name, resource);
    }
    for (name, resource) in resources {
        reader.resource(&template, name, resource);
    }
    if let (Some((line, kind)), true) = (reader.foreign.take(), reader.collector.is_empty()) {
        let detail = format!("no resource of Alibaba Cloud, but for example `{kind}`");
        batch.problem(path, line, ProblemKind::OtherProvider, detail);
        return batch;
    }
    reader.parameters(&template, &root);
    for missing in std::mem::take(&mut reader.missing) {
        reader.collector.missing_part(missing.reason, missing.origin, missing.among);
    }
    let origin = reader.origin(0);
    reader.collector.finish(batch, &origin)
}

fn parse<'a>(text: &'a str, path: &str, batch: &mut Batch) -> Option<Node<'a>> {
    if text.trim_start().starts_with('{') {
        let mut cursor = crate::json::Raw::whole(text).cursor();
        if let Ok(node) = cursor.value() {
            for twice in std::mem::take(&mut cursor.twice) {
                batch.problem(path, twice.line, twice.kind, twice.detail);
            }
            return Some(node);
        }
        // YAML may start with a brace too.
    }
    let mut odd = Vec::new();
    let read = yaml::read(text, &mut odd);
    for error in odd.into_iter().chain(read.as_ref().err().cloned()) {
        batch.problem(path, error.line, error.kind, error.detail);
    }
    read.ok()
}

/// The files of a template that is Terraform inside. Source: ROS documentation, "Structure of Terraform templates".
fn terraform_workspace<'n, 'a>(root: &'n Node<'a>) -> Option<&'n [(Cow<'a, str>, Node<'a>)]> {
    match (&root.key("Transform")?.value, &root.key("Workspace")?.value) {
        (Tree::Text(transform), Tree::Map(files, _)) if transform.starts_with("Aliyun::Terraform") => Some(files),
        _ => None,
    }
}

fn workspace_files(path: &str, workspace: &[(Cow<'_, str>, Node<'_>)]) -> Vec<SourceFile> {
    let texts = workspace.iter().filter_map(|(name, node)| match &node.value {
        Tree::Text(text) => Some((name, text)),
        _ => None,
    });
    let inside = |name: &str| format!("{path}/{name}").into();
    texts.map(|(name, text)| SourceFile { path: inside(name), bytes: text.as_bytes().to_vec() }).collect()
}

struct Reader {
    collector: Collector,
    source: Arc<Source>,
    path: Text,
    /// The first resource of another cloud.
    foreign: Option<(u32, String)>,
    /// The nested stacks and modules, whose templates are no part of this one.
    missing: Vec<Missing>,
    /// The type of every resource, by logical id.
    types: Arc<BTreeMap<Text, Text>>,
}

/// A nested stack or module.
struct Missing {
    reason: Reason,
    origin: Origin,
    carried: Carried,
    among: Among,
}

/// Whether a type is another template.
fn is_nested(kind: &str) -> bool {
    matches!(kind, "ALIYUN::ROS::Stack" | "ALIYUN::ROS::StackGroup") || kind.starts_with("MODULE::")
}

fn types(resources: &[(Cow<'_, str>, Node<'_>)]) -> Arc<BTreeMap<Text, Text>> {
    let kind = |resource: &Node<'_>| match resource.key("Type").map(|kind| &kind.value) {
        Some(Tree::Text(kind)) => Some(Text::from(kind.as_ref())),
        _ => None,
    };
    let named = resources.iter().filter_map(|(name, resource)| Some((Text::from(name.as_ref()), kind(resource)?)));
    Arc::new(named.collect())
}

impl Reader {
    fn origin(&self, line: u32) -> Origin {
        Origin::new(Arc::clone(&self.source), line, Label::UserProvided)
    }

    fn count_copies(&mut self, template: &Template<'_>, resources: &[(Cow<'_, str>, Node<'_>)]) {
        for (name, resource) in resources {
            let Some(count) = resource.key("Count") else { continue };
            if let Ok(copies @ 0..=MAX_COPIES) = template.count(count) {
                template.copies.borrow_mut().insert(name.to_string(), usize::try_from(copies).unwrap_or(0));
            }
        }
    }

    /// Finds what is another template, before any resource is read: each resource may be handed to it.
    fn find_missing<'t>(&mut self, template: &Template<'t>, name: &str, resource: &'t Node<'t>) {
        let nested = matches!(resource.key("Type").map(|kind| &kind.value), Some(Tree::Text(kind)) if is_nested(kind));
        let left_out = || match resource.key("Condition").map(|condition| &condition.value) {
            Some(Tree::Text(condition)) => matches!(template.condition(condition, 0), Ok(false)),
            _ => false,
        };
        if !nested || left_out() {
            return;
        }
        let detail = format!("`{name}` is another template, which is not part of this one");
        self.collector.problem(&self.path, resource.line, ProblemKind::NotFollowed, detail);
        self.missing.push(Missing {
            reason: Reason::unresolved(name),
            origin: self.origin(resource.line),
            carried: Carried::by(template, resource),
            among: Among::default(),
        });
    }

    fn resource<'t>(&mut self, template: &Template<'t>, name: &str, resource: &'t Node<'t>) {
        let kind = match resource.key("Type").map(|kind| &kind.value) {
            Some(Tree::Text(kind)) => kind.as_ref(),
            _ => {
                let detail = format!("resource `{name}` has no `Type`");
                self.collector.problem(&self.path, resource.line, ProblemKind::Unexpected, detail);
                return;
            }
        };
        if kind.starts_with("DATASOURCE::") {
            return;
        }
        if is_nested(kind) {
            return;
        }
        if !kind.starts_with("ALIYUN::") {
            self.foreign.get_or_insert_with(|| (resource.line, kind.to_owned()));
            return;
        }
        let mut uncertain = None;
        if let Some(condition) = resource.key("Condition") {
            let holds = match &condition.value {
                Tree::Text(condition) => template.condition(condition, 0).map_err(|stop| stop.reason()),
                _ => Err(Reason::unresolved("Condition")),
            };
            match holds {
                Ok(true) => {}
                Ok(false) => {
                    // Not there, and known not to be: the listing stays complete.
                    self.collector.seen();
                    return;
                }
                Err(reason) => uncertain = Some(reason),
            }
        }
        let copies = template.copies.borrow().get(name).copied();
        if let (Some(count), None) = (resource.key("Count"), copies) {
            let reason = match template.count(count) {
                Ok(copies) => Reason::unresolved(format!("Count of {copies}, above {MAX_COPIES}")),
                Err(stop) => stop.reason(),
            };
            uncertain = uncertain.or(Some(reason));
        }
        if let Some(reason) = &uncertain {
            self.collector.gap(kind, reason.clone());
        }
        let known: Vec<Known> =
            self.missing.iter().map(|missing| missing.carried.knows(template, name, resource)).collect();
        let addresses = match copies {
            None => vec![(name.to_owned(), None)],
            Some(copies) => {
                self.collector.seen();
                (0..copies).map(|at| (format!("{name}[{at}]"), Some(at))).collect()
            }
        };
        for (address, at) in addresses {
            let named = Text::from(address.as_str());
            self.missing.iter_mut().zip(&known).for_each(|(missing, known)| missing.among.add(&named, *known));
            self.instance(template, kind, address, resource, at, uncertain.clone());
        }
    }

    /// The template's own parameters, by the word for them; not those of a template of another cloud.
    fn parameters(&mut self, template: &Template<'_>, root: &Node<'_>) {
        let Some(Tree::Map(parameters, _)) = root.key("Parameters").map(|node| &node.value) else { return };
        for (name, parameter) in parameters {
            let mut node = template.value(parameter, None, 0);
            node.line = parameter.line;
            if let Tree::Map(members, _) = &mut node.value {
                let text = Node::new(Tree::Text(Cow::Owned(name.to_string())), parameter.line);
                members.push((Cow::Borrowed(map::parameter::NAME), text));
            }
            let around = self.around(name, parameter.line);
            self.collector.add(map::parameter::PARAMETER, node, around, None);
        }
    }

    /// What is known of whatever stands at this line of the template.
    fn around(&self, address: &str, line: u32) -> Around {
        let origin = self.origin(line);
        let mut around = Around::nothing(origin.clone());
        around.address = address.into();
        around.set = self.collector.set().into();
        around.account = Fact::unknown(Reason::NotInEvidence, origin.clone());
        around.region = Fact::unknown(Reason::unresolved("ALIYUN::Region"), origin);
        around.types = Arc::clone(&self.types);
        around
    }

    fn instance(
        &mut self,
        template: &Template<'_>,
        kind: &str,
        address: String,
        resource: &Node<'_>,
        index: Option<usize>,
        uncertain: Option<Reason>,
    ) {
        let nothing = Node::new(Tree::Map(vec![], None), resource.line);
        let properties = resource.key("Properties").filter(|node| node.value != Tree::Null).unwrap_or(&nothing);
        let mut node = template.value(properties, index, 0);
        node.line = resource.line;
        let mut around = self.around(&address, resource.line);
        around.uncertain.clone_from(&uncertain);
        self.collector.add(kind, node, around, uncertain.as_ref());
    }
}

#[cfg(test)]
mod network_tests;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests_beside;
