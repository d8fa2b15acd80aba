//! A place in a text that moves forward, one value at a time.

use std::borrow::Cow;

use xiezhi_model::{ProblemKind, Reason};

use super::twice::settle_twice;
use super::{JsonError, MAX_DEPTH};
use crate::tree::{Node, Tree};

/// A place in a text, moving forward.
#[derive(Debug)]
pub struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) line: u32,
    pub(super) depth: u32,
    /// Keys that one object states twice.
    pub twice: Vec<JsonError>,
}

impl<'a> Cursor<'a> {
    pub(super) fn peek(&self) -> Option<u8> {
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

    pub(super) fn broken<T>(&self, detail: &str) -> Result<T, JsonError> {
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
