//! The search part of a query of Log Service, and whether it selects a log. Source: Log Service help, "Search syntax":
//! `key: value`, `and`, `or`, `not` (conditions beside each other are joined by `and`), brackets, `*` and `?` in a value.
//! What else the language has (ranges, comparisons, SPL) is not read: such a query selects nobody knows what.

use xiezhi_policy::Tri;
use xiezhi_policy::glob::wild;

/// A search, read.
#[derive(Debug, PartialEq)]
pub(super) enum Search {
    /// Every log.
    All,
    /// The key holds the value.
    Field {
        key: String,
        value: String,
        quoted: bool,
    },
    /// The value stands somewhere in the log.
    Word,
    Not(Box<Search>),
    And(Box<Search>, Box<Search>),
    Or(Box<Search>, Box<Search>),
}

/// What a log holds under a key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Held {
    /// This text.
    Text(&'static str),
    /// Some text that is not empty, nobody knows which.
    Something,
    /// Nothing.
    Nothing,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Open,
    Close,
    Colon,
    Word(String),
    Quoted(String),
}

/// How deep brackets are read.
const DEPTH: usize = 64;

/// How many words and signs a search may have: what is joined in one line nests as deep as it is long.
const TOKENS: usize = 4096;

/// Reads a query: its search part, when nothing behind the first `|` leaves logs out. None when it is not understood.
pub(super) fn parse(query: &str) -> Option<Search> {
    let (tokens, rest) = tokens(query)?;
    if rest.is_some_and(|rest| !keeps_all(rest)) {
        return None;
    }
    let mut reader = Reader { tokens: tokens.into_iter().peekable() };
    if reader.tokens.peek().is_none() {
        return Some(Search::All);
    }
    let search = reader.either(DEPTH)?;
    reader.tokens.next().is_none().then_some(search)
}

/// Cuts the search part into tokens; the text behind the first `|`.
fn tokens(text: &str) -> Option<(Vec<Token>, Option<&str>)> {
    let mut all = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if all.len() > TOKENS {
            return None;
        }
        let Some(first) = rest.chars().next() else { return Some((all, None)) };
        let behind = rest.get(first.len_utf8()..)?;
        rest = match first {
            '|' => return Some((all, Some(behind))),
            '(' => {
                all.push(Token::Open);
                behind
            }
            ')' => {
                all.push(Token::Close);
                behind
            }
            ':' => {
                all.push(Token::Colon);
                behind
            }
            '"' => {
                let (quoted, behind) = quoted(behind)?;
                all.push(Token::Quoted(quoted));
                behind
            }
            // Ranges, comparisons, other quotes.
            '[' | ']' | '>' | '<' | '=' | '!' | '\'' | ',' | '`' => return None,
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "()\":|[]><=!',`".contains(c)).unwrap_or(rest.len());
                let (word, behind) = rest.split_at_checked(end)?;
                all.push(Token::Word(word.to_owned()));
                behind
            }
        };
    }
}

fn quoted(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((_, c)) = chars.next() {
        match c {
            '"' => return Some((out, chars.as_str())),
            '\\' => out.push(chars.next()?.1),
            c => out.push(c),
        }
    }
    None
}

/// Whether an analysis of what was found (SQL) counts or lists all of it: one with a condition of its own may not.
fn keeps_all(sql: &str) -> bool {
    let lower = sql.to_ascii_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    let filters = ["where", "having", "join", "with", "case", "if", "union", "intersect", "except", "count_if"];
    let from = words.iter().zip(words.iter().skip(1)).all(|(word, next)| *word != "from" || *next == "log");
    words.first() == Some(&"select") && from && !words.iter().any(|word| filters.contains(word)) && !sql.contains('|')
}

struct Reader {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
}

fn is(token: Option<&Token>, word: &str) -> bool {
    matches!(token, Some(Token::Word(text)) if text.eq_ignore_ascii_case(word))
}

impl Reader {
    fn either(&mut self, depth: usize) -> Option<Search> {
        let mut left = self.both(depth)?;
        while is(self.tokens.peek(), "or") {
            self.tokens.next();
            left = Search::Or(Box::new(left), Box::new(self.both(depth)?));
        }
        Some(left)
    }

    fn both(&mut self, depth: usize) -> Option<Search> {
        let mut left = self.one(depth)?;
        loop {
            let next = self.tokens.peek();
            if next.is_none() || next == Some(&Token::Close) || is(next, "or") {
                return Some(left);
            }
            if is(next, "and") {
                self.tokens.next();
            }
            left = Search::And(Box::new(left), Box::new(self.one(depth)?));
        }
    }

    fn one(&mut self, depth: usize) -> Option<Search> {
        let depth = depth.checked_sub(1)?;
        let (text, quoted) = match self.tokens.next()? {
            Token::Open => {
                let inner = self.either(depth)?;
                return (self.tokens.next() == Some(Token::Close)).then_some(inner);
            }
            Token::Word(word) if word.eq_ignore_ascii_case("not") => {
                return Some(Search::Not(Box::new(self.one(depth)?)));
            }
            Token::Word(word) if ["and", "or", "in"].iter().any(|known| word.eq_ignore_ascii_case(known)) => {
                return None;
            }
            Token::Word(word) => (word, false),
            Token::Quoted(text) => (text, true),
            Token::Close | Token::Colon => return None,
        };
        if self.tokens.peek() == Some(&Token::Colon) {
            self.tokens.next();
            return match self.tokens.next()? {
                Token::Word(value) => Some(Search::Field { key: text, value, quoted: false }),
                Token::Quoted(value) => Some(Search::Field { key: text, value, quoted: true }),
                Token::Open | Token::Close | Token::Colon => None,
            };
        }
        Some(if text == "*" && !quoted { Search::All } else { Search::Word })
    }
}

impl Search {
    /// Whether the search selects a log: `held` says what it holds under a key, none when nobody knows. Cases do not
    /// count, as an index has it unless told otherwise (Log Service help, "Create indexes").
    pub(super) fn selects(&self, held: &impl Fn(&str) -> Option<Held>) -> Tri {
        match self {
            Search::All => Tri::Yes,
            Search::Word => Tri::Maybe,
            Search::Not(inner) => inner.selects(held).negate(),
            Search::And(left, right) => left.selects(held).and(right.selects(held)),
            Search::Or(left, right) => left.selects(held).or(right.selects(held)),
            Search::Field { key, value, quoted } => match held(key) {
                None => Tri::Maybe,
                Some(held) => field(value, *quoted, held),
            },
        }
    }
}

fn field(value: &str, quoted: bool, held: Held) -> Tri {
    let sure = |yes: bool| if yes { Tri::Yes } else { Tri::No };
    match held {
        Held::Nothing => sure(quoted && value.is_empty()),
        Held::Something if value.is_empty() => Tri::No,
        Held::Something if value == "*" && !quoted => Tri::Yes,
        Held::Something => Tri::Maybe,
        Held::Text(text) if value.eq_ignore_ascii_case(text) => Tri::Yes,
        // What signs mean inside quotes depends on how the index cuts words.
        Held::Text(_) if quoted && value.contains(['*', '?']) => Tri::Maybe,
        Held::Text(text) if value.contains(['*', '?']) => {
            sure(wild(&value.to_ascii_lowercase(), &text.to_ascii_lowercase()))
        }
        Held::Text(_) => Tri::No,
    }
}

/// Whether a condition of an alert holds when one log was found: an empty one does, `cnt > 0` does, a greater threshold
/// takes more than one. None when it is not understood.
pub(super) fn fires_on(condition: &str, burst: bool) -> Option<bool> {
    let text = condition.trim();
    if text.is_empty() {
        return Some(true);
    }
    let name = text.find(|c: char| !(c.is_ascii_alphanumeric() || "_$.".contains(c)))?;
    let (name, rest) = text.split_at_checked(name)?;
    let (sign, number) = rest.trim_start().split_once(|c: char| c.is_ascii_digit()).map(|(sign, _)| sign).map_or_else(
        || (rest.trim(), ""),
        |sign| (sign.trim(), rest.trim_start().get(sign.len()..).unwrap_or_default().trim()),
    );
    let number: u64 = number.parse().ok()?;
    if name.is_empty() {
        return None;
    }
    match sign {
        ">" if number == 0 => Some(true),
        ">=" if number <= 1 => Some(true),
        ">" | ">=" if burst => Some(true),
        _ => None,
    }
}
