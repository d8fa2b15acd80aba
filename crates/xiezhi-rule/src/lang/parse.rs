//! From tokens to a tree: a Pratt parser for CEL's operators.

use crate::error::{Fault, Span};

use super::lex::{Lexed, Token, lex};

/// Deepest nesting of a predicate. Every later walk over the tree recurses at most this deep.
const MAX_DEPTH: usize = 64;

/// A node of the tree as written.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) shape: Shape,
    pub(crate) span: Span,
    depth: usize,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Tree>),
    Name(String),
    Field(Box<Tree>, String, Span),
    Index(Box<Tree>, Box<Tree>),
    Call(String, Span, Vec<Tree>),
    Method(Box<Tree>, String, Span, Vec<Tree>),
    Not(Box<Tree>),
    Minus(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Binary(&'static str, Box<Tree>, Box<Tree>),
    If(Box<Tree>, Box<Tree>, Box<Tree>),
}

/// The tree of a whole text.
pub(crate) fn parse(text: &str) -> Result<Tree, Fault> {
    let tokens = lex(text, false)?;
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
    let tree = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(tree),
        Token::Sign("=") => Err(Fault::new(parser.span(), "`=` means nothing here").help("write `==` to compare")),
        other => Err(Fault::new(parser.span(), format!("{} does not belong here", other.shown()))
            .help("an operator such as `&&` or a closing bracket may be missing before it")),
    }
}

struct Parser<'t> {
    tokens: &'t [Lexed],
    at: usize,
    depth: usize,
}

static END: Token = Token::End;

fn strength(token: &Token) -> Option<(&'static str, u8)> {
    let strength = match token {
        Token::Sign(sign) => match *sign {
            "?" => 1,
            "||" => 2,
            "&&" => 3,
            "==" | "!=" | "<" | "<=" | ">" | ">=" => 4,
            "+" | "-" => 5,
            "*" | "/" | "%" => 6,
            _ => return None,
        },
        Token::Name(name) if name == "in" => return Some(("in", 4)),
        _ => return None,
    };
    match token {
        Token::Sign(sign) => Some((sign, strength)),
        _ => None,
    }
}

impl<'t> Parser<'t> {
    fn peek(&self) -> &'t Token {
        self.tokens.get(self.at).map_or(&END, |lexed| &lexed.token)
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(Span::default(), |lexed| lexed.span)
    }

    fn next(&mut self) -> (&'t Token, Span) {
        let (token, span) = (self.peek(), self.span());
        self.at = self.at.saturating_add(1);
        (token, span)
    }

    fn accept(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(s) if *s == sign);
        if found {
            self.at = self.at.saturating_add(1);
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<Span, Fault> {
        let span = self.span();
        if self.accept(sign) {
            return Ok(span);
        }
        Err(Fault::new(span, format!("`{sign}` is expected here, not {}", self.peek().shown())))
    }

    /// A node one deeper than its deepest child.
    fn node(&self, shape: Shape, span: Span) -> Result<Tree, Fault> {
        let below = match &shape {
            Shape::Bool(_) | Shape::Int(_) | Shape::Text(_) | Shape::Name(_) => 0,
            Shape::List(all) | Shape::Call(_, _, all) | Shape::And(all) | Shape::Or(all) => deepest(all),
            Shape::Field(one, ..) | Shape::Not(one) | Shape::Minus(one) => one.depth,
            Shape::Index(a, b) | Shape::Binary(_, a, b) => a.depth.max(b.depth),
            Shape::Method(receiver, _, _, all) => receiver.depth.max(deepest(all)),
            Shape::If(a, b, c) => a.depth.max(b.depth).max(c.depth),
        };
        let depth = below.saturating_add(1);
        if depth > MAX_DEPTH { Err(too_deep(span)) } else { Ok(Tree { shape, span, depth }) }
    }

    fn expression(&mut self, least: u8) -> Result<Tree, Fault> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            return Err(too_deep(self.span()));
        }
        let mut left = self.prefix()?;
        while let Some((operator, strength)) = strength(self.peek()) {
            if strength < least {
                break;
            }
            self.at = self.at.saturating_add(1);
            if operator == "?" {
                let then = self.expression(1)?;
                self.expect(":")?;
                let other = self.expression(1)?;
                let span = left.span.to(other.span);
                left = self.node(Shape::If(Box::new(left), Box::new(then), Box::new(other)), span)?;
                continue;
            }
            let right = self.expression(strength.saturating_add(1))?;
            let span = left.span.to(right.span);
            let shape = match (operator, left.shape) {
                // Chains are one node, so that a long one is not a deep one.
                ("&&", Shape::And(mut all)) => {
                    all.push(right);
                    Shape::And(all)
                }
                ("||", Shape::Or(mut all)) => {
                    all.push(right);
                    Shape::Or(all)
                }
                (operator, shape) => {
                    let left = Tree { shape, span: left.span, depth: left.depth };
                    match operator {
                        "&&" => Shape::And(vec![left, right]),
                        "||" => Shape::Or(vec![left, right]),
                        _ => Shape::Binary(operator, Box::new(left), Box::new(right)),
                    }
                }
            };
            left = self.node(shape, span)?;
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Tree, Fault> {
        let start = self.span();
        let mut signs = Vec::new();
        while let Token::Sign(sign @ ("!" | "-")) = self.peek() {
            signs.push((*sign, self.next().1));
            if signs.len() > MAX_DEPTH {
                return Err(too_deep(start));
            }
        }
        let mut tree = self.postfix()?;
        for (sign, at) in signs.into_iter().rev() {
            let span = at.to(tree.span);
            let shape = match (sign, tree.shape) {
                ("-", Shape::Int(n)) => Shape::Int(n.saturating_neg()),
                (sign, shape) => {
                    let inner = Box::new(Tree { shape, span: tree.span, depth: tree.depth });
                    if sign == "!" { Shape::Not(inner) } else { Shape::Minus(inner) }
                }
            };
            tree = self.node(shape, span)?;
        }
        Ok(tree)
    }

    fn postfix(&mut self) -> Result<Tree, Fault> {
        let mut tree = self.primary()?;
        loop {
            if self.accept(".") {
                let (token, name_span) = self.next();
                let Token::Name(name) = token else {
                    return Err(Fault::new(name_span, format!("a field is expected after `.`, not {}", token.shown())));
                };
                let shape = if self.accept("(") {
                    let arguments = self.list(")")?;
                    Shape::Method(Box::new(tree), name.clone(), name_span, arguments)
                } else {
                    Shape::Field(Box::new(tree), name.clone(), name_span)
                };
                let span = self.since(&shape);
                tree = self.node(shape, span)?;
            } else if self.accept("[") {
                let index = self.expression(0)?;
                let span = tree.span.to(self.expect("]")?);
                tree = self.node(Shape::Index(Box::new(tree), Box::new(index)), span)?;
            } else {
                return Ok(tree);
            }
        }
    }

    /// From the receiver of a field or method to the last token read.
    fn since(&self, shape: &Shape) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(Span::default(), |l| l.span);
        match shape {
            Shape::Field(base, ..) | Shape::Method(base, ..) => base.span.to(last),
            _ => last,
        }
    }

    fn list(&mut self, close: &str) -> Result<Vec<Tree>, Fault> {
        let mut all = Vec::new();
        while !self.accept(close) {
            all.push(self.expression(0)?);
            if !self.accept(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(all)
    }

    fn primary(&mut self) -> Result<Tree, Fault> {
        let (token, span) = self.next();
        let shape = match token {
            Token::Int(n) => Shape::Int(*n),
            Token::Text(text) => Shape::Text(text.clone()),
            Token::Name(name) => match name.as_str() {
                "true" => Shape::Bool(true),
                "false" => Shape::Bool(false),
                "null" | "absent" | "unknown" => {
                    return Err(Fault::new(span, format!("`{name}` is not a value of predicates"))
                        .help("write `has(x)` to ask whether there is a value; what is unknown stays unknown"));
                }
                "in" => return Err(Fault::new(span, "`in` needs a value before it")),
                _ if self.accept("(") => Shape::Call(name.clone(), span, self.list(")")?),
                _ => Shape::Name(name.clone()),
            },
            Token::Sign("(") => {
                let inner = self.expression(0)?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Sign("[") => Shape::List(self.list("]")?),
            Token::Sign("{") => {
                return Err(Fault::new(span, "records cannot be written in predicates"));
            }
            Token::Sign(_) | Token::End => {
                return Err(Fault::new(span, format!("a value is expected here, not {}", token.shown())));
            }
        };
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(span, |lexed| lexed.span);
        self.node(shape, span.to(last))
    }
}

fn deepest(all: &[Tree]) -> usize {
    all.iter().map(|tree| tree.depth).max().unwrap_or(0)
}

fn too_deep(span: Span) -> Fault {
    Fault::new(span, format!("nested deeper than {MAX_DEPTH}")).help("split the condition")
}
