//! Expressions: literals, operators, templates, `for`, conditionals. Names are in `refer.rs`, functions in `func.rs`.

use std::borrow::Cow;
use std::rc::Rc;

use hcl_edit::Span;
use hcl_edit::expr::{
    Array, BinaryOp, BinaryOperator, Expression, ForExpr, FuncCall, Object, ObjectKey, UnaryOp, UnaryOperator,
};
use hcl_edit::template::{Directive, Element, Template};
use xiezhi_model::Reason;

use super::parse::HclFile;
use super::scope::Scope;
use super::value::{Eval, Stop, Value, equal, float, int, settle, solid, text, to_bool, to_float, to_int, to_text};
use crate::tree::{Node, Tree};

/// How deep evaluation may go: nested expressions and the names that they lead to.
const MAX_DEPTH: u32 = 100;

/// Stands for every name that the caller of a template file gives a meaning: the map of them.
const VARIABLES: &str = "";

/// A name that a `for`, a `dynamic` block, `count` or `for_each` gives a meaning.
#[derive(Clone, Copy)]
pub(super) struct Binding<'c> {
    /// The name; `*` stands for both `each` and `count` when neither is known.
    pub(super) name: &'c str,
    /// Its value.
    pub(super) value: &'c Value,
    /// The names outside.
    pub(super) outer: Option<&'c Binding<'c>>,
}

/// Where an expression stands and what its names mean.
#[derive(Clone, Copy)]
pub(super) struct Context<'c, 'a> {
    /// The module instance.
    pub(super) scope: &'c Rc<Scope<'a>>,
    /// The file, for lines and quotes.
    pub(super) file: &'a HclFile,
    /// Local names.
    pub(super) bindings: Option<&'c Binding<'c>>,
    /// How deep evaluation is.
    pub(super) depth: u32,
}

impl<'c, 'a> Context<'c, 'a> {
    /// The same names in another file, at a depth.
    pub(super) fn at(self, file: &'a HclFile, depth: u32) -> Self {
        Self { file, depth, ..self }
    }

    /// The same with more names.
    pub(super) fn with<'n>(self, bindings: &'n Binding<'n>) -> Context<'n, 'a>
    where
        'c: 'n,
    {
        Context { scope: self.scope, file: self.file, bindings: Some(bindings), depth: self.depth }
    }

    /// The value of a local name.
    pub(super) fn binding(self, name: &str) -> Option<&'c Value> {
        let mut here = self.bindings;
        while let Some(binding) = here {
            if binding.name == VARIABLES
                && let Tree::Map(variables, _) = &binding.value.value
            {
                return variables.iter().find(|(variable, _)| variable == name).map(|(_, value)| value);
            }
            if binding.name == name || (binding.name == "*" && matches!(name, "each" | "count")) {
                return Some(binding.value);
            }
            here = binding.outer;
        }
        None
    }

    /// The value of an expression; what cannot be told is an unknown value in its place.
    pub(super) fn value(self, expression: &'a Expression) -> Value {
        settle(self.eval(expression), self.file.line(expression))
    }

    /// The value of an expression.
    pub(super) fn eval(self, expression: &'a Expression) -> Eval {
        self.scope.world.pay(1)?;
        if self.depth >= MAX_DEPTH {
            return Err(Stop::unresolved(self.file.quote(expression.span())));
        }
        let inner = Context { depth: self.depth.saturating_add(1), ..self };
        let tree = match expression {
            Expression::Null(_) => Tree::Null,
            Expression::Bool(value) => Tree::Bool(*value.value()),
            Expression::Number(value) => Tree::Number(Cow::Owned(number_text(value, self.file))),
            Expression::String(value) => text(unescape(value.value())),
            Expression::Array(array) => inner.array(array),
            Expression::Object(object) => inner.object(object),
            Expression::StringTemplate(template) => inner.template(template)?,
            Expression::HeredocTemplate(heredoc) => inner.template(&heredoc.template)?,
            Expression::Parenthesis(group) => return inner.eval(group.inner()),
            Expression::Variable(name) => match self.binding(name.value().as_str()) {
                Some(value) => return self.here(expression, value.clone()),
                None => return Err(Stop::unresolved(name.value().as_str())),
            },
            Expression::Conditional(branch) => {
                return inner.conditional(&branch.cond_expr, &branch.true_expr, &branch.false_expr);
            }
            Expression::FuncCall(call) => inner.call(call)?,
            Expression::Traversal(traversal) => {
                let value = inner.traversal(traversal)?;
                return self.here(expression, value);
            }
            Expression::UnaryOp(operation) => inner.unary(operation)?,
            Expression::BinaryOp(operation) => inner.binary(operation)?,
            Expression::ForExpr(each) => inner.for_expression(each)?,
        };
        Ok(Node::new(tree, self.file.line(expression)))
    }

    /// A value that was written elsewhere, used here.
    fn here(self, expression: &Expression, mut value: Value) -> Eval {
        super::value::place(&mut value, self.file.line(expression));
        solid(value)
    }

    fn array(self, array: &'a Array) -> Tree<'static> {
        Tree::List(array.iter().map(|item| self.value(item)).collect(), None)
    }

    fn object(self, object: &'a Object) -> Tree<'static> {
        let mut entries: Vec<(Cow<'static, str>, Value)> = Vec::with_capacity(object.len());
        let mut more = None;
        for (key, value) in object {
            let name = match key {
                ObjectKey::Ident(name) => Ok(name.as_str().to_owned()),
                // A bare name in parentheses is an expression; the parser keeps them apart.
                ObjectKey::Expression(expression) => self.eval(expression).and_then(|key| to_text(&key.value)),
            };
            match name {
                Ok(name) => put(&mut entries, name, self.value(value.expr())),
                Err(stop) => more = Some(stop.reason()),
            }
        }
        Tree::Map(entries, more)
    }

    fn conditional(self, condition: &'a Expression, yes: &'a Expression, no: &'a Expression) -> Eval {
        match self.eval(condition).and_then(|value| to_bool(&value.value)) {
            Ok(true) => self.eval(yes),
            Ok(false) => self.eval(no),
            Err(stop) => match (self.eval(yes), self.eval(no)) {
                // Both branches say the same: the condition does not matter.
                (Ok(yes), Ok(no)) if equal(&yes.value, &no.value) == Ok(true) => Ok(yes),
                _ => Err(stop),
            },
        }
    }

    fn unary(self, operation: &'a UnaryOp) -> Result<Tree<'static>, Stop> {
        let value = self.eval(&operation.expr)?.value;
        match operation.operator.value() {
            UnaryOperator::Not => to_bool(&value).map(|value| Tree::Bool(!value)),
            UnaryOperator::Neg => match to_int(&value) {
                Ok(number) => Ok(int(number.saturating_neg())),
                Err(_) => {
                    float(-to_float(&value)?).ok_or_else(|| Stop::Error(Reason::unresolved("a number without bounds")))
                }
            },
        }
    }

    fn binary(self, operation: &'a BinaryOp) -> Result<Tree<'static>, Stop> {
        let operator = operation.operator.value();
        let left = self.eval(&operation.lhs_expr);
        let right = self.eval(&operation.rhs_expr);
        match operator {
            BinaryOperator::And | BinaryOperator::Or => {
                let decides = matches!(operator, BinaryOperator::Or);
                let left = left.and_then(|value| to_bool(&value.value));
                let right = right.and_then(|value| to_bool(&value.value));
                match (left, right) {
                    (Ok(a), _) if a == decides => Ok(Tree::Bool(decides)),
                    (_, Ok(b)) if b == decides => Ok(Tree::Bool(decides)),
                    (Ok(_), Ok(_)) => Ok(Tree::Bool(!decides)),
                    (Err(stop), _) | (_, Err(stop)) => Err(stop),
                }
            }
            BinaryOperator::Eq => equal(&left?.value, &right?.value).map(Tree::Bool),
            BinaryOperator::NotEq => equal(&left?.value, &right?.value).map(|same| Tree::Bool(!same)),
            _ => arithmetic(operator, &left?.value, &right?.value),
        }
    }

    fn for_expression(self, each: &'a ForExpr) -> Result<Tree<'static>, Stop> {
        let collection = self.eval(&each.intro.collection_expr)?;
        let (pairs, mut more) = pairs_of(collection)?;
        let mut list = Vec::new();
        let mut map: Vec<(Cow<'static, str>, Value)> = Vec::new();
        let value_name = each.intro.value_var.value().as_str();
        for (key, value) in &pairs {
            self.scope.world.pay(1)?;
            let outer = Binding { name: value_name, value, outer: self.bindings };
            let named;
            let bindings = match &each.intro.key_var {
                Some(name) => {
                    named = Binding { name: name.value().as_str(), value: key, outer: Some(&outer) };
                    &named
                }
                None => &outer,
            };
            let inside = self.with(bindings);
            if let Some(condition) = &each.cond {
                match inside.eval(&condition.expr).and_then(|value| to_bool(&value.value)) {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(stop) => {
                        more = Some(stop.reason());
                        continue;
                    }
                }
            }
            let made = inside.value(&each.value_expr);
            match &each.key_expr {
                None => list.push(made),
                Some(key) => match inside.eval(key).and_then(|key| to_text(&key.value)) {
                    Ok(key) if each.grouping => group(&mut map, key, made),
                    Ok(key) => put(&mut map, key, made),
                    Err(stop) => more = Some(stop.reason()),
                },
            }
        }
        Ok(if each.key_expr.is_some() { Tree::Map(map, more) } else { Tree::List(list, more) })
    }

    fn call(self, call: &'a FuncCall) -> Result<Tree<'static>, Stop> {
        let name = call.name.name.value().as_str();
        let unresolved = || Stop::unresolved(format!("{name}(…)"));
        if call.name.is_namespaced() {
            return Err(unresolved());
        }
        match name {
            "try" => {
                let mut last = unresolved();
                for argument in call.args.iter() {
                    match self.eval(argument) {
                        Ok(value) => return Ok(value.value),
                        Err(stop @ Stop::Unknown(_)) => return Err(stop),
                        Err(stop) => last = stop,
                    }
                }
                Err(last)
            }
            "can" => match call.args.iter().next().map(|argument| self.eval(argument)) {
                Some(Ok(_)) => Ok(Tree::Bool(true)),
                Some(Err(Stop::Error(_))) => Ok(Tree::Bool(false)),
                Some(Err(stop)) => Err(stop),
                None => Err(unresolved()),
            },
            _ => {
                let mut arguments: Vec<Value> = call.args.iter().map(|argument| self.value(argument)).collect();
                if call.args.expand_final()
                    && let Some(last) = arguments.pop()
                {
                    match last.value {
                        Tree::List(items, None) => arguments.extend(items),
                        Tree::List(_, Some(reason)) | Tree::Unknown(reason) => return Err(Stop::Unknown(reason)),
                        _ => return Err(unresolved()),
                    }
                }
                super::func::call(self, name, arguments)
            }
        }
    }

    /// Text with `${}` and `%{}` in it. A template of one interpolation alone has that value, whatever its type.
    pub(super) fn template(self, template: &'a Template) -> Result<Tree<'static>, Stop> {
        if template.len() == 1
            && let Some(Element::Interpolation(single)) = template.iter().next()
        {
            return self.eval(&single.expr).map(|value| value.value);
        }
        let mut out = String::new();
        self.write_template(template, (false, false), &mut out)?;
        Ok(text(out))
    }

    /// A file as a template, in which the names of a map mean something. Source: Terraform language, `templatefile`.
    pub(super) fn template_file(
        self,
        file: &'a HclFile,
        template: &'a Template,
        variables: &Value,
    ) -> Result<Tree<'static>, Stop> {
        if !matches!(variables.value, Tree::Map(..)) {
            return solid(variables.clone()).and_then(|_| Err(Stop::unresolved("the variables of a template")));
        }
        let names = Binding { name: VARIABLES, value: variables, outer: None };
        Context { scope: self.scope, file, bindings: Some(&names), depth: self.depth }.template(template)
    }

    /// Writes a template. `around` says whether what stands before and behind it strips the white space of its ends.
    fn write_template(self, template: &'a Template, around: (bool, bool), out: &mut String) -> Result<(), Stop> {
        if self.depth >= MAX_DEPTH {
            return Err(Stop::unresolved("a template nested too deep"));
        }
        let inner = Context { depth: self.depth.saturating_add(1), ..self };
        let mut elements = template.iter().peekable();
        let mut strip = around.0;
        while let Some(element) = elements.next() {
            let before = out.len();
            match element {
                Element::Literal(literal) => {
                    let literal = unescape(literal.value());
                    let literal = if strip { literal.trim_start() } else { &literal };
                    let behind = elements.peek().map_or(around.1, |next| strips(next).0);
                    out.push_str(if behind { literal.trim_end() } else { literal });
                }
                Element::Interpolation(part) => out.push_str(&inner.template_text(&inner.eval(&part.expr)?.value)?),
                Element::Directive(directive) => inner.directive(directive, out)?,
            }
            strip = strips(element).1;
            let added = out.len().saturating_sub(before);
            self.scope.world.pay(u64::try_from(added).unwrap_or(u64::MAX) / 8)?;
        }
        Ok(())
    }

    fn directive(self, directive: &'a Directive, out: &mut String) -> Result<(), Stop> {
        match directive {
            Directive::If(branch) => {
                let condition = self.eval(&branch.if_expr.cond_expr)?;
                let (first, last) = (&branch.if_expr, branch.endif_expr.strip.strip_start());
                match (to_bool(&condition.value)?, &branch.else_expr) {
                    (true, other) => {
                        let behind = other.as_ref().map_or(last, |other| other.strip.strip_start());
                        self.write_template(&first.template, (first.strip.strip_end(), behind), out)
                    }
                    (false, Some(other)) => self.write_template(&other.template, (other.strip.strip_end(), last), out),
                    (false, None) => Ok(()),
                }
            }
            Directive::For(each) => {
                let around = (each.for_expr.strip.strip_end(), each.endfor_expr.strip.strip_start());
                let each = &each.for_expr;
                let (pairs, more) = pairs_of(self.eval(&each.collection_expr)?)?;
                if let Some(reason) = more {
                    return Err(Stop::Unknown(reason));
                }
                for (key, value) in &pairs {
                    self.scope.world.pay(1)?;
                    let outer = Binding { name: each.value_var.value().as_str(), value, outer: self.bindings };
                    match &each.key_var {
                        Some(name) => {
                            let named = Binding { name: name.value().as_str(), value: key, outer: Some(&outer) };
                            self.with(&named).write_template(&each.template, around, out)?;
                        }
                        None => self.with(&outer).write_template(&each.template, around, out)?,
                    }
                }
                Ok(())
            }
        }
    }
}

/// Whether an element strips the white space of the literal before it, and of the one behind it (`~`). Source: HCL,
/// "Template Literals", strip markers.
fn strips(element: &Element) -> (bool, bool) {
    let (first, last) = match element {
        Element::Literal(_) => return (false, false),
        Element::Interpolation(part) => (part.strip, part.strip),
        Element::Directive(directive) => match directive.as_ref() {
            Directive::If(branch) => (branch.if_expr.strip, branch.endif_expr.strip),
            Directive::For(each) => (each.for_expr.strip, each.endfor_expr.strip),
        },
    };
    (first.strip_start(), last.strip_end())
}

/// The number as it is written: twenty-digit account ids must not pass through floating point.
fn number_text(number: &hcl_edit::Formatted<hcl_edit::Number>, file: &HclFile) -> String {
    let written = number.span().and_then(|span| file.text.get(span)).map(str::trim).unwrap_or_default();
    let digits = written.strip_prefix('-').unwrap_or(written);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        written.to_owned()
    } else {
        number.value().to_string()
    }
}

/// `$${` and `%%{` stand for `${` and `%{`.
fn unescape(literal: &str) -> Cow<'_, str> {
    if literal.contains("$${") || literal.contains("%%{") {
        Cow::Owned(literal.replace("$${", "${").replace("%%{", "%{"))
    } else {
        Cow::Borrowed(literal)
    }
}

/// Keys and values.
pub(super) type Pairs = Vec<(Value, Value)>;

/// Keys and values of a collection; the keys of a list are its indexes. And why there may be more.
pub(super) fn pairs_of(collection: Value) -> Result<(Pairs, Option<Reason>), Stop> {
    let line = collection.line;
    match collection.value {
        Tree::List(items, more) => {
            let pairs = items
                .into_iter()
                .enumerate()
                .map(|(at, item)| (Node::new(int(i128::try_from(at).unwrap_or(0)), line), item))
                .collect();
            Ok((pairs, more))
        }
        Tree::Map(entries, more) => {
            let mut entries = entries;
            // Terraform goes through maps in the order of their keys.
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            let pairs = entries.into_iter().map(|(key, value)| (Node::new(Tree::Text(key), line), value)).collect();
            Ok((pairs, more))
        }
        Tree::Unknown(reason) => Err(Stop::Unknown(reason)),
        Tree::Reference { address, attribute } => Err(Stop::unresolved(format!("{address}.{attribute}"))),
        _ => Err(Stop::Error(Reason::unresolved("a plain value where a collection is needed"))),
    }
}

/// Puts an entry; a later one with the same key replaces an earlier one.
pub(super) fn put(entries: &mut Vec<(Cow<'static, str>, Value)>, key: String, value: Value) {
    match entries.iter_mut().find(|(name, _)| *name == key) {
        Some((_, old)) => *old = value,
        None => entries.push((Cow::Owned(key), value)),
    }
}

fn group(entries: &mut Vec<(Cow<'static, str>, Value)>, key: String, value: Value) {
    let line = value.line;
    match entries.iter_mut().find(|(name, _)| *name == key) {
        Some((_, Node { value: Tree::List(items, _), .. })) => items.push(value),
        _ => entries.push((Cow::Owned(key), Node::new(Tree::List(vec![value], None), line))),
    }
}

fn arithmetic(operator: &BinaryOperator, left: &Tree<'_>, right: &Tree<'_>) -> Result<Tree<'static>, Stop> {
    if let (Ok(a), Ok(b)) = (to_int(left), to_int(right)) {
        let whole = match operator {
            BinaryOperator::Plus => a.checked_add(b),
            BinaryOperator::Minus => a.checked_sub(b),
            BinaryOperator::Mul => a.checked_mul(b),
            BinaryOperator::Div if a.checked_rem(b) == Some(0) => a.checked_div(b),
            BinaryOperator::Mod => a.checked_rem(b),
            BinaryOperator::Less => return Ok(Tree::Bool(a < b)),
            BinaryOperator::LessEq => return Ok(Tree::Bool(a <= b)),
            BinaryOperator::Greater => return Ok(Tree::Bool(a > b)),
            BinaryOperator::GreaterEq => return Ok(Tree::Bool(a >= b)),
            _ => None,
        };
        if let Some(whole) = whole {
            return Ok(int(whole));
        }
    }
    let (a, b) = (to_float(left)?, to_float(right)?);
    let number = match operator {
        BinaryOperator::Plus => a + b,
        BinaryOperator::Minus => a - b,
        BinaryOperator::Mul => a * b,
        BinaryOperator::Div => a / b,
        BinaryOperator::Mod => a % b,
        BinaryOperator::Less => return Ok(Tree::Bool(a < b)),
        BinaryOperator::LessEq => return Ok(Tree::Bool(a <= b)),
        BinaryOperator::Greater => return Ok(Tree::Bool(a > b)),
        BinaryOperator::GreaterEq => return Ok(Tree::Bool(a >= b)),
        _ => f64::NAN,
    };
    float(number).ok_or_else(|| Stop::Error(Reason::unresolved("a number without bounds")))
}
