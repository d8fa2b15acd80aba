//! TOML as a [`Node`] with lines.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::tree::{Node, Tree};

/// Reads a text; else the line and what is wrong there.
pub(crate) fn parse(text: &str) -> Result<Node<'_>, (u32, String)> {
    let lines = Lines::of(text);
    let table = DeTable::parse(text)
        .map_err(|error| (error.span().map_or(0, |span| lines.at(span.start)), error.message().to_owned()))?;
    Ok(Node::new(map(table.into_inner(), &lines), 1))
}

/// Where each line starts.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn at(&self, place: usize) -> u32 {
        let before = self.0.partition_point(|end| *end < place);
        u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
    }
}

fn map<'a>(table: DeTable<'a>, lines: &Lines) -> Tree<'a> {
    let mut entries: Vec<(Cow<'a, str>, Node<'a>)> = vec![];
    for (key, value) in table {
        let line = lines.at(key.span().start);
        let mut node = node(value, lines);
        node.line = line;
        entries.push((key.into_inner(), node));
    }
    // The table is ordered by name; the file's order is the order of lines.
    entries.sort_by_key(|(_, node)| node.line);
    Tree::Map(entries, None)
}

fn node<'a>(value: Spanned<DeValue<'a>>, lines: &Lines) -> Node<'a> {
    let line = lines.at(value.span().start);
    let tree = match value.into_inner() {
        DeValue::String(text) => Tree::Text(text),
        DeValue::Integer(number) => Tree::Number(Cow::Owned(number.to_string())),
        DeValue::Float(number) => Tree::Number(Cow::Owned(number.to_string())),
        DeValue::Boolean(value) => Tree::Bool(value),
        DeValue::Datetime(time) => Tree::Text(Cow::Owned(time.to_string())),
        DeValue::Array(items) => Tree::List(items.into_iter().map(|item| node(item, lines)).collect(), None),
        DeValue::Table(table) => map(table, lines),
    };
    Node::new(tree, line)
}
