//! From the tree to nodes: types are checked against the model, names are resolved.

use std::collections::BTreeSet;
use std::fmt;

use regex_lite::Regex;
use xiezhi_model::{Schema, Scope, Type};

use crate::error::{Fault, Span};

use super::func::Func;
use super::node::{Arithmetic, Const, Node, Order, Over, Part, SizeOrder, TextTest};
use super::parse::{Shape, Tree, parse};

/// The type of an expression.
#[derive(Debug, Clone)]
pub(crate) enum Ty {
    Bool,
    Int,
    Text,
    List(Box<Ty>),
    /// A record, a resource, or a link to one.
    Record(&'static Schema),
    /// The members of `[]`.
    Nothing,
}

impl Ty {
    fn of(ty: &Type) -> Self {
        match ty {
            Type::Bool => Ty::Bool,
            Type::Int => Ty::Int,
            Type::Text => Ty::Text,
            Type::List(inner) => Ty::List(Box::new(Ty::of(inner))),
            Type::Record(schema) | Type::Link(schema) => Ty::Record(schema()),
        }
    }

    fn fits(&self, other: &Ty) -> bool {
        match (self, other) {
            (Ty::Nothing, _) | (_, Ty::Nothing) => true,
            (Ty::Bool, Ty::Bool) | (Ty::Int, Ty::Int) | (Ty::Text, Ty::Text) => true,
            (Ty::List(a), Ty::List(b)) => a.fits(b),
            (Ty::Record(a), Ty::Record(b)) => a.kind == b.kind,
            _ => false,
        }
    }

    fn is_plain(&self) -> bool {
        matches!(self, Ty::Bool | Ty::Int | Ty::Text | Ty::Nothing)
    }

    fn is_resource(&self) -> bool {
        matches!(self, Ty::Record(schema) if schema.scope != Scope::Inner)
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Bool => f.write_str("true or false"),
            Ty::Int => f.write_str("a whole number"),
            Ty::Text => f.write_str("text"),
            Ty::List(inner) => write!(f, "a list of {}", Plural(inner)),
            Ty::Record(schema) => write!(f, "`{}`", schema.kind),
            Ty::Nothing => f.write_str("nothing"),
        }
    }
}

struct Plural<'t>(&'t Ty);

impl fmt::Display for Plural<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Ty::Int => f.write_str("whole numbers"),
            Ty::Text => f.write_str("texts"),
            Ty::List(inner) => write!(f, "lists of {}", Plural(inner)),
            other => other.fmt(f),
        }
    }
}

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

    fn call(&mut self, name: &str, span: Span, arguments: &[Tree], whole: Span) -> Result<Typed, Fault> {
        match (name, arguments) {
            ("has", [Tree { shape: Shape::Field(..), .. }]) => {
                let (inner, _) =
                    self.node(arguments.first().ok_or_else(|| Fault::new(span, "`has` needs a field"))?)?;
                return Ok((Node::Has(Box::new(inner)), Ty::Bool));
            }
            ("has", _) => return Err(Fault::new(whole, "`has` asks about one field: `has(a.b)`")),
            ("size", [list]) => return self.size(list, whole),
            ("lower", [text]) => return Ok((Node::Lower(Box::new(self.of_type(text, &Ty::Text)?)), Ty::Text)),
            ("each", [Tree { shape: Shape::Text(kind), span, .. }]) => return self.each(kind, *span),
            ("ports_overlap" | "port_in", [ranges, ports]) => {
                if let Some(node) = self.port_ranges(ranges, ports, whole)? {
                    return Ok((node, Ty::Bool));
                }
            }
            ("each", _) => return Err(Fault::new(whole, "`each` names one kind: `each(\"oss.bucket\")`")),
            _ => {}
        }
        let Some(func) = Func::named(name) else {
            let fault = Fault::new(span, format!("there is no function `{name}`"));
            if METHODS.contains(&name) && name != "size" {
                return Err(fault.help(format!("write it after a value: `x.{name}(…)`")));
            }
            return Err(fault.near(name, Func::names().chain(["has", "size", "lower", "each"])));
        };
        let parameters = func.parameters();
        if parameters.len() != arguments.len() {
            return Err(Fault::new(whole, format!("`{}` is expected", func.usage())));
        }
        let nodes: Vec<Node> = arguments
            .iter()
            .zip(parameters)
            .map(|(tree, ty)| self.of_type(tree, &ty.ty()))
            .collect::<Result<_, _>>()?;
        Ok((Node::Call(func, nodes.into(), self.what(whole)), func.result()))
    }

    /// `ports_overlap` and `port_in` over a list of port ranges; `None` when the ranges are something else.
    fn port_ranges(&mut self, ranges: &Tree, ports: &Tree, whole: Span) -> Result<Option<Node>, Fault> {
        let (list, ty) = self.node(ranges)?;
        let Ty::List(inner) = ty else { return Ok(None) };
        let Ty::Record(schema) = *inner else { return Ok(None) };
        let (Some(first), Some(last)) = (schema.field("first"), schema.field("last")) else { return Ok(None) };
        self.reads.insert((schema.kind, "first"));
        self.reads.insert((schema.kind, "last"));
        let numbers: Vec<i64> = match self.node(ports)?.0 {
            Node::Const(Const::Int(port)) => vec![port],
            Node::Const(Const::List(all)) => {
                all.iter().filter_map(|c| if let Const::Int(n) = c { Some(*n) } else { None }).collect()
            }
            _ => return Err(Fault::new(ports.span, "the ports must stand here as numbers")),
        };
        let what = self.what(whole);
        let bound = |(index, field): (usize, &'static xiezhi_model::Field), order: Order, port: i64| {
            let field = Node::Field(Box::new(Node::Variable(0)), index, field.name);
            Node::Order(order, Box::new(field), Box::new(Node::Const(Const::Int(port))), what.clone())
        };
        let within = |port: i64| {
            Node::And(Box::new([bound(first, Order::LessOrEqual, port), bound(last, Order::MoreOrEqual, port)]))
        };
        let body = Node::Or(numbers.into_iter().map(within).collect());
        Ok(Some(Node::PortsOverlap(Box::new(list), Box::new(body), what)))
    }

    fn size(&mut self, of: &Tree, whole: Span) -> Result<Typed, Fault> {
        let (node, _) = self.list(of).map_err(|fault| fault.help("`size` counts the members of a list"))?;
        Ok((Node::Size(Box::new(node), self.what(whole)), Ty::Int))
    }

    fn each(&mut self, kind: &str, span: Span) -> Result<Typed, Fault> {
        let resources = || self.kinds.iter().filter(|schema| schema.scope != Scope::Inner);
        match resources().find(|schema| schema.kind == kind) {
            Some(schema) => {
                self.reads.insert((schema.kind, "id"));
                Ok((Node::Each(schema), Ty::List(Box::new(Ty::Record(schema)))))
            }
            None => Err(Fault::new(span, format!("there is no kind `{kind}`")).near(kind, resources().map(|s| s.kind))),
        }
    }

    fn method(
        &mut self,
        receiver: &Tree,
        name: &str,
        span: Span,
        arguments: &[Tree],
        whole: Span,
    ) -> Result<Typed, Fault> {
        let over = match name {
            "all" => Some(Over::All),
            "exists" => Some(Over::Exists),
            "exists_one" => Some(Over::ExistsOne),
            "filter" => Some(Over::Filter),
            "map" => Some(Over::Map),
            _ => None,
        };
        if let Some(over) = over {
            return self.over(over, name, receiver, arguments, whole);
        }
        match (name, arguments) {
            ("size", []) => self.size(receiver, whole),
            ("lower", []) => Ok((Node::Lower(Box::new(self.of_type(receiver, &Ty::Text)?)), Ty::Text)),
            ("matches", [Tree { shape: Shape::Text(pattern), span, .. }]) => {
                let text = self.of_type(receiver, &Ty::Text)?;
                let pattern = Regex::new(pattern)
                    .map_err(|error| Fault::new(*span, format!("the pattern cannot be used: {error}")))?;
                Ok((Node::Matches(Box::new(text), Box::new(pattern)), Ty::Bool))
            }
            ("matches", [other]) => Err(Fault::new(other.span, "the pattern must stand here as text")),
            ("startsWith" | "endsWith" | "contains", [part]) => {
                let test = match name {
                    "startsWith" => TextTest::StartsWith,
                    "endsWith" => TextTest::EndsWith,
                    _ => TextTest::Contains,
                };
                let text = match self.node(receiver)? {
                    (node, Ty::Text) => node,
                    (_, Ty::List(_)) => {
                        return Err(Fault::new(span, format!("`{name}` asks about text")).help("write `x in list`"));
                    }
                    (_, ty) => return Err(Fault::new(span, format!("`{name}` asks about text, and this is {ty}"))),
                };
                let part = self.of_type(part, &Ty::Text)?;
                Ok((Node::TextTest(test, Box::new(text), Box::new(part)), Ty::Bool))
            }
            _ if METHODS.contains(&name) => Err(Fault::new(whole, format!("`{name}` has other arguments")).help(
                "known are `.size()`, `.lower()`, `.matches(\"…\")`, `.startsWith(…)`, `.endsWith(…)`, `.contains(…)`",
            )),
            _ => {
                let fault = Fault::new(span, format!("there is no method `{name}`"));
                Err(if Func::named(name).is_some() || name == "has" {
                    fault.help(format!("write it before the value: `{name}(…)`"))
                } else {
                    fault.near(name, METHODS.iter().copied())
                })
            }
        }
    }

    fn over(
        &mut self,
        over: Over,
        name: &str,
        receiver: &Tree,
        arguments: &[Tree],
        whole: Span,
    ) -> Result<Typed, Fault> {
        let [Tree { shape: Shape::Name(variable), span, .. }, body] = arguments else {
            return Err(Fault::new(
                whole,
                format!("`.{name}(x, …)` is expected: a name for each member, then what of it"),
            ));
        };
        if self.scope.iter().any(|(bound, _)| bound == variable) {
            return Err(
                Fault::new(*span, format!("`{variable}` already means something here")).help("choose another name")
            );
        }
        let (list, inner) = self.list(receiver)?;
        self.scope.push((variable.clone(), inner.clone()));
        let body =
            if over == Over::Map { self.node(body) } else { self.of_type(body, &Ty::Bool).map(|n| (n, Ty::Bool)) };
        self.scope.pop();
        let (body, body_ty) = body?;
        let ty = match over {
            Over::All | Over::Exists | Over::ExistsOne => Ty::Bool,
            Over::Filter => Ty::List(Box::new(inner)),
            Over::Map => Ty::List(Box::new(body_ty)),
        };
        Ok((Node::Over(over, Box::new(list), Box::new(body)), ty))
    }
}
