//! From the tree to nodes: types are checked against the model, names are resolved.

mod calls;

use std::collections::BTreeSet;

use xiezhi_model::{Schema, Scope};

use crate::error::{Fault, Span};

use super::node::{Arithmetic, Const, Node, Order, Part, SizeOrder};
use super::parse::{Shape, Tree, parse};
use super::ty::{Plural, Ty};

/// A predicate ready to be evaluated, and what it reads.
#[derive(Debug)]
pub(crate) struct Predicate {
    pub(crate) node: Node,
    pub(crate) reads: BTreeSet<(&'static str, &'static str)>,
}

/// Parses and type-checks a predicate about a resource of a kind.
pub(crate) fn compile(text: &str, kinds: &[&'static Schema], subject: &'static Schema) -> Result<Predicate, Fault> {
    let tree = parse(text)?;
    let name = subject.short_name();
    let mut compiler = Compiler { text, kinds, scope: vec![(name, Ty::Record(subject))], reads: BTreeSet::new() };
    let node = compiler.of_type(&tree, &Ty::Bool)?;
    if compiler.reads.is_empty() {
        return Err(Fault::new(tree.span, "the predicate reads no fact, so it proves nothing"));
    }
    Ok(Predicate { node, reads: compiler.reads })
}

/// A node and its type.
type Typed = (Node, Ty);

struct Compiler<'c> {
    text: &'c str,
    kinds: &'c [&'static Schema],
    scope: Vec<(String, Ty)>,
    reads: BTreeSet<(&'static str, &'static str)>,
}

const METHODS: &[&str] =
    &["all", "exists", "exists_one", "filter", "map", "startsWith", "endsWith", "contains", "matches", "lower", "size"];

const PARTS: &[&str] = &["id", "name", "region", "account"];

impl Compiler<'_> {
    fn what(&self, span: Span) -> Box<str> {
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ").into()
    }

    fn of_type(&mut self, tree: &Tree, wanted: &Ty) -> Result<Node, Fault> {
        let (node, ty) = self.node(tree)?;
        if ty.fits(wanted) {
            return Ok(node);
        }
        let fault = Fault::new(tree.span, format!("{wanted} is expected here, and this is {ty}"));
        Err(match (wanted, &ty) {
            (Ty::Bool, Ty::Text | Ty::Int) => fault.help("compare it: `… == …`"),
            (Ty::Bool, Ty::List(_)) => fault.help("ask about its members: `.exists(x, …)`, or `size(…) > 0`"),
            (Ty::Bool, Ty::Record(_)) => fault.help("ask whether there is one: `has(…)`"),
            _ => fault,
        })
    }

    fn list(&mut self, tree: &Tree) -> Result<(Node, Ty), Fault> {
        match self.node(tree)? {
            (node, Ty::List(inner)) => Ok((node, *inner)),
            (_, ty) => Err(Fault::new(tree.span, format!("a list is expected here, and this is {ty}"))),
        }
    }

    fn node(&mut self, tree: &Tree) -> Result<Typed, Fault> {
        Ok(match &tree.shape {
            Shape::Bool(b) => (Node::Const(Const::Bool(*b)), Ty::Bool),
            Shape::Int(n) => (Node::Const(Const::Int(*n)), Ty::Int),
            Shape::Text(text) => (Node::Const(Const::Text(text.into())), Ty::Text),
            Shape::List(all) => self.literal(all)?,
            Shape::Name(name) => self.variable(name, tree.span)?,
            Shape::Field(base, name, span) => self.field(base, name, *span)?,
            Shape::Index(base, index) => {
                let (list, inner) = self.list(base)?;
                let index = self.of_type(index, &Ty::Int)?;
                (Node::Index(Box::new(list), Box::new(index), self.what(tree.span)), inner)
            }
            Shape::Call(name, span, arguments) => self.call(name, *span, arguments, tree.span)?,
            Shape::Method(receiver, name, span, arguments) => {
                self.method(receiver, name, *span, arguments, tree.span)?
            }
            Shape::Not(inner) => (Node::Not(Box::new(self.of_type(inner, &Ty::Bool)?)), Ty::Bool),
            Shape::Minus(inner) => {
                (Node::Minus(Box::new(self.of_type(inner, &Ty::Int)?), self.what(tree.span)), Ty::Int)
            }
            Shape::And(all) => (Node::And(self.all(all, &Ty::Bool)?), Ty::Bool),
            Shape::Or(all) => (Node::Or(self.all(all, &Ty::Bool)?), Ty::Bool),
            Shape::Binary(operator, a, b) => self.binary(operator, a, b, tree.span)?,
            Shape::If(condition, then, other) => {
                let condition = self.of_type(condition, &Ty::Bool)?;
                let (then, ty) = self.node(then)?;
                let otherwise = self.of_type(other, &ty)?;
                (Node::If(Box::new([condition, then, otherwise]), self.what(tree.span)), ty)
            }
        })
    }

    fn all(&mut self, all: &[Tree], ty: &Ty) -> Result<Box<[Node]>, Fault> {
        all.iter().map(|tree| self.of_type(tree, ty)).collect()
    }

    fn literal(&mut self, all: &[Tree]) -> Result<Typed, Fault> {
        let mut ty = Ty::Nothing;
        let mut nodes = Vec::with_capacity(all.len());
        for tree in all {
            let (node, found) = self.node(tree)?;
            if !found.fits(&ty) {
                let message = format!("the list starts with {ty}, and this is {found}");
                return Err(Fault::new(tree.span, message).help("members of a list have one type"));
            }
            if matches!(ty, Ty::Nothing) {
                ty = found;
            }
            nodes.push(node);
        }
        let node = if nodes.iter().all(|node| matches!(node, Node::Const(_))) {
            let constants = nodes.into_iter().filter_map(|node| if let Node::Const(c) = node { Some(c) } else { None });
            Node::Const(Const::List(constants.collect()))
        } else {
            Node::List(nodes.into())
        };
        Ok((node, Ty::List(Box::new(ty))))
    }

    fn variable(&mut self, name: &str, span: Span) -> Result<Typed, Fault> {
        if let Some((up, (_, ty))) = self.scope.iter().rev().enumerate().find(|(_, (bound, _))| bound == name) {
            return Ok((Node::Variable(up), ty.clone()));
        }
        let names: Vec<&str> = self.scope.iter().map(|(name, _)| name.as_str()).collect();
        let subject = names.first().copied().unwrap_or_default();
        let fault = Fault::new(span, format!("nothing is called `{name}` here"));
        Err(match crate::error::nearest(name, names.iter().copied()) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help(format!("the resource that is judged is called `{subject}`; texts stand in quotes")),
        })
    }

    fn field(&mut self, base: &Tree, name: &str, span: Span) -> Result<Typed, Fault> {
        let (node, ty) = self.node(base)?;
        let Ty::Record(schema) = ty else {
            let fault = Fault::new(span, format!("{ty} has no fields"));
            return Err(match ty {
                Ty::List(_) => fault.help("ask about its members: `.exists(x, …)`, `.all(x, …)`"),
                _ => fault,
            });
        };
        let base = Box::new(node);
        if let Some((index, field)) = schema.field(name) {
            self.reads.insert((schema.kind, field.name));
            return Ok((Node::Field(base, index, field.name), Ty::of(&field.ty)));
        }
        if schema.scope != Scope::Inner {
            let part = match name {
                "id" => Some(Part::Id),
                "name" => Some(Part::Name),
                "region" => Some(Part::Region),
                _ => None,
            };
            if let Some(part) = part {
                self.reads.insert((schema.kind, part.name()));
                return Ok((Node::Head(base, part), Ty::Text));
            }
            if name == "account"
                && let Some(account) = self.kinds.iter().find(|kind| kind.kind == "account")
            {
                return Ok((Node::Account(base), Ty::Record(account)));
            }
        }
        let parts: &[&str] = if schema.scope == Scope::Inner { &[] } else { PARTS };
        let names: Vec<&str> = schema.fields.iter().map(|field| field.name).chain(parts.iter().copied()).collect();
        let fault = Fault::new(span, format!("`{}` has no field `{name}`", schema.kind));
        Err(match crate::error::nearest(name, names.iter().copied()) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help(format!("it has: {}", names.join(", "))),
        })
    }

    fn binary(&mut self, operator: &'static str, a: &Tree, b: &Tree, span: Span) -> Result<Typed, Fault> {
        let order = match operator {
            "<" => Order::Less,
            "<=" => Order::LessOrEqual,
            ">" => Order::More,
            ">=" => Order::MoreOrEqual,
            "==" | "!=" => return self.equal(a, b, operator == "!=", span),
            "in" => return self.membership(a, b),
            _ => {
                let arithmetic = match operator {
                    "+" => Arithmetic::Add,
                    "-" => Arithmetic::Subtract,
                    "*" => Arithmetic::Multiply,
                    "/" => Arithmetic::Divide,
                    _ => Arithmetic::Remainder,
                };
                let (a, b) = (self.of_type(a, &Ty::Int)?, self.of_type(b, &Ty::Int)?);
                let node = Node::Arithmetic(arithmetic, Box::new(a), Box::new(b), self.what(span));
                return Ok((node, Ty::Int));
            }
        };
        let (a, b) = (self.of_type(a, &Ty::Int)?, self.of_type(b, &Ty::Int)?);
        let what = self.what(span);
        let node = match (a, b) {
            (Node::Size(list, _), b) => Node::SizeOrder(SizeOrder::Order(order), list, Box::new(b), what),
            (a, Node::Size(list, _)) => Node::SizeOrder(SizeOrder::Order(order.swapped()), list, Box::new(a), what),
            (a, b) => Node::Order(order, Box::new(a), Box::new(b), what),
        };
        Ok((node, Ty::Bool))
    }

    fn equal(&mut self, a: &Tree, b: &Tree, negated: bool, span: Span) -> Result<Typed, Fault> {
        let ((left, left_ty), (right, right_ty)) = (self.node(a)?, self.node(b)?);
        if !left_ty.fits(&right_ty) {
            let fault = Fault::new(span, format!("{left_ty} is compared with {right_ty}: they are never equal"));
            let link = left_ty.is_resource() && matches!(right_ty, Ty::Text);
            return Err(if link { fault.help("compare its `.id`") } else { fault });
        }
        let comparable = |ty: &Ty| match ty {
            Ty::List(inner) => inner.is_plain(),
            ty => ty.is_plain() || ty.is_resource(),
        };
        if !comparable(&left_ty) || !comparable(&right_ty) {
            let fault = Fault::new(span, format!("equality of {left_ty} is not defined"));
            return Err(fault.help("compare the fields that matter"));
        }
        let size = if negated { SizeOrder::NotEqual } else { SizeOrder::Equal };
        let node = match (left, right) {
            (Node::Size(list, what), other) | (other, Node::Size(list, what)) => {
                Node::SizeOrder(size, list, Box::new(other), what)
            }
            (left, right) => Node::Equal(Box::new(left), Box::new(right), negated),
        };
        Ok((node, Ty::Bool))
    }

    fn membership(&mut self, a: &Tree, b: &Tree) -> Result<Typed, Fault> {
        let (member, ty) = self.node(a)?;
        let (list, inner) = self.list(b)?;
        if !ty.fits(&inner) {
            return Err(Fault::new(a.span, format!("this is {ty}, and the list holds {}", Plural(&inner))));
        }
        if !(ty.is_plain() || ty.is_resource()) {
            return Err(Fault::new(a.span, format!("equality of {ty} is not defined")).help("use `.exists(x, …)`"));
        }
        Ok((Node::In(Box::new(member), Box::new(list)), Ty::Bool))
    }
}
