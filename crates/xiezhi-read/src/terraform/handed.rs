//! What a module call hands to a module that is not in evidence: the resources of the configuration that it can name.
//!
//! A module sees nothing of its caller but its arguments. So what it can change of a resource that stands outside it, it
//! can only through an argument that leads to that resource: by reference, over locals, variables, outputs and data
//! sources, or by a name that is written in both. Source: Terraform language, "Modules", "Input Variables". That a module
//! may look a resource up that it is not handed, as any other configuration may, is left out.

use std::collections::BTreeSet;
use std::rc::Rc;

use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::structure::Body;
use hcl_edit::visit::{Visit, visit_traversal};
use hcl_edit::{Decorated, Spanned};

use super::body::ident_of;
use super::module::{Declared, attribute};
use super::scope::Scope;
use crate::among::Known;

/// Arguments of a module call that the module does not see.
const META: &[&str] = &["source", "version", "providers"];

/// Arguments that decide which instances there are: their values are in all of them.
const REPEATS: &[&str] = &["count", "for_each"];

/// Arguments by which a resource is called or addressed outside the configuration.
fn calls_it(argument: &str) -> bool {
    argument.contains("name") || argument == "bucket" || is_address(argument)
}

/// Private addresses that a configuration chooses. Source: terraform-provider-alicloud r/instance, r/havip,
/// r/ecs_network_interface.
fn is_address(argument: &str) -> bool {
    matches!(argument, "private_ip" | "primary_ip_address" | "ip_address")
}

/// The shortest text of which a name may be made up.
const SHORTEST: usize = 3;

/// What expressions lead to.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// Resources, as prefix, type and name.
    resources: BTreeSet<String>,
    /// Values that come from elsewhere and may be part of two names: variables of the root, data, other providers.
    shared: BTreeSet<String>,
    /// Texts that stand in the expressions.
    words: BTreeSet<String>,
    seen: BTreeSet<String>,
}

type Work<'a> = Vec<(Rc<Scope<'a>>, Vec<String>)>;

impl Carried {
    /// What the arguments of a call lead to.
    pub(super) fn by<'a>(scope: &Rc<Scope<'a>>, call: Declared<'a>) -> Self {
        let mut carried = Self::default();
        let mut work = Work::new();
        carried.arguments(scope, &call.block.body, &mut work);
        carried.follow(work);
        carried
    }

    /// How the module knows a resource.
    pub(super) fn knows<'a>(&self, scope: &Rc<Scope<'a>>, name: &str, declared: Declared<'a>) -> Known {
        if self.resources.contains(&format!("{}{name}", scope.prefix)) {
            return Known::Handed;
        }
        let (mut called, mut addresses) = (Self::default(), Self::default());
        let mut work = Work::new();
        for argument in declared.block.body.attributes().filter(|argument| calls_it(argument.key.as_str())) {
            let into = if is_address(argument.key.as_str()) { &mut addresses } else { &mut called };
            into.expression(scope, &argument.value, &mut work);
            into.follow(std::mem::take(&mut work));
        }
        if self.words.iter().any(|word| addresses.words.contains(word)) {
            return Known::Handed;
        }
        let may_be = |(a, b): (&String, &String)| a.contains(b.as_str()) || b.contains(a.as_str());
        let mut pairs = self.words.iter().flat_map(|a| called.words.iter().map(move |b| (a, b)));
        let named = !self.shared.is_disjoint(&called.shared)
            || !self.resources.is_disjoint(&called.resources)
            || pairs.any(may_be);
        if named { Known::Named } else { Known::Not }
    }

    fn arguments<'a>(&mut self, scope: &Rc<Scope<'a>>, body: &Body, work: &mut Work<'a>) {
        self.visit(scope, work, |names| {
            let all = body.iter().filter(|structure| {
                !structure.as_attribute().is_some_and(|attribute| META.contains(&attribute.key.as_str()))
            });
            all.for_each(|structure| names.visit_structure(structure));
        });
    }

    fn expression<'a>(&mut self, scope: &Rc<Scope<'a>>, expression: &Expression, work: &mut Work<'a>) {
        self.visit(scope, work, |names| names.visit_expr(expression));
    }

    fn visit<'a>(&mut self, scope: &Rc<Scope<'a>>, work: &mut Work<'a>, visit: impl FnOnce(&mut Names)) {
        let mut names = Names::default();
        visit(&mut names);
        self.words.extend(names.words.into_iter().filter(|word| word.len() >= SHORTEST));
        work.extend(names.names.into_iter().map(|name| (Rc::clone(scope), name)));
    }

    fn follow(&mut self, mut work: Work<'_>) {
        while let Some((scope, name)) = work.pop() {
            let name: Vec<&str> = name.iter().map(String::as_str).take(3).collect();
            if self.seen.insert(format!("{}{}", scope.prefix, name.join("."))) {
                self.name(&scope, &name, &mut work);
            }
        }
    }

    fn name<'a>(&mut self, scope: &Rc<Scope<'a>>, name: &[&str], work: &mut Work<'a>) {
        let whole = || format!("{}{}", scope.prefix, name.join("."));
        match name {
            ["var", name, ..] => match scope.given(name) {
                Some((outer, expression)) => self.expression(&outer, expression, work),
                None => {
                    // What is given on the command line may replace what the files say.
                    self.shared.insert(format!("{}var.{name}", scope.prefix));
                    let written = scope.module.values.get(name).map(|written| written.expression);
                    let default = scope.module.variables.get(name).and_then(|variable| variable.attribute("default"));
                    for expression in written.into_iter().chain(default) {
                        self.expression(scope, expression, work);
                    }
                }
            },
            ["local", name, ..] => {
                if let Some(written) = scope.module.locals.get(name) {
                    self.expression(scope, written.expression, work);
                }
            }
            ["module", call, rest @ ..] => self.output(scope, call, rest.first().copied(), work),
            ["data", kind, name, ..] => {
                self.shared.insert(whole());
                let data = scope.module.data.get(&format!("{kind}.{name}")).copied();
                let document = || scope.module.documents.get(name).copied();
                if let Some(declared) = data.or_else(document) {
                    self.arguments(scope, &declared.block.body, work);
                }
            }
            ["each" | "count" | "path" | "terraform" | "self", ..] => {}
            [kind, name, rest @ ..] => {
                self.resource(scope, &format!("{kind}.{name}"), rest.first().copied(), work);
            }
            _ => {}
        }
    }

    fn output<'a>(&mut self, scope: &Rc<Scope<'a>>, name: &str, output: Option<&str>, work: &mut Work<'a>) {
        let Some(call) = scope.module.calls.get(name).copied() else { return };
        for instance in &scope.instances(&format!("module.{name}"), call, 0).items {
            let Ok(child) = scope.child(call, instance) else {
                // What it gives back may be what it was given.
                self.shared.insert(format!("{}module.{name}", scope.prefix));
                self.arguments(scope, &call.block.body, work);
                continue;
            };
            for (_, declared) in child.module.outputs.iter().filter(|(name, _)| output.is_none_or(|is| is == **name)) {
                if let Some(expression) = declared.attribute("value") {
                    self.expression(&child, expression, work);
                }
            }
        }
    }

    fn resource<'a>(&mut self, scope: &Rc<Scope<'a>>, name: &str, part: Option<&str>, work: &mut Work<'a>) {
        let address = format!("{}{name}", scope.prefix);
        let declared = scope.module.resources.get(name).copied();
        let ours = name.starts_with("alicloud_");
        if ours {
            self.resources.insert(address);
        } else if declared.is_some() {
            self.shared.insert(address);
        }
        let Some(body) = declared.map(|declared| &declared.block.body) else { return };
        match part {
            Some(part) if ours && !body.blocks().any(|block| ident_of(block) == part) => {
                for argument in REPEATS.iter().chain([&part]) {
                    if let Some(expression) = attribute(body, argument) {
                        self.expression(scope, expression, work);
                    }
                }
            }
            _ => self.arguments(scope, body, work),
        }
    }
}

/// The names and texts of an expression.
#[derive(Default)]
struct Names {
    names: Vec<Vec<String>>,
    words: Vec<String>,
}

impl Visit for Names {
    fn visit_string(&mut self, node: &Decorated<String>) {
        self.words.push(node.value().clone());
    }

    fn visit_literal(&mut self, node: &Spanned<String>) {
        self.words.push(node.value().clone());
    }

    fn visit_traversal(&mut self, node: &Traversal) {
        if let Expression::Variable(root) = &node.expr {
            let steps = node.operators.iter().filter_map(|step| match step.value() {
                TraversalOperator::GetAttr(name) => Some(name.value().to_string()),
                _ => None,
            });
            self.names.push(std::iter::once(root.value().to_string()).chain(steps).collect());
        }
        visit_traversal(self, node);
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
