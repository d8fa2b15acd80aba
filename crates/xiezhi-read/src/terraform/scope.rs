//! One instance of a module: what its names mean.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use hcl_edit::expr::Expression;
use rustc_hash::FxHashMap;
use xiezhi_model::Reason;

use super::eval::{Binding, Context};
use super::module::{Declared, Files, Module, Written, local_source};
use super::value::{Eval, MAX_DEPTH, Stop, Value, deeper, int, quoted, solid, text, to_int, weight};
use crate::tree::{Node, Tree};

/// How many instances one block may have before its number counts as unresolved.
const MAX_INSTANCES: usize = 10_000;

/// How deep module calls may go.
const MAX_MODULES: u32 = 16;

/// Everything that does not change while a set is evaluated.
pub(super) struct World<'a> {
    /// The directory of the root module.
    pub(super) root: &'a str,
    /// What was given.
    pub(super) files: &'a Files<'a>,
    /// What each directory declares.
    pub(super) modules: &'a BTreeMap<&'a str, Module<'a>>,
    /// The steps that may still be taken: a value bomb ends in an unknown, not in the machine's memory.
    pub(super) steps: Cell<u64>,
}

impl World<'_> {
    /// Pays for work; a stop when the budget of the set is used up.
    pub(super) fn pay(&self, steps: u64) -> Result<(), Stop> {
        match self.steps.get().checked_sub(steps) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => {
                self.steps.set(0);
                Err(Stop::unresolved("evaluation took more steps than a configuration of this size may"))
            }
        }
    }
}

/// One instance of a block with `count` or `for_each`.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    /// `[0]`, `["key"]`, or empty for a block without either.
    pub(super) suffix: String,
    /// What `each` or `count` means inside: the name and its value.
    pub(super) binding: Option<(&'static str, Value)>,
}

/// The instances of a block.
#[derive(Debug)]
pub(super) struct Instances {
    /// What decides the instances.
    pub(super) shape: Shape,
    /// The instances that are known; exactly one when their number is not.
    pub(super) items: Vec<Instance>,
    /// Why there may be others, or none.
    pub(super) gap: Option<Reason>,
}

/// What decides the instances of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Neither `count` nor `for_each`.
    Single,
    /// `count`.
    Count,
    /// `for_each`.
    Each,
    /// One of the two, with an unknown value.
    Open,
}

impl Instances {
    /// What stands for the instances of keys that are not known, beside those of known keys, and why there may be any.
    pub(super) fn rest(&self) -> Option<(&Reason, Instance)> {
        let reason = self.gap.as_ref().filter(|_| self.shape != Shape::Open)?;
        Some((reason, unknown(reason)))
    }
}

#[derive(Debug, Clone)]
enum Slot {
    Running,
    Done(Eval),
}

/// One instance of a module.
pub(super) struct Scope<'a> {
    /// The set.
    pub(super) world: &'a World<'a>,
    /// What the module declares.
    pub(super) module: &'a Module<'a>,
    /// The prefix of addresses: empty, or `module.name["key"].`.
    pub(super) prefix: String,
    parent: Option<Parent<'a>>,
    depth: u32,
    memo: RefCell<FxHashMap<String, Slot>>,
    instances: RefCell<FxHashMap<String, Option<Rc<Instances>>>>,
    children: RefCell<FxHashMap<String, Rc<Scope<'a>>>>,
}

struct Parent<'a> {
    scope: Rc<Scope<'a>>,
    call: Declared<'a>,
    instance: Instance,
}

impl<'a> Scope<'a> {
    /// The root module.
    pub(super) fn root(world: &'a World<'a>, module: &'a Module<'a>) -> Rc<Self> {
        Rc::new(Self::new(world, module, String::new(), None, 0))
    }

    fn new(
        world: &'a World<'a>,
        module: &'a Module<'a>,
        prefix: String,
        parent: Option<Parent<'a>>,
        depth: u32,
    ) -> Self {
        let (memo, instances, children) = Default::default();
        Self { world, module, prefix, parent, depth, memo, instances, children }
    }

    /// Evaluates once and remembers; a value that needs itself is unresolved.
    pub(super) fn once(&self, name: &str, make: impl FnOnce() -> Eval) -> Eval {
        let found = self.memo.borrow().get(name).cloned();
        match found {
            Some(Slot::Running) => return Err(Stop::unresolved(format!("{name} (it needs itself)"))),
            Some(Slot::Done(value)) => {
                if let Ok(value) = &value {
                    self.world.pay(weight(&value.value))?;
                }
                return value;
            }
            None => {}
        }
        self.memo.borrow_mut().insert(name.to_owned(), Slot::Running);
        let mut value = make();
        if let Ok(made) = &value {
            self.world.pay(weight(&made.value))?;
            if deeper(&made.value, MAX_DEPTH) {
                value = Err(Stop::unresolved(format!("{name} (nested deeper than {MAX_DEPTH})")));
            }
        }
        self.memo.borrow_mut().insert(name.to_owned(), Slot::Done(value.clone()));
        value
    }

    /// `var.name`.
    pub(super) fn variable(self: &Rc<Self>, name: &str, depth: u32) -> Eval {
        let label = format!("var.{name}");
        self.once(&label, || self.variable_value(name, &label, depth))
    }

    fn variable_value(self: &Rc<Self>, name: &str, label: &str, depth: u32) -> Eval {
        let declared = self.module.variables.get(name);
        if declared.and_then(|declared| declared.attribute("sensitive")).and_then(Expression::as_bool) == Some(true) {
            return Err(Stop::Unknown(Reason::Redacted));
        }
        let given = match &self.parent {
            Some(parent) => parent
                .call
                .attribute(name)
                .map(|expression| parent.with(|context| context.at(parent.call.file, depth).eval(expression))),
            None => self.module.values.get(name).map(|written| self.eval_written(*written, depth)),
        };
        match given {
            Some(value) => value.and_then(solid),
            None => match declared.and_then(|declared| Some((declared.file, declared.attribute("default")?))) {
                Some((file, expression)) => self.eval_written(Written { file, expression }, depth),
                None => Err(Stop::unresolved(label)),
            },
        }
    }

    /// The expression that the caller gives a variable, and where its names mean something.
    pub(super) fn given(&self, name: &str) -> Option<(Rc<Scope<'a>>, &'a Expression)> {
        let parent = self.parent.as_ref()?;
        parent.call.attribute(name).map(|expression| (Rc::clone(&parent.scope), expression))
    }

    fn eval_written(self: &Rc<Self>, written: Written<'a>, depth: u32) -> Eval {
        Context { scope: self, file: written.file, bindings: None, depth }.eval(written.expression)
    }

    /// `local.name`.
    pub(super) fn local(self: &Rc<Self>, name: &str, depth: u32) -> Eval {
        let label = format!("local.{name}");
        match self.module.locals.get(name) {
            Some(written) => self.once(&label, || self.eval_written(*written, depth)),
            None => Err(Stop::unresolved(label)),
        }
    }

    /// `output.name`, as the calling module sees it.
    pub(super) fn output(self: &Rc<Self>, name: &str, depth: u32) -> Eval {
        let label = format!("output.{name}");
        let missing = || Stop::unresolved(format!("{}{name}", self.prefix));
        let Some(declared) = self.module.outputs.get(name) else { return Err(missing()) };
        let Some(expression) = declared.attribute("value") else { return Err(missing()) };
        if declared.attribute("sensitive").and_then(Expression::as_bool) == Some(true) {
            return Err(Stop::Unknown(Reason::Redacted));
        }
        self.once(&label, || self.eval_written(Written { file: declared.file, expression }, depth))
    }

    /// The instances of a resource or module call.
    pub(super) fn instances(self: &Rc<Self>, name: &str, declared: Declared<'a>, depth: u32) -> Rc<Instances> {
        let found = self.instances.borrow().get(name).cloned();
        match found {
            Some(Some(instances)) => return instances,
            Some(None) => return Rc::new(open(Reason::unresolved(format!("{name} (it needs itself)")))),
            None => {}
        }
        self.instances.borrow_mut().insert(name.to_owned(), None);
        let context = Context { scope: self, file: declared.file, bindings: None, depth };
        let instances = Rc::new(match (declared.attribute("count"), declared.attribute("for_each")) {
            (Some(count), _) => counted(context.eval(count)),
            (None, Some(collection)) => each(context.eval(collection)),
            (None, None) => Instances {
                shape: Shape::Single,
                items: vec![Instance { suffix: String::new(), binding: None }],
                gap: None,
            },
        });
        self.instances.borrow_mut().insert(name.to_owned(), Some(Rc::clone(&instances)));
        instances
    }

    /// The scope of one instance of a module call, or why the module cannot be followed.
    pub(super) fn child(self: &Rc<Self>, call: Declared<'a>, instance: &Instance) -> Result<Rc<Scope<'a>>, Reason> {
        let prefix = format!("{}module.{}{}.", self.prefix, call.label(0), instance.suffix);
        if let Some(child) = self.children.borrow().get(&prefix) {
            return Ok(Rc::clone(child));
        }
        let unresolved = || Reason::unresolved(format!("module.{}", call.label(0)));
        let depth = self.depth.saturating_add(1);
        let source = call.attribute("source").and_then(Expression::as_str).ok_or_else(unresolved)?;
        let directory = local_source(&self.module.directory, source).ok_or_else(unresolved)?;
        let module = self.world.modules.get(directory.as_str()).ok_or_else(unresolved)?;
        if depth > MAX_MODULES {
            return Err(unresolved());
        }
        let parent = Parent { scope: Rc::clone(self), call, instance: instance.clone() };
        let child = Rc::new(Scope::new(self.world, module, prefix.clone(), Some(parent), depth));
        self.children.borrow_mut().insert(prefix, Rc::clone(&child));
        Ok(child)
    }

    /// The region that the provider of a block works in. `alias` is empty for the default provider.
    pub(super) fn region(self: &Rc<Self>, alias: &str) -> Option<(Eval, Declared<'a>)> {
        let is_meant = |declared: &&Declared<'a>| {
            declared.attribute("alias").map_or(alias.is_empty(), |name| name.as_str() == Some(alias))
        };
        if let Some(declared) = self.module.providers.iter().find(is_meant).copied() {
            let expression = declared.attribute("region")?;
            let value = self.eval_written(Written { file: declared.file, expression }, 0);
            return Some((value, declared));
        }
        let parent = self.parent.as_ref()?;
        let outer = match parent.call.attribute("providers") {
            None => String::new(),
            Some(map) => passed_provider(map, alias).unwrap_or_default(),
        };
        parent.scope.region(&outer)
    }
}

impl<'a> Parent<'a> {
    fn with<T>(&self, then: impl FnOnce(Context<'_, 'a>) -> T) -> T {
        let binding = self.instance.binding.as_ref().map(|(name, value)| Binding { name, value, outer: None });
        then(Context { scope: &self.scope, file: self.call.file, bindings: binding.as_ref(), depth: 0 })
    }
}

/// The alias in `alicloud.alias`, as `provider = …` writes it; empty for `alicloud`.
pub(super) fn provider_alias(expression: &Expression) -> String {
    expression
        .to_string()
        .trim()
        .trim_matches('"')
        .split_once('.')
        .map_or_else(String::new, |(_, alias)| alias.to_owned())
}

fn passed_provider(map: &Expression, alias: &str) -> Option<String> {
    let wanted = if alias.is_empty() { "alicloud".to_owned() } else { format!("alicloud.{alias}") };
    map.as_object()?.iter().find_map(|(key, value)| {
        let name = match key {
            hcl_edit::expr::ObjectKey::Ident(ident) => ident.as_str().to_owned(),
            hcl_edit::expr::ObjectKey::Expression(expression) => {
                expression.to_string().trim().trim_matches(['(', ')', '"']).to_owned()
            }
        };
        (name == wanted).then(|| provider_alias(value.expr()))
    })
}

fn open(reason: Reason) -> Instances {
    Instances { shape: Shape::Open, items: vec![unknown(&reason)], gap: Some(reason) }
}

/// An instance of which neither key nor number is known.
fn unknown(reason: &Reason) -> Instance {
    let part = |name: &'static str| (name.into(), Node::new(Tree::Unknown(reason.clone()), 0));
    let pair = Tree::Map(["key", "value", "index"].map(part).into(), None);
    Instance { suffix: String::new(), binding: Some(("*", Node::new(pair, 0))) }
}

fn counted(value: Eval) -> Instances {
    let number = match value.and_then(|value| to_int(&value.value)) {
        Ok(number) => number,
        Err(stop) => return open(stop.reason()),
    };
    let number = usize::try_from(number.max(0)).unwrap_or(usize::MAX);
    if number > MAX_INSTANCES {
        return open(Reason::unresolved(format!("count of {number}, above {MAX_INSTANCES}")));
    }
    let items = (0..number)
        .map(|index| {
            let index_value = Node::new(int(i128::try_from(index).unwrap_or(0)), 0);
            let count = Node::new(Tree::Map(vec![("index".into(), index_value)], None), 0);
            Instance { suffix: format!("[{index}]"), binding: Some(("count", count)) }
        })
        .collect();
    Instances { shape: Shape::Count, items, gap: None }
}

fn each(value: Eval) -> Instances {
    let value = match value {
        Ok(value) => value,
        Err(stop) => return open(stop.reason()),
    };
    let mut instances = Instances { shape: Shape::Each, items: vec![], gap: None };
    let mut add = |key: &str, value: Value| {
        let pair = vec![("key".into(), Node::new(text(key), 0)), ("value".into(), value)];
        let suffix = format!("[{}]", quoted(key));
        instances.items.push(Instance { suffix, binding: Some(("each", Node::new(Tree::Map(pair, None), 0))) });
    };
    let more = match value.value {
        Tree::Map(entries, more) if entries.len() <= MAX_INSTANCES => {
            entries.into_iter().for_each(|(key, value)| add(&key, value));
            more
        }
        Tree::List(items, mut more) if items.len() <= MAX_INSTANCES => {
            for item in items {
                match super::value::to_text(&item.value) {
                    Ok(key) => add(&key, Node::new(text(key.clone()), 0)),
                    Err(stop) => more = Some(stop.reason()),
                }
            }
            more
        }
        Tree::Unknown(reason) => return open(reason),
        Tree::Reference { address, attribute } => return open(Reason::unresolved(format!("{address}.{attribute}"))),
        _ => return open(Reason::unresolved("for_each over a value that is no map or set of texts")),
    };
    match more {
        Some(reason) if instances.items.is_empty() => open(reason),
        more => {
            instances.gap = more;
            instances
        }
    }
}
