//! JSON read once, from front to back: lines kept, depth limited, masked values understood, broken ends survived.
//!
//! `serde_json` checks the same grammar but keeps no lines, refuses an unquoted `1754****`, hides a key that is stated
//! twice and gives nothing back of a file that ends too early. This reader borrows from the text and hands out one
//! [`Node`] at a time, so that memory stays near the size of the file.

mod cursor;
mod twice;

use std::borrow::Cow;

use xiezhi_model::{ProblemKind, Reason};

pub use self::cursor::Cursor;
use crate::tree::{Node, Tree};

/// Nesting deeper than this is refused: it stands before every recursive step over evidence.
pub const MAX_DEPTH: u32 = 128;

/// What is wrong with the text, and on which line. Never quotes the text: it may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// The line, from 1.
    pub line: u32,
    /// Broken, truncated, or too deep; `Unexpected` for a key that is stated twice.
    pub kind: ProblemKind,
    /// What is wrong, in a few words.
    pub detail: String,
}

impl JsonError {
    /// The reason of what stands behind the error and could not be read.
    pub fn reason(&self) -> Reason {
        Reason::unreadable(format!("line {}: {}", self.line, self.detail))
    }
}

/// One value of a text, not read yet, and the line it starts on.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'a> {
    /// The value as it stands in the text. When the text breaks inside it, everything up to the end of the text.
    pub text: &'a str,
    /// Its line, from 1.
    pub line: u32,
}

/// The keys of an object with their values not read yet, in order, as far as they could be read.
#[derive(Debug)]
pub struct Entries<'a> {
    /// Keys and values.
    pub list: Vec<(Cow<'a, str>, Raw<'a>)>,
    /// Where the text breaks; the last value may then be cut off.
    pub error: Option<JsonError>,
}

impl<'a> Entries<'a> {
    /// The value under a key.
    pub fn get(&self, name: &str) -> Option<Raw<'a>> {
        self.list.iter().find(|(key, _)| key == name).map(|(_, raw)| *raw)
    }

    /// The text or number under a key, when it is plain.
    pub fn plain(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name)?.plain()
    }
}

impl<'a> Raw<'a> {
    /// A whole text, without its byte-order mark.
    pub fn whole(text: &'a str) -> Self {
        Self { text: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 }
    }

    /// A cursor at the start of the value.
    pub fn cursor(&self) -> Cursor<'a> {
        Cursor { text: self.text, at: 0, line: self.line, depth: 0, twice: vec![] }
    }

    /// Whether the value is an object, a list or something else, by its first character.
    pub fn first(&self) -> Option<u8> {
        self.text.bytes().find(|byte| !byte.is_ascii_whitespace())
    }

    /// The keys of an object; nothing when the value is something else.
    pub fn entries(&self) -> Entries<'a> {
        let mut list = vec![];
        let mut cursor = self.cursor();
        if self.first() != Some(b'{') {
            return Entries { list, error: None };
        }
        let error = cursor
            .object(|cursor, key| {
                cursor.space();
                let (start, line) = (cursor.at, cursor.line);
                let skipped = cursor.skip();
                let end = if skipped.is_ok() { cursor.at } else { self.text.len() };
                list.push((key, Raw { text: self.text.get(start..end).unwrap_or_default(), line }));
                skipped
            })
            .err();
        Entries { list, error }
    }

    /// The members of a list, not read yet, as far as the list goes.
    pub fn members(&self) -> (Vec<Raw<'a>>, Option<JsonError>) {
        let mut list = vec![];
        let error = self
            .cursor()
            .array(|cursor| {
                cursor.space();
                let (start, line) = (cursor.at, cursor.line);
                let skipped = cursor.skip();
                let end = if skipped.is_ok() { cursor.at } else { self.text.len() };
                list.push(Raw { text: self.text.get(start..end).unwrap_or_default(), line });
                skipped
            })
            .err();
        (list, error)
    }

    /// The values that follow each other in the text: one JSON document, or one per line (NDJSON).
    pub fn documents(&self) -> (Vec<Raw<'a>>, Option<JsonError>) {
        let mut list = vec![];
        let mut cursor = self.cursor();
        loop {
            cursor.space();
            if cursor.peek().is_none() {
                return (list, None);
            }
            let (start, line) = (cursor.at, cursor.line);
            let skipped = cursor.skip();
            let end = if skipped.is_ok() { cursor.at } else { self.text.len() };
            list.push(Raw { text: self.text.get(start..end).unwrap_or_default(), line });
            if let Err(error) = skipped {
                return (list, Some(error));
            }
        }
    }

    /// The value as a tree.
    pub fn node(&self) -> Result<Node<'a>, JsonError> {
        self.cursor().value()
    }

    /// The text or number, when the value is plain.
    pub fn plain(&self) -> Option<Cow<'a, str>> {
        match self.first() {
            Some(b'{' | b'[') | None => None,
            Some(_) => match self.node().ok()?.value {
                Tree::Text(text) | Tree::Number(text) => Some(text),
                Tree::Bool(true) => Some(Cow::Borrowed("true")),
                Tree::Bool(false) => Some(Cow::Borrowed("false")),
                _ => None,
            },
        }
    }
}
/// Reads the members of the list at a dotted path, one by one. A path that leads to an object hands out that object.
/// Returns whether the path exists, and where the text broke: members before that were handed out.
pub fn walk<'a>(
    raw: Raw<'a>,
    path: &str,
    each: &mut dyn FnMut(Node<'a>),
    twice: &mut Vec<JsonError>,
) -> (bool, Option<JsonError>) {
    let mut cursor = raw.cursor();
    let steps: Vec<&str> = path.split('.').filter(|step| !step.is_empty()).collect();
    let mut found = false;
    let error = descend(&mut cursor, &steps, each, &mut found).err();
    twice.append(&mut cursor.twice);
    (found, error)
}

fn descend<'a>(
    cursor: &mut Cursor<'a>,
    steps: &[&str],
    each: &mut dyn FnMut(Node<'a>),
    found: &mut bool,
) -> Result<(), JsonError> {
    cursor.space();
    match (steps.split_first(), cursor.peek()) {
        (Some((step, rest)), Some(b'{')) => {
            cursor.object(
                |cursor, key| {
                    if key == *step && !*found { descend(cursor, rest, each, found) } else { cursor.skip() }
                },
            )
        }
        (None, Some(b'[')) => {
            *found = true;
            cursor.array(|cursor| {
                each(cursor.value()?);
                Ok(())
            })
        }
        (None, Some(b'{')) => {
            *found = true;
            each(cursor.value()?);
            Ok(())
        }
        (_, _) => {
            // Null where the list should be means that there is nothing.
            let null = matches!(cursor.value()?.value, Tree::Null);
            *found = *found || null;
            Ok(())
        }
    }
}
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
