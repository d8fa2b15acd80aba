//! A predicate ready to be evaluated: names are resolved to indexes, patterns are compiled.

use regex_lite::Regex;
use xiezhi_model::{Schema, Text};

use super::func::Func;

#[derive(Debug)]
pub(crate) enum Node {
    Const(Const),
    /// A variable, by how many frames up it was bound.
    Variable(usize),
    /// A field of a record, or of the target of a link.
    Field(Box<Node>, usize, &'static str),
    /// What a resource says of itself.
    Head(Box<Node>, Part),
    /// The account that owns a resource.
    Account(Box<Node>),
    Index(Box<Node>, Box<Node>, Box<str>),
    Not(Box<Node>),
    Minus(Box<Node>, Box<str>),
    And(Box<[Node]>),
    Or(Box<[Node]>),
    /// Equality; negated when the flag is set.
    Equal(Box<Node>, Box<Node>, bool),
    Order(Order, Box<Node>, Box<Node>, Box<str>),
    /// `size(list)` compared with a number: what is seen of an open list may settle it.
    SizeOrder(SizeOrder, Box<Node>, Box<Node>, Box<str>),
    In(Box<Node>, Box<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>, Box<str>),
    If(Box<[Node; 3]>, Box<str>),
    Has(Box<Node>),
    Size(Box<Node>, Box<str>),
    List(Box<[Node]>),
    Each(&'static Schema),
    Over(Over, Box<Node>, Box<Node>),
    TextTest(TextTest, Box<Node>, Box<Node>),
    Matches(Box<Node>, Box<Regex>),
    Lower(Box<Node>),
    Call(Func, Box<[Node]>, Box<str>),
    /// Whether one of the port ranges has one of the ports: the list, and what is asked of each member.
    PortsOverlap(Box<Node>, Box<Node>, Box<str>),
}

/// A value that stands in the predicate.
#[derive(Debug)]
pub(crate) enum Const {
    Bool(bool),
    Int(i64),
    Text(Text),
    List(Box<[Const]>),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    Id,
    Name,
    Region,
}

impl Part {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Part::Id => "id",
            Part::Name => "name",
            Part::Region => "region",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

impl Order {
    pub(crate) fn holds(self, a: i64, b: i64) -> bool {
        match self {
            Order::Less => a < b,
            Order::LessOrEqual => a <= b,
            Order::More => a > b,
            Order::MoreOrEqual => a >= b,
        }
    }

    /// The same comparison with its sides swapped.
    pub(crate) fn swapped(self) -> Self {
        match self {
            Order::Less => Order::More,
            Order::LessOrEqual => Order::MoreOrEqual,
            Order::More => Order::Less,
            Order::MoreOrEqual => Order::LessOrEqual,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SizeOrder {
    Order(Order),
    Equal,
    NotEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}
