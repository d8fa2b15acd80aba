//! From text to tokens: CEL's, without floating point, bytes and unsigned numbers.

use crate::error::{Fault, Span};

/// Longest predicate or block of facts, in bytes. Far above any real one; bounds the work on hostile input.
const MAX_LENGTH: usize = 64 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Name(String),
    Int(i64),
    Text(String),
    Sign(&'static str),
    End,
}

impl Token {
    /// The token as messages write it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Token::Name(name) => format!("`{}`", name.chars().take(60).collect::<String>()),
            Token::Int(n) => format!("`{n}`"),
            Token::Text(text) => format!("`\"{}\"`", text.chars().take(60).collect::<String>()),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".to_owned(),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Lexed {
    pub(crate) token: Token,
    pub(crate) span: Span,
}

/// Longer signs first, so that `<=` is not `<` and `=`.
const SIGNS: &[&str] = &[
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ",", ".", "(", ")", "[", "]",
    "{", "}", "=",
];

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

/// The tokens of a text, the last of them [`Token::End`]. `//` starts a comment; in facts `#` does too.
pub(crate) fn lex(text: &str, hash_comments: bool) -> Result<Vec<Lexed>, Fault> {
    if text.len() > MAX_LENGTH {
        return Err(Fault::new(Span::new(0, 1), format!("longer than {MAX_LENGTH} bytes")).help("split it"));
    }
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank(hash_comments);
        let start = lexer.at;
        let token = lexer.token()?;
        let done = token == Token::End;
        tokens.push(Lexed { token, span: Span::new(start, lexer.at) });
        if done {
            return Ok(tokens);
        }
    }
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = rest.get(..rest.find(|c| !keep(c)).unwrap_or(rest.len())).unwrap_or_default();
        self.skip(taken.len());
        taken
    }

    fn skip_blank(&mut self, hash_comments: bool) {
        loop {
            self.take_while(char::is_whitespace);
            let rest = self.rest();
            if rest.starts_with("//") || (hash_comments && rest.starts_with('#')) {
                self.take_while(|c| c != '\n');
            } else {
                return;
            }
        }
    }

    fn token(&mut self) -> Result<Token, Fault> {
        let Some(first) = self.peek() else { return Ok(Token::End) };
        if matches!(first, '"' | '\'') {
            return self.quoted(first, false);
        }
        if matches!(first, 'r' | 'R') {
            let quote = self.rest().chars().nth(1);
            if let Some(quote @ ('"' | '\'')) = quote {
                self.skip(1);
                return self.quoted(quote, true);
            }
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
            return Ok(Token::Name(name.to_owned()));
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        for sign in SIGNS {
            if self.rest().starts_with(sign) {
                self.skip(sign.len());
                return Ok(Token::Sign(sign));
            }
        }
        let span = Span::new(self.at, self.at.saturating_add(first.len_utf8()));
        let fault = Fault::new(span, format!("`{}` means nothing here", first.escape_debug()));
        Err(match first {
            '&' => fault.help("write `&&`"),
            '|' => fault.help("write `||`"),
            '\u{2018}'..='\u{201f}' => fault.help("write straight quotes: `\"`"),
            _ => fault,
        })
    }

    fn number(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        let digits = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        let span = Span::new(start, self.at);
        let fraction = self.rest().strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if fraction || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Fault::new(span, "only whole decimal numbers exist here"));
        }
        digits.parse().map(Token::Int).map_err(|_| Fault::new(span, "the number is too large for 64 bits"))
    }

    fn quoted(&mut self, quote: char, raw: bool) -> Result<Token, Fault> {
        let start = self.at;
        self.skip(1);
        let mut text = String::new();
        loop {
            let at = self.at;
            let Some(c) = self.peek().filter(|c| *c != '\n') else {
                let span = Span::new(start, start.saturating_add(1));
                return Err(
                    Fault::new(span, "this text does not end on its line").help(format!("close it with {quote}"))
                );
            };
            self.skip(c.len_utf8());
            if c == quote {
                return Ok(Token::Text(text));
            }
            if c != '\\' || raw {
                text.push(c);
                continue;
            }
            let escape = self.peek().unwrap_or('\n');
            self.skip(escape.len_utf8());
            let plain = match escape {
                'n' => Some('\n'),
                'r' => Some('\r'),
                't' => Some('\t'),
                '\\' | '"' | '\'' | '`' => Some(escape),
                'u' => {
                    let code = self.rest().get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                    self.skip(if code.is_some() { 4 } else { 0 });
                    code.and_then(char::from_u32)
                }
                _ => None,
            };
            match plain {
                Some(plain) => text.push(plain),
                None => {
                    let span = Span::new(at, self.at.min(self.text.len()));
                    return Err(Fault::new(span, "unknown escape in a text")
                        .help("known are \\n \\r \\t \\\\ \\\" \\' \\uXXXX; for patterns write r\"…\""));
                }
            }
        }
    }
}
