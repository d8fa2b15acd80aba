//! `terraform show -json` of a plan. Source: Terraform, "JSON Output Format", plan representation.
//!
//! The text is scanned for its parts first; then one resource at a time becomes a tree, is read and dropped.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use xiezhi_model::{Batch, Fact, Label, Origin, ProblemKind, Reason, Source, SourceKind, Text};

use super::collect::Collector;
use super::overlay;
use super::refer::stands_for;
use super::state;
use crate::json::{Entries, JsonError, Raw};
use crate::sink::Around;
use crate::tree::{Node, Tree};

/// How many module borders a reference may cross.
const MAX_HOPS: u32 = 16;

/// Reads `terraform show -json` output (of a plan or a state) or a raw state file of version 4.
///
/// `path` is how answers call the file. `set` names the evidence set that addresses belong to: the same name as that of the configuration, when both are
/// given, joins them.
pub fn read_json(set: &str, path: &str, text: &str) -> Batch {
    let mut batch = Batch::new();
    let top = Raw::whole(text).entries();
    let is_raw_state = top.get("resources").is_some() && top.get("version").is_some();
    let is_plan = top.get("planned_values").is_some() || top.get("resource_changes").is_some();
    let kind = if is_plan { SourceKind::TerraformPlan } else { SourceKind::TerraformState };
    let mut reader = JsonReader::new(set, path, kind);
    if let Some(error) = &top.error {
        reader.broken(error);
    }
    if is_raw_state {
        if top.plain("version").as_deref() == Some("4") {
            state::raw(&mut reader, &top);
        } else {
            let detail = "a state of another version than 4: run `terraform show -json` and give its output";
            batch.problem(path, 0, ProblemKind::NotRecognised, detail);
            return batch;
        }
    } else if top.get("format_version").is_none() && top.error.is_none() {
        let detail = "no `format_version`: give the whole output of `terraform show -json`";
        batch.problem(path, 0, ProblemKind::NotRecognised, detail);
        return batch;
    } else if is_plan {
        plan(&mut reader, &top);
    } else {
        state::shown(&mut reader, &top);
    }
    reader.finish(batch)
}

/// One resource of a plan or state, not read yet.
pub(super) struct Found<'a> {
    /// The full address.
    pub(super) address: String,
    /// The address of the module instance; empty for the root.
    pub(super) module: String,
    /// The type.
    pub(super) kind: String,
    /// The line that it starts on.
    pub(super) line: u32,
    /// The values.
    pub(super) values: Raw<'a>,
    /// Whether the plan makes it: nothing of before holds on.
    pub(super) new: bool,
    /// What of the values is known only after apply.
    pub(super) unknown: Option<Raw<'a>>,
    /// What of the values is secret.
    pub(super) secret: Secret<'a>,
}

/// How secrets are marked.
pub(super) enum Secret<'a> {
    /// A tree of `true` beside the values.
    Tree(Option<Raw<'a>>),
    /// Paths, in a raw state file.
    Paths(Option<Raw<'a>>),
}

/// What reading a plan and reading a state have in common.
pub(super) struct JsonReader {
    pub(super) collector: Collector,
    file: Text,
    source: Arc<Source>,
    /// The first resource of another provider.
    foreign: Option<String>,
}

impl JsonReader {
    fn new(set: &str, path: &str, kind: SourceKind) -> Self {
        Self {
            collector: Collector::new(set, super::map::BLOCKS, super::map::MAKES),
            file: path.into(),
            source: Arc::new(Source::new(kind, path)),
            foreign: None,
        }
    }

    /// A place in the file.
    pub(super) fn origin(&self, line: u32) -> Origin {
        Origin::new(Arc::clone(&self.source), line, Label::UserProvided)
    }

    /// The text breaks: what was read stays, and may not be all.
    pub(super) fn broken(&mut self, error: &JsonError) {
        self.collector.problem(&self.file.clone(), error.line, error.kind, error.detail.clone());
        if error.kind != ProblemKind::Unexpected {
            self.collector.incomplete(error.reason());
        }
    }

    /// States a problem that leaves the listings open.
    pub(super) fn lacking(&mut self, line: u32, detail: &str) {
        self.collector.problem(&self.file.clone(), line, ProblemKind::Unexpected, detail.to_owned());
        self.collector.incomplete(Reason::unreadable(detail));
    }

    /// Whether the type is this provider's; the first one that is not is remembered.
    pub(super) fn is_ours(&mut self, kind: &str) -> bool {
        let ours = kind.starts_with("alicloud_");
        if !ours && self.foreign.is_none() {
            self.foreign = Some(kind.to_owned());
        }
        ours
    }

    /// A value of the text; a key stated twice is reported.
    pub(super) fn node<'a>(&mut self, raw: Raw<'a>) -> Option<Node<'a>> {
        let mut cursor = raw.cursor();
        let node = cursor.value();
        for twice in std::mem::take(&mut cursor.twice) {
            self.broken(&twice);
        }
        node.map_err(|error| self.broken(&error)).ok()
    }

    /// Reads resources: those that are something first, then those that speak of others.
    pub(super) fn read_all<'a>(&mut self, found: Vec<Found<'a>>, plan: Option<&Configuration<'a>>) {
        let mut companions = Vec::new();
        for one in found {
            match self.collector.block(&one.kind) {
                Some(block) if block.kind.is_some() => self.read(block, &one, plan),
                Some(block) => companions.push((block, one)),
                None => {}
            }
        }
        for (block, one) in companions {
            self.read(block, &one, plan);
        }
    }

    fn read<'a>(&mut self, block: &super::Block, one: &Found<'a>, plan: Option<&Configuration<'a>>) {
        let Some(mut node) = self.node(one.values) else { return };
        node.line = one.line;
        let declared = plan.and_then(|plan| plan.resource(&one.module, &one.address));
        match &one.secret {
            Secret::Tree(Some(raw)) => {
                if let Some(marks) = self.node(*raw) {
                    overlay::secrets(&mut node, &marks);
                }
            }
            Secret::Paths(Some(raw)) => {
                if let Some(paths) = self.node(*raw) {
                    state::hide(&mut node, &paths);
                }
            }
            Secret::Tree(None) | Secret::Paths(None) => {}
        }
        if let Some(mut unknown) = one.unknown.and_then(|raw| self.node(raw)) {
            let expressions = declared.as_ref().and_then(|entries| self.node(entries.get("expressions")?));
            if let (true, Some(set)) = (one.new, &expressions) {
                overlay::left_out(&mut unknown, set);
            }
            let mut resolve = |expression: &Node<'_>| plan?.target(&one.module, expression, MAX_HOPS);
            overlay::unknowns(&mut node, &unknown, expressions.as_ref(), &mut resolve);
        }
        overlay::drop_unset(&mut node);
        let origin = self.origin(one.line);
        let mut around = Around::nothing(origin.clone());
        around.address = one.address.as_str().into();
        around.set = self.collector.set().into();
        around.account = Fact::unknown(Reason::NotInEvidence, origin.clone());
        let key = declared.as_ref().and_then(|entries| entries.plain("provider_config_key"));
        around.region = match plan.and_then(|plan| plan.region(key.as_deref()?)) {
            Some(Ok(region)) => Fact::known(region, origin),
            Some(Err(reason)) => Fact::unknown(reason, origin),
            None => Fact::unknown(Reason::NotInEvidence, origin),
        };
        self.collector.read(block, &node, around);
    }

    fn finish(mut self, mut batch: Batch) -> Batch {
        if let (Some(kind), true) = (self.foreign.take(), self.collector.is_empty()) {
            let detail = format!("no resource of the alicloud provider, but for example `{kind}`");
            batch.problem(&self.file, 0, ProblemKind::OtherProvider, detail);
            return batch;
        }
        let origin = self.origin(0);
        self.collector.finish(batch, &origin)
    }
}

fn plan<'a>(reader: &mut JsonReader, top: &Entries<'a>) {
    let configuration = Configuration::of(top);
    let is_false = |name: &str| top.plain(name).as_deref() == Some("false");
    if is_false("complete") || top.plain("errored").as_deref() == Some("true") {
        reader.collector.incomplete(Reason::unresolved("the plan leaves resources out (targets, errors or deferrals)"));
    }
    let (members, error) = top.get("resource_changes").map_or((vec![], None), |changes| changes.members());
    if let Some(error) = error {
        reader.broken(&error);
    }
    // A plan of nothing at all may leave the list out or empty; one with planned values lists each of them.
    if members.is_empty() && top.get("planned_values").is_some_and(|values| values.text.contains("\"address\"")) {
        reader.lacking(0, "the plan has no `resource_changes`: give the whole output of `terraform show -json`");
    }
    let mut found = Vec::with_capacity(members.len());
    for member in members {
        let entries = member.entries();
        if let Some(error) = &entries.error {
            reader.broken(error);
        }
        if entries.plain("mode").as_deref() == Some("data") || entries.get("deposed").is_some() {
            continue;
        }
        let kind = entries.plain("type").unwrap_or_default().into_owned();
        if !reader.is_ours(&kind) {
            continue;
        }
        let Some(change) = entries.get("change").map(|change| change.entries()) else {
            reader.lacking(member.line, "a resource without `change`");
            continue;
        };
        // After a delete there is nothing; only then is `after` null.
        let Some(after) = change.get("after").filter(|after| after.text.trim() != "null") else { continue };
        found.push(Found {
            address: entries.plain("address").unwrap_or_default().into_owned(),
            module: entries.plain("module_address").unwrap_or_default().into_owned(),
            kind,
            line: member.line,
            values: after,
            new: change.get("actions").is_some_and(|actions| actions.text.contains("\"create\"")),
            unknown: change.get("after_unknown").filter(|raw| raw.text.contains("true")),
            secret: Secret::Tree(change.get("after_sensitive").filter(|raw| raw.text.contains("true"))),
        });
    }
    reader.read_all(found, Some(&configuration));
}

/// The plan's `configuration`, looked into where needed.
pub(super) struct Configuration<'a> {
    /// What was declared, by address without instance keys.
    resources: FxHashMap<String, Raw<'a>>,
    /// The expressions of module calls, by module address without instance keys.
    calls: FxHashMap<String, Raw<'a>>,
    /// The outputs of modules, by module address without instance keys.
    outputs: FxHashMap<String, Raw<'a>>,
    /// Regions by provider key.
    regions: FxHashMap<String, Result<Text, Reason>>,
}

impl<'a> Configuration<'a> {
    fn of(top: &Entries<'a>) -> Self {
        let mut made = Self {
            resources: FxHashMap::default(),
            calls: FxHashMap::default(),
            outputs: FxHashMap::default(),
            regions: FxHashMap::default(),
        };
        let Some(configuration) = top.get("configuration").map(|raw| raw.entries()) else { return made };
        let mut modules: Vec<(String, Raw<'a>)> =
            configuration.get("root_module").map(|root| (String::new(), root)).into_iter().collect();
        while let Some((path, module)) = modules.pop() {
            let entries = module.entries();
            for resource in entries.get("resources").map(|raw| raw.members().0).unwrap_or_default() {
                if let Some(address) = resource.entries().plain("address") {
                    made.resources.insert(join(&path, &address), resource);
                }
            }
            if let Some(outputs) = entries.get("outputs") {
                made.outputs.insert(path.clone(), outputs);
            }
            for (name, call) in entries.get("module_calls").map(|raw| raw.entries().list).unwrap_or_default() {
                let path = join(&path, &format!("module.{name}"));
                let call = call.entries();
                if let Some(expressions) = call.get("expressions") {
                    made.calls.insert(path.clone(), expressions);
                }
                if let Some(module) = call.get("module") {
                    modules.push((path, module));
                }
            }
        }
        made.read_regions(top, &configuration);
        made
    }

    fn read_regions(&mut self, top: &Entries<'a>, configuration: &Entries<'a>) {
        let variables = top.get("variables").map(|raw| raw.entries());
        for (key, provider) in configuration.get("provider_config").map(|raw| raw.entries().list).unwrap_or_default() {
            let Ok(node) = provider.node() else { continue };
            let Some(region) = node.key("expressions").and_then(|expressions| expressions.key("region")) else {
                continue;
            };
            let constant = region.key("constant_value").map(|value| &value.value);
            let references = texts(region.key("references"));
            let region = match (constant, references.as_slice()) {
                (Some(Tree::Text(text)), _) => Ok(Text::from(text.as_ref())),
                (_, [reference]) => {
                    let name = reference.strip_prefix("var.").unwrap_or_default();
                    let value = variables.as_ref().and_then(|all| all.get(name));
                    // A module's variable of the same name is another one.
                    let value = value.filter(|_| !key.contains(':')).and_then(|raw| raw.entries().plain("value"));
                    value.map(|value| Text::from(value.as_ref())).ok_or_else(|| Reason::unresolved(reference))
                }
                _ => Err(Reason::unresolved("the provider's region")),
            };
            self.regions.insert(key.into_owned(), region);
        }
    }

    fn region(&self, key: &str) -> Option<Result<Text, Reason>> {
        // A module without a provider of its own inherits one; the plan then names the inherited key.
        self.regions.get(key).cloned()
    }

    fn resource(&self, module: &str, address: &str) -> Option<Entries<'a>> {
        let own = address.strip_prefix(module).unwrap_or(address).trim_start_matches('.');
        let path = without_keys(&join(module, own));
        self.resources.get(&path).map(|raw| raw.entries())
    }

    /// What an expression stands for, when it is one attribute of one resource and nothing else.
    fn target(&self, module: &str, expression: &Node<'_>, hops: u32) -> Option<Tree<'static>> {
        let hops = hops.checked_sub(1)?;
        let all = texts(expression.key("references"));
        // `alicloud_vpc.v.id` is followed by `alicloud_vpc.v`: only the longest is what was written.
        let mut written = all.iter().filter(|reference| {
            !all.iter().any(|other| {
                other.len() > reference.len()
                    && other.starts_with(reference.as_str())
                    && other.get(reference.len()..).is_some_and(|rest| rest.starts_with(['.', '[']))
            })
        });
        let reference = written.next()?;
        if written.any(|other| other != reference) {
            return None;
        }
        if let Some(name) = reference.strip_prefix("var.") {
            let call = self.calls.get(&without_keys(module))?.node().ok()?;
            let parent = parent_of(module);
            return self.target(parent, call.key(name)?, hops);
        }
        if reference.starts_with("module.") {
            let (call, output) = reference.rsplit_once('.')?;
            let child = join(module, call);
            let outputs = self.outputs.get(&without_keys(&child))?.node().ok()?;
            return self.target(&child, outputs.key(output)?.key("expression")?, hops);
        }
        let (address, attribute) = reference.rsplit_once('.')?;
        let kind = address.split('.').next()?;
        let one = kind.starts_with("alicloud_") && address.contains('.');
        if one { stands_for(kind, &join(module, address), attribute) } else { None }
    }
}

fn texts(node: Option<&Node<'_>>) -> Vec<String> {
    match node.map(|node| &node.value) {
        Some(Tree::List(items, _)) => items
            .iter()
            .filter_map(|item| match &item.value {
                Tree::Text(text) => Some(text.to_string()),
                _ => None,
            })
            .collect(),
        _ => vec![],
    }
}

/// An address inside a module.
pub(super) fn join(module: &str, address: &str) -> String {
    if module.is_empty() { address.to_owned() } else { format!("{module}.{address}") }
}

/// An address without the keys of instances: what the configuration calls it.
fn without_keys(address: &str) -> String {
    let (mut out, mut inside, mut quoted) = (String::with_capacity(address.len()), false, false);
    let mut letters = address.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if quoted => {
                letters.next();
            }
            '"' => quoted = !quoted,
            '[' if !quoted => inside = true,
            ']' if !quoted => inside = false,
            _ if inside || quoted => {}
            _ => out.push(letter),
        }
    }
    out
}

/// The module instance that calls this one: the address without its last `module.name[key]`.
fn parent_of(module: &str) -> &str {
    // A key may hold any text, `.module.` included; then the last step is not found and nothing is resolved.
    module.rfind(".module.").and_then(|at| module.get(..at)).unwrap_or_default()
}
