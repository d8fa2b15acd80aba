//! A small JSON reader that keeps the position of every value and every repeated key.
//!
//! It never recurses deeper than [`MAX_DEPTH`] and never reads more than [`MAX_BYTES`]: a policy is attacker-controlled text.
//! It is ours because common readers keep no positions and silently drop a repeated key, behind which a second meaning can hide
//! (R-1.10: a repeated key makes the statement unknown).

use serde::Serialize;
use std::fmt;

/// Deepest nesting that is read. A RAM policy needs six levels.
pub const MAX_DEPTH: usize = 32;
/// Longest document that is read, in bytes: eight times the largest documented limit (KMS key policy, 32,768 bytes).
pub const MAX_BYTES: usize = 262_144;

/// A place in the text, both counted from 1; the column counts characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A JSON value with the place where it starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where the value starts.
    pub at: Position,
    /// The value.
    pub value: Value,
}

/// A JSON value; numbers keep their text, so that long account ids stay exact.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as written.
    Number(String),
    /// A string with its escapes resolved.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// An object; members in the order written, repeated keys kept.
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Where the key starts.
    pub at: Position,
    /// The value.
    pub value: Node,
}

/// Why a text is not JSON, or not JSON that is read here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JsonError {
    /// Where reading stopped.
    pub at: Position,
    /// What was wrong there.
    pub what: JsonFault,
}

/// The kinds of [`JsonError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonFault {
    /// The text ends inside a value.
    Ended,
    /// A character that cannot stand here.
    Unexpected,
    /// A string with a raw control character or a wrong escape.
    BadString,
    /// A number that JSON does not allow.
    BadNumber,
    /// Text after the end of the document.
    Trailing,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// Longer than [`MAX_BYTES`].
    TooLong,
}

impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            JsonFault::Ended => "the text ends inside a value",
            JsonFault::Unexpected => "a character that cannot stand here",
            JsonFault::BadString => "a string with a wrong escape or a raw control character",
            JsonFault::BadNumber => "a number that JSON does not allow",
            JsonFault::Trailing => "text after the end of the document",
            JsonFault::TooDeep => "nested deeper than 32 levels",
            JsonFault::TooLong => "longer than 262,144 bytes",
        })
    }
}

/// Reads one JSON document.
///
/// # Errors
/// [`JsonError`] with the place of the first character that cannot be read.
pub fn read(text: &str) -> Result<Node, JsonError> {
    if text.len() > MAX_BYTES {
        return Err(JsonError { at: Position { line: 1, column: 1 }, what: JsonFault::TooLong });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { rest: text.chars(), ahead: None, at: Position { line: 1, column: 1 } };
    reader.blank();
    let node = reader.value(0)?;
    reader.blank();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.fault(JsonFault::Trailing)),
    }
}

struct Reader<'a> {
    rest: std::str::Chars<'a>,
    ahead: Option<char>,
    at: Position,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        if self.ahead.is_none() {
            self.ahead = self.rest.next();
        }
        self.ahead
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.ahead = None;
        if c == '\n' {
            self.at.line = self.at.line.saturating_add(1);
            self.at.column = 1;
        } else {
            self.at.column = self.at.column.saturating_add(1);
        }
        Some(c)
    }

    fn fault(&mut self, what: JsonFault) -> JsonError {
        let what = if self.peek().is_none() && what == JsonFault::Unexpected { JsonFault::Ended } else { what };
        JsonError { at: self.at, what }
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.next();
        }
    }

    fn eat(&mut self, wanted: char) -> bool {
        if self.peek() == Some(wanted) {
            self.next();
            return true;
        }
        false
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        for c in word.chars() {
            if !self.eat(c) {
                return Err(self.fault(JsonFault::Unexpected));
            }
        }
        Ok(value)
    }

    fn value(&mut self, depth: usize) -> Result<Node, JsonError> {
        let at = self.at;
        if depth >= MAX_DEPTH {
            return Err(self.fault(JsonFault::TooDeep));
        }
        let inner = depth.saturating_add(1);
        let value = match self.peek() {
            Some('{') => self.object(inner)?,
            Some('[') => self.array(inner)?,
            Some('"') => Value::String(self.string()?),
            Some('t') => self.word("true", Value::Bool(true))?,
            Some('f') => self.word("false", Value::Bool(false))?,
            Some('n') => self.word("null", Value::Null)?,
            Some('-' | '0'..='9') => self.number()?,
            _ => return Err(self.fault(JsonFault::Unexpected)),
        };
        Ok(Node { at, value })
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        let mut members = Vec::new();
        self.next();
        self.blank();
        if self.eat('}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.blank();
            let at = self.at;
            if self.peek() != Some('"') {
                return Err(self.fault(JsonFault::Unexpected));
            }
            let key = self.string()?;
            self.blank();
            if !self.eat(':') {
                return Err(self.fault(JsonFault::Unexpected));
            }
            self.blank();
            let value = self.value(depth)?;
            members.push(Member { key, at, value });
            self.blank();
            if self.eat('}') {
                return Ok(Value::Object(members));
            }
            if !self.eat(',') {
                return Err(self.fault(JsonFault::Unexpected));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        let mut items = Vec::new();
        self.next();
        self.blank();
        if self.eat(']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.blank();
            items.push(self.value(depth)?);
            self.blank();
            if self.eat(']') {
                return Ok(Value::Array(items));
            }
            if !self.eat(',') {
                return Err(self.fault(JsonFault::Unexpected));
            }
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let mut out = String::new();
        self.next();
        loop {
            let Some(c) = self.next() else {
                return Err(self.fault(JsonFault::Ended));
            };
            match c {
                '"' => return Ok(out),
                '\\' => out.push(self.escape()?),
                c if c < ' ' => return Err(self.fault(JsonFault::BadString)),
                c => out.push(c),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        Ok(match self.next() {
            Some('"') => '"',
            Some('\\') => '\\',
            Some('/') => '/',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let high = self.hex4()?;
                let code = if (0xD800..0xDC00).contains(&high) {
                    if !(self.eat('\\') && self.eat('u')) {
                        return Err(self.fault(JsonFault::BadString));
                    }
                    let low = self.hex4()?;
                    if !(0xDC00..0xE000).contains(&low) {
                        return Err(self.fault(JsonFault::BadString));
                    }
                    0x10000_u32.saturating_add((high & 0x3FF).wrapping_shl(10) | (low & 0x3FF))
                } else {
                    high
                };
                match char::from_u32(code) {
                    Some(c) => c,
                    None => return Err(self.fault(JsonFault::BadString)),
                }
            }
            _ => return Err(self.fault(JsonFault::BadString)),
        })
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let mut code = 0_u32;
        for _ in 0..4 {
            match self.next().and_then(|c| c.to_digit(16)) {
                Some(digit) => code = code.wrapping_shl(4) | digit,
                None => return Err(self.fault(JsonFault::BadString)),
            }
        }
        Ok(code)
    }

    fn digits(&mut self, out: &mut String) -> bool {
        let before = out.len();
        while let Some(c @ '0'..='9') = self.peek() {
            out.push(c);
            self.next();
        }
        out.len() > before
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let mut out = String::new();
        if self.eat('-') {
            out.push('-');
        }
        let leading_zero = self.peek() == Some('0');
        let before = out.len();
        if !self.digits(&mut out) || (leading_zero && out.len().saturating_sub(before) > 1) {
            return Err(self.fault(JsonFault::BadNumber));
        }
        if self.eat('.') {
            out.push('.');
            if !self.digits(&mut out) {
                return Err(self.fault(JsonFault::BadNumber));
            }
        }
        if let Some(c @ ('e' | 'E')) = self.peek() {
            out.push(c);
            self.next();
            if let Some(sign @ ('+' | '-')) = self.peek() {
                out.push(sign);
                self.next();
            }
            if !self.digits(&mut out) {
                return Err(self.fault(JsonFault::BadNumber));
            }
        }
        Ok(Value::Number(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let node = read("{\n  \"é\": [1, \"x\"]\n}").unwrap();
        let Value::Object(members) = node.value else { panic!("not an object") };
        assert_eq!(members[0].at, Position { line: 2, column: 3 });
        assert_eq!(members[0].value.at, Position { line: 2, column: 8 });
    }

    #[test]
    fn a_repeated_key_is_kept_twice() {
        let node = read(r#"{"a":1,"a":2}"#).unwrap();
        let Value::Object(members) = node.value else { panic!("not an object") };
        assert_eq!(members.len(), 2);
    }

    #[test]
    fn deep_nesting_is_refused_without_recursion() {
        let error = read(&"[".repeat(100_000)).unwrap_err();
        assert_eq!(error.what, JsonFault::TooDeep);
    }

    #[test]
    fn broken_texts_name_the_place() {
        for (text, line, column, what) in [
            ("{\"a\":}", 1, 6, JsonFault::Unexpected),
            ("{\"a\":1", 1, 7, JsonFault::Ended),
            ("[1,]", 1, 4, JsonFault::Unexpected),
            ("01", 1, 3, JsonFault::BadNumber),
            ("1 2", 1, 3, JsonFault::Trailing),
            ("\"\\x\"", 1, 4, JsonFault::BadString),
            ("\n\n  tru", 3, 6, JsonFault::Ended),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!((error.at.line, error.at.column, error.what), (line, column, what), "{text:?}");
        }
    }

    #[test]
    fn twenty_digit_numbers_stay_exact_and_escapes_resolve() {
        assert_eq!(read("12345678901234567890").unwrap().value, Value::Number("12345678901234567890".into()));
        assert_eq!(read(r#""\ud83d\ude00\u0041""#).unwrap().value, Value::String("😀A".into()));
    }
}
