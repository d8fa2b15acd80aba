//! JSON read once, from front to back: lines kept, depth limited, masked values understood, broken ends survived.
//!
//! `serde_json` checks the same grammar but keeps no lines, refuses an unquoted `1754****`, hides a key that is stated
//! twice and gives nothing back of a file that ends too early. This reader borrows from the text and hands out one
//! [`Node`] at a time, so that memory stays near the size of the file.

use std::borrow::Cow;

use xiezhi_model::{ProblemKind, Reason};

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

/// A place in a text, moving forward.
#[derive(Debug)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    depth: u32,
    /// Keys that one object states twice.
    pub twice: Vec<JsonError>,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Passes white space.
    pub fn space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => self.line = self.line.saturating_add(1),
                b' ' | b'\t' | b'\r' => {}
                _ => return,
            }
            self.step();
        }
    }

    fn broken<T>(&self, detail: &str) -> Result<T, JsonError> {
        let (kind, detail) = match self.peek() {
            None => (ProblemKind::Truncated, "the text ends inside a value"),
            Some(_) => (ProblemKind::BrokenJson, detail),
        };
        Err(JsonError { line: self.line, kind, detail: detail.to_owned() })
    }

    fn enter(&mut self) -> Result<(), JsonError> {
        self.step();
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            return Err(JsonError {
                line: self.line,
                kind: ProblemKind::TooDeep,
                detail: format!("nested deeper than {MAX_DEPTH} levels"),
            });
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.step();
        self.depth = self.depth.saturating_sub(1);
    }

    /// Reads an object; `each` is given the key and must read or skip exactly the value.
    pub fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        self.space();
        if self.peek() != Some(b'{') {
            return self.broken("expected `{`");
        }
        self.enter()?;
        self.space();
        if self.peek() == Some(b'}') {
            self.leave();
            return Ok(());
        }
        loop {
            self.space();
            let key = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return self.broken("expected `:` after a key");
            }
            self.step();
            each(self, key)?;
            self.space();
            match self.peek() {
                Some(b',') => self.step(),
                Some(b'}') => {
                    self.leave();
                    return Ok(());
                }
                _ => return self.broken("expected `,` or `}`"),
            }
        }
    }

    /// Reads a list; `each` must read or skip exactly one member.
    pub fn array(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), JsonError>) -> Result<(), JsonError> {
        self.space();
        if self.peek() != Some(b'[') {
            return self.broken("expected `[`");
        }
        self.enter()?;
        self.space();
        if self.peek() == Some(b']') {
            self.leave();
            return Ok(());
        }
        loop {
            each(self)?;
            self.space();
            match self.peek() {
                Some(b',') => self.step(),
                Some(b']') => {
                    self.leave();
                    return Ok(());
                }
                _ => return self.broken("expected `,` or `]`"),
            }
        }
    }

    /// Reads a value as a tree. A key that an object states twice with different values becomes unknown: of two
    /// readers one takes the first and one the last, and something can hide in the gap.
    pub fn value(&mut self) -> Result<Node<'a>, JsonError> {
        self.space();
        let line = self.line;
        let value = match self.peek() {
            Some(b'{') => self.map()?,
            Some(b'[') => {
                let mut items = vec![];
                self.array(|cursor| {
                    items.push(cursor.value()?);
                    Ok(())
                })?;
                Tree::List(items, None)
            }
            Some(b'"') => Tree::Text(self.string()?),
            Some(_) => self.word()?,
            None => return self.broken("expected a value"),
        };
        Ok(Node::new(value, line))
    }

    fn map(&mut self) -> Result<Tree<'a>, JsonError> {
        let mut entries: Vec<(Cow<'a, str>, Node<'a>)> = Vec::with_capacity(8);
        self.object(|cursor, key| {
            let node = cursor.value()?;
            entries.push((key, node));
            Ok(())
        })?;
        if let Some(twice) = settle_twice(&mut entries) {
            self.twice.extend(twice);
        }
        Ok(Tree::Map(entries, None))
    }

    /// A number, `true`, `false`, `null`, or what a mask left of one.
    fn word(&mut self) -> Result<Tree<'a>, JsonError> {
        let start = self.at;
        while let Some(byte) = self.peek() {
            if matches!(byte, b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"') || byte.is_ascii_whitespace() {
                break;
            }
            self.step();
        }
        let word = self.slice(start, self.at);
        match word {
            "null" => Ok(Tree::Null),
            "true" => Ok(Tree::Bool(true)),
            "false" => Ok(Tree::Bool(false)),
            _ if is_number(word) => Ok(Tree::Number(Cow::Borrowed(word))),
            _ if word.contains("**") || (word.starts_with('<') && word.ends_with('>')) => {
                Ok(Tree::Unknown(Reason::Redacted))
            }
            _ => self.broken("expected a value"),
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        if self.peek() != Some(b'"') {
            return self.broken("expected `\"`");
        }
        self.step();
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let stop = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20);
        self.at = start.saturating_add(stop.unwrap_or(rest.len()));
        match self.peek() {
            Some(b'"') => {
                let text = self.slice(start, self.at);
                self.step();
                Ok(Cow::Borrowed(text))
            }
            Some(b'\\') => self.escaped(start),
            _ => self.broken("a control character inside a text"),
        }
    }

    fn escaped(&mut self, start: usize) -> Result<Cow<'a, str>, JsonError> {
        let mut out = String::from(self.slice(start, self.at));
        loop {
            let from = self.at;
            while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= 0x20) {
                self.step();
            }
            out.push_str(self.slice(from, self.at));
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => {
                    self.step();
                    out.push(self.escape()?);
                }
                _ => return self.broken("a control character inside a text"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let byte = self.peek();
        let plain = match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.step();
                return self.unicode();
            }
            _ => return self.broken("an unknown escape in a text"),
        };
        self.step();
        Ok(plain)
    }

    fn unicode(&mut self) -> Result<char, JsonError> {
        let high = self.hex4()?;
        let code = match high {
            0xD800..=0xDBFF => {
                if self.slice(self.at, self.at.saturating_add(2)) != "\\u" {
                    return self.broken("half a surrogate pair in a text");
                }
                self.at = self.at.saturating_add(2);
                let low = self.hex4()?;
                if !(0xDC00..=0xDFFF).contains(&low) {
                    return self.broken("half a surrogate pair in a text");
                }
                let bits = high.wrapping_sub(0xD800).wrapping_shl(10) | low.wrapping_sub(0xDC00);
                bits.saturating_add(0x1_0000)
            }
            code => code,
        };
        match char::from_u32(code) {
            Some(char) => Ok(char),
            None => self.broken("half a surrogate pair in a text"),
        }
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let digits = self.slice(self.at, self.at.saturating_add(4));
        let all_hex = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u32::from_str_radix(digits, 16) {
            Ok(code) if all_hex => {
                self.at = self.at.saturating_add(4);
                Ok(code)
            }
            _ => self.broken("a broken `\\u` escape in a text"),
        }
    }

    /// Passes one value without reading it. Brackets and texts are checked, the rest is not: what nobody reads need
    /// not be perfect.
    pub fn skip(&mut self) -> Result<(), JsonError> {
        self.space();
        match self.peek() {
            Some(b'{' | b'[') => {}
            Some(b'"') => return self.skip_string(),
            Some(_) => return self.word().map(|_| ()),
            None => return self.broken("expected a value"),
        }
        // One bit per open bracket: 1 for an object, 0 for a list. 128 levels fit.
        let mut open: u128 = 0;
        let outer = self.depth;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.skip_string()?;
                    continue;
                }
                b'\n' => self.line = self.line.saturating_add(1),
                b'{' | b'[' => {
                    self.enter()?;
                    open = open.wrapping_shl(1) | u128::from(byte == b'{');
                    continue;
                }
                b'}' | b']' => {
                    if (open & 1 == 1) != (byte == b'}') {
                        return self.broken("a bracket that closes another kind");
                    }
                    open = open.wrapping_shr(1);
                    self.leave();
                    if self.depth == outer {
                        return Ok(());
                    }
                    continue;
                }
                _ => {}
            }
            self.step();
        }
        self.broken("expected a closing bracket")
    }

    fn skip_string(&mut self) -> Result<(), JsonError> {
        self.step();
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let Some(stop) = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20) else {
                self.at = self.text.len();
                return self.broken("expected `\"`");
            };
            self.at = self.at.saturating_add(stop);
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(());
                }
                Some(b'\\') => self.at = self.at.saturating_add(2),
                _ => return self.broken("a control character inside a text"),
            }
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

fn settle_twice(entries: &mut Vec<(Cow<'_, str>, Node<'_>)>) -> Option<Vec<JsonError>> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    if entries.len() > 16 {
        order.sort_by(|&a, &b| entries.get(a).map(|e| &e.0).cmp(&entries.get(b).map(|e| &e.0)).then(a.cmp(&b)));
        let any = order.windows(2).any(|pair| match pair {
            [a, b] => entries.get(*a).map(|e| &e.0) == entries.get(*b).map(|e| &e.0),
            _ => false,
        });
        if !any {
            return None;
        }
    } else {
        let any =
            entries.iter().enumerate().any(|(at, (key, _))| entries.iter().take(at).any(|(other, _)| other == key));
        if !any {
            return None;
        }
    }
    let mut found = vec![];
    let mut kept: Vec<(Cow<'_, str>, Node<'_>)> = Vec::with_capacity(entries.len());
    let mut places: rustc_hash::FxHashMap<String, usize> = rustc_hash::FxHashMap::default();
    for (key, node) in entries.drain(..) {
        match places.get(key.as_ref()).copied() {
            None => {
                places.insert(key.to_string(), kept.len());
                kept.push((key, node));
            }
            Some(at) => {
                found.push(JsonError {
                    line: node.line,
                    kind: ProblemKind::Unexpected,
                    detail: format!("the key `{}` is stated twice", crate::secret::mask(&key)),
                });
                if let Some((_, first)) = kept.get_mut(at)
                    && !same(&first.value, &node.value)
                {
                    first.value = Tree::Unknown(Reason::unreadable("the key is stated twice with different values"));
                }
            }
        }
    }
    *entries = kept;
    Some(found)
}

/// Whether two values say the same, wherever they stand.
fn same(a: &Tree<'_>, b: &Tree<'_>) -> bool {
    match (a, b) {
        (Tree::List(a, _), Tree::List(b, _)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.value, &b.value))
        }
        (Tree::Map(a, _), Tree::Map(b, _)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && same(&a.1.value, &b.1.value))
        }
        _ => a == b,
    }
}

/// Whether a word is a number in JSON's grammar.
fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at).unwrap_or_default(), unsigned.get(at.saturating_add(1)..)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
