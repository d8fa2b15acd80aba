//! Functions, parameters, mappings and conditions of a template.
//!
//! Source: ROS documentation, "Template syntax": Functions, Parameters, Conditions, Mappings, pseudo parameters.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustc_hash::FxHashMap;
use xiezhi_model::{OWN_ACCOUNT, Reason};

use crate::terraform::value::{Stop, equal, int, own_account, solid, to_bool, to_int, to_open_text, to_text};
use crate::tree::{Node, Tree};

type Value = Node<'static>;
type Made = Result<Tree<'static>, Stop>;

/// How deep evaluation may go: values, and the conditions and properties that they lead to. Each level costs stack.
const MAX_DEPTH: u32 = 100;

/// How many steps a template may take.
const MAX_STEPS: u64 = 2_000_000;

/// A template, ready to evaluate.
pub(super) struct Template<'t> {
    root: &'t Node<'t>,
    conditions: RefCell<FxHashMap<String, Option<Result<bool, Stop>>>>,
    steps: Cell<u64>,
    /// How many copies `Count` makes of a resource, when it has one and it is known.
    pub(super) copies: RefCell<FxHashMap<String, usize>>,
}

/// Attributes that name a resource although they do not repeat its type: the addresses and names by which origins, DNAT
/// entries and DNS records mean it, the system route table of a VPC, and the tables of a NAT gateway, by which its entries
/// mean it. Source: ROS, return values of ALIYUN::VPC::EIP, ALIYUN::SLB::LoadBalancer, ALIYUN::ALB::LoadBalancer,
/// ALIYUN::ECS::VPC and ALIYUN::VPC::NatGateway.
const PARTS: &[(&str, &str)] = &[
    ("eip", "allocationid"),
    ("eip", "eipaddress"),
    ("loadbalancer", "ipaddress"),
    ("loadbalancer", "dnsname"),
    ("vpc", "routetableid"),
    ("natgateway", "forwardtableid"),
    ("natgateway", "snattableid"),
];

/// Whether an attribute of a resource names the resource: its id, name or ARN.
pub(super) fn names_itself(resource: &Node<'_>, attribute: &str) -> bool {
    let kind = match resource.key("Type").map(|kind| &kind.value) {
        Some(Tree::Text(kind)) => kind.rsplit(':').next().unwrap_or_default().to_lowercase(),
        _ => return false,
    };
    let lower = attribute.to_lowercase();
    let stem = ["id", "name", "arn"].iter().find_map(|end| lower.strip_suffix(end)).unwrap_or("?");
    kind.ends_with(stem) || PARTS.contains(&(kind.as_str(), lower.as_str()))
}

impl<'t> Template<'t> {
    /// A template by its root.
    pub(super) fn new(root: &'t Node<'t>) -> Self {
        Self { root, conditions: RefCell::default(), steps: Cell::new(MAX_STEPS), copies: RefCell::default() }
    }

    /// An entry of a section.
    pub(super) fn entry(&self, section: &str, name: &str) -> Option<&'t Node<'t>> {
        self.root.key(section)?.key(name)
    }

    /// The value of a part of the template; what cannot be told is an unknown value in its place. `index` is the
    /// number of the copy, inside a resource with `Count`.
    pub(super) fn value(&self, node: &Node<'_>, index: Option<usize>, depth: u32) -> Value {
        match self.eval(node, index, depth) {
            Ok(value) => value,
            Err(stop) => Node::new(Tree::Unknown(stop.reason()), node.line),
        }
    }

    fn eval(&self, node: &Node<'_>, index: Option<usize>, depth: u32) -> Result<Value, Stop> {
        let spent = self.steps.get().checked_sub(1).ok_or_else(|| Stop::unresolved("too many steps"))?;
        self.steps.set(spent);
        if depth > MAX_DEPTH {
            return Err(Stop::unresolved("an expression nested too deep"));
        }
        let depth = depth.saturating_add(1);
        let tree = match &node.value {
            Tree::List(items, more) => {
                Tree::List(items.iter().map(|item| self.value(item, index, depth)).collect(), more.clone())
            }
            Tree::Map(entries, more) => match entries.as_slice() {
                [(name, argument)] if name == "Ref" || name.starts_with("Fn::") => {
                    let mut value = self.call(name, argument, index, depth)?;
                    place(&mut value, node.line);
                    value
                }
                entries => {
                    let mut made = Vec::with_capacity(entries.len());
                    for (key, item) in entries {
                        let value = self.value(item, index, depth);
                        // `ALIYUN::NoValue` takes the property away.
                        if value.value != Tree::Null {
                            made.push((Cow::Owned(key.to_string()), value));
                        }
                    }
                    Tree::Map(made, more.clone())
                }
            },
            Tree::Null => Tree::Null,
            Tree::Bool(value) => Tree::Bool(*value),
            Tree::Number(text) => Tree::Number(Cow::Owned(text.to_string())),
            Tree::Text(text) => Tree::Text(Cow::Owned(text.to_string())),
            Tree::Reference { .. } | Tree::Unknown(_) => return solid(node.clone().into_owned()),
        };
        Ok(Node::new(tree, node.line))
    }

    fn call(&self, name: &str, argument: &Node<'_>, index: Option<usize>, depth: u32) -> Made {
        let short = name.strip_prefix("Fn::").unwrap_or(name);
        let unresolved = || Stop::unresolved(name);
        let part = |at: usize| -> Result<&Node<'_>, Stop> {
            match &argument.value {
                Tree::List(items, None) => items.get(at).ok_or_else(unresolved),
                _ if at == 0 => Ok(argument),
                _ => Err(unresolved()),
            }
        };
        let arg = |at: usize| self.eval(part(at)?, index, depth);
        let text = |at: usize| arg(at).and_then(|value| to_text(&value.value));
        match short {
            "Ref" => match &argument.value {
                Tree::Text(name) => self.reference(name, index),
                _ => Err(unresolved()),
            },
            "GetAtt" => {
                let (resource, attribute) = match &argument.value {
                    Tree::Text(path) => {
                        let (resource, attribute) = path.split_once('.').ok_or_else(unresolved)?;
                        (resource.to_owned(), attribute.to_owned())
                    }
                    _ => (text(0)?, text(1)?),
                };
                self.attribute(&resource, &attribute, index, depth)
            }
            "If" => {
                let branch = if self.test(part(0)?, depth)? { 1 } else { 2 };
                arg(branch).map(|value| value.value)
            }
            "Equals" | "And" | "Or" | "Not" | "Contains" | "Any" => {
                self.test_call(short, argument, depth).map(Tree::Bool)
            }
            "Join" => {
                let separator = text(0)?;
                let parts = arg(1)?;
                let Tree::List(items, None) = &parts.value else { return Err(stop_of(&parts.value, name)) };
                let texts: Vec<String> = items.iter().map(|item| spoken(&item.value)).collect::<Result<_, _>>()?;
                Ok(owned(texts.join(&separator)))
            }
            "Sub" => {
                let extra = match &argument.value {
                    Tree::List(..) => Some(arg(1)?),
                    _ => None,
                };
                let pattern = part(0)?;
                let Tree::Text(pattern) = &pattern.value else { return Err(unresolved()) };
                self.substitute(pattern, extra.as_ref(), index, depth)
            }
            "Select" => {
                let key = text(0)?;
                let from = arg(1)?;
                let found = match &from.value {
                    Tree::List(items, None) => {
                        let length = i128::try_from(items.len()).unwrap_or(i128::MAX);
                        let at = key.parse::<i128>().ok();
                        let at = at.map(|at| if at < 0 { at.saturating_add(length) } else { at });
                        at.and_then(|at| items.get(usize::try_from(at).ok()?)).cloned()
                    }
                    Tree::Map(_, None) => from.key(&key).cloned(),
                    Tree::Text(list) => key
                        .parse::<usize>()
                        .ok()
                        .and_then(|at| list.split(',').nth(at))
                        .map(|item| Node::new(owned(item), 0)),
                    other => return Err(stop_of(other, name)),
                };
                match found {
                    Some(found) => solid(found).map(|value| value.value),
                    None => arg(2).map(|value| value.value),
                }
            }
            "FindInMap" => {
                let mapping = self.entry("Mappings", &text(0)?).ok_or_else(unresolved)?;
                let found = mapping.key(&text(1)?).and_then(|row| row.key(&text(2).ok()?)).ok_or_else(unresolved)?;
                self.eval(found, index, depth).map(|value| value.value)
            }
            _ => self.call_plain(name, argument, index, depth),
        }
    }

    /// The functions that need only the values of their arguments.
    fn call_plain(&self, name: &str, argument: &Node<'_>, index: Option<usize>, depth: u32) -> Made {
        let unresolved = || Stop::unresolved(name);
        let short = name.strip_prefix("Fn::").unwrap_or(name);
        // The other functions are not worked out: their arguments are not looked at.
        let known = ["Split", "Replace", "Str", "Base64Encode", "Base64", "Base64Decode", "ListMerge", "Length"];
        if !known.contains(&short) {
            return Err(unresolved());
        }
        let value = self.eval(argument, index, depth)?;
        let arg = |at: usize| match &value.value {
            Tree::List(items, None) => items.get(at).cloned().ok_or_else(unresolved).and_then(solid),
            _ if at == 0 => Ok(value.clone()),
            _ => Err(unresolved()),
        };
        let text = |at: usize| arg(at).and_then(|value| to_text(&value.value));
        match short {
            "Split" => {
                let (separator, whole) = (text(0)?, text(1)?);
                let parts: Vec<Value> = if separator.is_empty() {
                    vec![Node::new(owned(whole), 0)]
                } else {
                    whole.split(separator.as_str()).map(|part| Node::new(owned(part), 0)).collect()
                };
                Ok(Tree::List(parts, None))
            }
            "Replace" => {
                let changes = arg(0)?;
                let Tree::Map(changes, None) = &changes.value else { return Err(stop_of(&changes.value, name)) };
                let mut whole = text(1)?;
                for (old, new) in changes {
                    whole = whole.replace(old.as_ref(), &to_text(&new.value)?);
                    if whole.len() > 1_000_000 {
                        return Err(unresolved());
                    }
                }
                Ok(owned(whole))
            }
            "Str" => text(0).map(owned),
            "Base64Encode" | "Base64" => text(0).map(|text| owned(STANDARD.encode(text))),
            "Base64Decode" => {
                let bytes = STANDARD.decode(text(0)?).map_err(|_| unresolved())?;
                String::from_utf8(bytes).map(owned).map_err(|_| unresolved())
            }
            "ListMerge" => {
                let Tree::List(lists, None) = value.value else { return Err(unresolved()) };
                let (mut all, mut more) = (vec![], None);
                for list in lists {
                    match list.value {
                        Tree::List(items, gap) => {
                            all.extend(items);
                            more = more.or(gap);
                        }
                        other => more = Some(stop_of(&other, name).reason()),
                    }
                }
                Ok(Tree::List(all, more))
            }
            "Length" => match &value.value {
                Tree::List(items, None) => Ok(int(i128::try_from(items.len()).unwrap_or(i128::MAX))),
                other => Err(stop_of(other, name)),
            },
            _ => Err(unresolved()),
        }
    }

    /// `Ref`: a pseudo parameter, a parameter, a resource.
    fn reference(&self, name: &str, index: Option<usize>) -> Made {
        match name {
            "ALIYUN::NoValue" => return Ok(Tree::Null),
            "ALIYUN::Index" => {
                let index = index.ok_or_else(|| Stop::unresolved(name))?;
                return Ok(int(i128::try_from(index).unwrap_or(i128::MAX)));
            }
            // Source: ROS documentation, "Pseudo parameters": the Alibaba Cloud account of the stack.
            "ALIYUN::TenantId" => return Ok(own_account()),
            _ if name.starts_with("ALIYUN::") => return Err(Stop::unresolved(name)),
            _ => {}
        }
        if let Some(parameter) = self.entry("Parameters", name) {
            return parameter_value(name, parameter);
        }
        if self.entry("Resources", name).is_some() {
            return Ok(self.link(name, "id"));
        }
        Err(Stop::unresolved(format!("Ref {name}")))
    }

    /// A reference to a resource; to all its copies, when `Count` makes some.
    fn link(&self, name: &str, attribute: &str) -> Tree<'static> {
        let one = |address: String| Tree::Reference {
            address: Cow::Owned(address),
            attribute: Cow::Owned(attribute.to_owned()),
        };
        match self.copies.borrow().get(name) {
            Some(copies) => {
                let all = (0..*copies).map(|at| Node::new(one(format!("{name}[{at}]")), 0)).collect();
                Tree::List(all, None)
            }
            None => one(name.to_owned()),
        }
    }

    /// `Fn::GetAtt`: what the properties say, a reference when the attribute names the resource, else unresolved.
    fn attribute(&self, resource: &str, attribute: &str, index: Option<usize>, depth: u32) -> Made {
        let unresolved = || Stop::unresolved(format!("{resource}.{attribute}"));
        let declared = self.entry("Resources", resource).ok_or_else(unresolved)?;
        if let Some(property) = declared.key("Properties").and_then(|properties| properties.key(attribute)) {
            let value = self.eval(property, index, depth.saturating_add(1));
            if let Ok(Node { value: tree @ (Tree::Text(_) | Tree::Number(_) | Tree::Bool(_)), .. }) = value {
                return Ok(tree);
            }
        }
        let kind = match declared.key("Type").map(|kind| &kind.value) {
            Some(Tree::Text(kind)) => kind.rsplit(':').next().unwrap_or_default().to_lowercase(),
            _ => return Err(unresolved()),
        };
        let lower = attribute.to_lowercase();
        if kind == "instancegroup" && lower == "instanceids" {
            return Ok(self.members(resource, declared, index, depth));
        }
        if names_itself(declared, attribute) { Ok(self.link(resource, attribute)) } else { Err(unresolved()) }
    }

    /// The instances of an `ALIYUN::ECS::InstanceGroup`, which one record stands for.
    fn members(&self, resource: &str, declared: &Node<'_>, index: Option<usize>, depth: u32) -> Tree<'static> {
        let amount = declared.key("Properties").and_then(|properties| properties.key("MaxAmount"));
        let amount = amount.map(|node| self.eval(node, index, depth.saturating_add(1)).and_then(|n| to_int(&n.value)));
        // Source: ROS documentation, `MaxAmount`: 1 to 100.
        let (amount, more) = match amount {
            Some(Ok(amount @ 1..=100)) => (usize::try_from(amount).unwrap_or(1), None),
            Some(Err(stop)) => (1, Some(stop.reason())),
            _ => (1, Some(Reason::unresolved(format!("{resource}.MaxAmount")))),
        };
        let one = || Node::new(self.link(resource, "InstanceIds"), 0);
        Tree::List((0..amount).map(|_| one()).collect(), more)
    }

    fn substitute(&self, pattern: &str, extra: Option<&Value>, index: Option<usize>, depth: u32) -> Made {
        let mut out = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let (name, after) = after.split_once('}').ok_or_else(|| Stop::unresolved("Fn::Sub"))?;
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                out.push_str(&format!("${{{literal}}}"));
                continue;
            }
            let name = name.trim();
            let value = match (extra.and_then(|extra| extra.key(name)), name.split_once('.')) {
                (Some(value), _) => value.value.clone(),
                (None, Some((resource, attribute))) => self.attribute(resource, attribute, index, depth)?,
                (None, None) => self.reference(name, index)?,
            };
            out.push_str(&spoken(&value)?);
        }
        out.push_str(rest);
        Ok(owned(out))
    }

    /// Whether a named condition holds.
    pub(super) fn condition(&self, name: &str, depth: u32) -> Result<bool, Stop> {
        let unresolved = || Stop::unresolved(format!("Condition {name}"));
        if let Some(known) = self.conditions.borrow().get(name) {
            // Still being worked out: it needs itself.
            return known.clone().unwrap_or_else(|| Err(unresolved()));
        }
        let declared = self.entry("Conditions", name).ok_or_else(unresolved)?;
        self.conditions.borrow_mut().insert(name.to_owned(), None);
        let holds = self.test(declared, depth.saturating_add(1));
        self.conditions.borrow_mut().insert(name.to_owned(), Some(holds.clone()));
        holds
    }

    /// Whether a condition holds: a name, `{Condition: name}`, or a function.
    fn test(&self, node: &Node<'_>, depth: u32) -> Result<bool, Stop> {
        if depth > MAX_DEPTH {
            return Err(Stop::unresolved("conditions nested too deep"));
        }
        let depth = depth.saturating_add(1);
        match &node.value {
            Tree::Text(name) if name != "true" && name != "false" => self.condition(name, depth),
            Tree::Map(entries, None) => match entries.as_slice() {
                [(name, Node { value: Tree::Text(condition), .. })] if name == "Condition" => {
                    self.condition(condition, depth)
                }
                [(name, argument)] => match name.strip_prefix("Fn::") {
                    Some(short @ ("Equals" | "And" | "Or" | "Not" | "Contains" | "Any")) => {
                        self.test_call(short, argument, depth)
                    }
                    _ => to_bool(&self.eval(node, None, depth)?.value),
                },
                _ => Err(Stop::unresolved("a condition")),
            },
            _ => to_bool(&self.eval(node, None, depth)?.value),
        }
    }

    fn test_call(&self, name: &str, argument: &Node<'_>, depth: u32) -> Result<bool, Stop> {
        let unresolved = || Stop::unresolved(format!("Fn::{name}"));
        let items = match &argument.value {
            Tree::List(items, None) => items.as_slice(),
            _ if name == "Not" => std::slice::from_ref(argument),
            _ => return Err(unresolved()),
        };
        match (name, items) {
            ("Equals", [a, b]) => {
                let (a, b) = (self.eval(a, None, depth)?, self.eval(b, None, depth)?);
                match (&a.value, &b.value) {
                    // Parameters of any type are written as text.
                    (Tree::Text(a), other @ (Tree::Number(_) | Tree::Bool(_)))
                    | (other @ (Tree::Number(_) | Tree::Bool(_)), Tree::Text(a)) => {
                        Ok(a.eq_ignore_ascii_case(&to_text(other)?))
                    }
                    (a, b) => equal(a, b),
                }
            }
            ("Not", [one]) => self.test(one, depth).map(|holds| !holds),
            ("And" | "Or" | "Any", items) if !items.is_empty() => {
                let decides = name != "And";
                let mut stop = None;
                for item in items {
                    match self.test(item, depth) {
                        Ok(holds) if holds == decides => return Ok(decides),
                        Ok(_) => {}
                        Err(reason) => stop = Some(reason),
                    }
                }
                stop.map_or(Ok(!decides), Err)
            }
            ("Contains", [list, item]) => {
                let (list, item) = (self.eval(list, None, depth)?, self.eval(item, None, depth)?);
                let Tree::List(items, None) = &list.value else { return Err(unresolved()) };
                for member in items {
                    if equal(&member.value, &item.value)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => Err(unresolved()),
        }
    }

    /// How many copies `Count` makes.
    pub(super) fn count(&self, node: &Node<'_>) -> Result<i128, Stop> {
        to_int(&self.eval(node, None, 0)?.value)
    }
}

/// The default of a parameter, by its type; a secret one is never kept.
fn parameter_value(name: &str, parameter: &Node<'_>) -> Made {
    if parameter.key("NoEcho").is_some_and(|flag| to_bool(&flag.value) != Ok(false)) {
        return Err(Stop::Unknown(Reason::Redacted));
    }
    let default = parameter.key("Default").ok_or_else(|| Stop::unresolved(format!("Ref {name}")))?;
    let kind = parameter.key("Type").and_then(|kind| to_text(&kind.value).ok()).unwrap_or_default();
    match (&default.value, kind.as_str()) {
        (Tree::Null, _) => Err(Stop::unresolved(format!("Ref {name}"))),
        (Tree::Text(list), "CommaDelimitedList") => {
            let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
            Ok(Tree::List(items.map(|item| Node::new(owned(item), 0)).collect(), None))
        }
        _ => solid(default.clone().into_owned()).map(|value| value.value),
    }
}

/// What a value is in a longer text.
fn spoken(value: &Tree<'_>) -> Result<String, Stop> {
    match value {
        Tree::Reference { address, .. } if address == OWN_ACCOUNT => Ok(OWN_ACCOUNT.to_owned()),
        _ => to_open_text(value),
    }
}

fn owned(text: impl Into<String>) -> Tree<'static> {
    Tree::Text(Cow::Owned(text.into()))
}

fn stop_of(value: &Tree<'_>, name: &str) -> Stop {
    match value {
        Tree::Unknown(reason) | Tree::List(_, Some(reason)) | Tree::Map(_, Some(reason)) => {
            Stop::Unknown(reason.clone())
        }
        _ => Stop::unresolved(name),
    }
}

fn place(tree: &mut Tree<'static>, line: u32) {
    match tree {
        Tree::List(items, _) => items.iter_mut().for_each(|item| crate::terraform::value::place(item, line)),
        Tree::Map(entries, _) => entries.iter_mut().for_each(|(_, item)| crate::terraform::value::place(item, line)),
        _ => {}
    }
}
