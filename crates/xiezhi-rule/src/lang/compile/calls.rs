//! Functions, methods and quantifiers.

use regex_lite::Regex;
use xiezhi_model::{Field, Scope};

use super::{Compiler, METHODS, Typed};
use crate::error::{Fault, Span};
use crate::lang::func::Func;
use crate::lang::node::{Const, Node, Order, Over, TextTest};
use crate::lang::parse::{Shape, Tree};
use crate::lang::ty::Ty;

impl Compiler<'_> {
    pub(super) fn call(&mut self, name: &str, span: Span, arguments: &[Tree], whole: Span) -> Result<Typed, Fault> {
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
        let bound = |(index, field): (usize, &'static Field), order: Order, port: i64| {
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

    pub(super) fn method(
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
