//! Wildcard patterns: `*` matches any run of characters, the empty one included, `?` exactly one.
//!
//! This is the plain matcher of one pattern against one text. The joint automaton over many patterns is in `symbolic`, on purpose
//! without any code in common: each is the other's test.

/// A pattern with its shape worked out once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Glob {
    text: String,
    folded: String,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Shape {
    Any,
    Exact,
    Prefix,
    Wild,
}

impl Glob {
    /// Prepares a pattern.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let shape = if text == "*" {
            Shape::Any
        } else if !text.contains(['*', '?']) {
            Shape::Exact
        } else if text.strip_suffix('*').is_some_and(|head| !head.contains(['*', '?'])) {
            Shape::Prefix
        } else {
            Shape::Wild
        };
        Glob { text: text.to_owned(), folded: text.to_ascii_lowercase(), shape }
    }

    /// The pattern as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The pattern in lower case (ASCII).
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether the pattern is the lone `*`.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.shape == Shape::Any
    }

    /// Whether the pattern has no wildcard.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.shape == Shape::Exact
    }

    /// Exact-case match over the whole text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        fits(self.shape, &self.text, text)
    }

    /// Match over a text that is already in lower case.
    #[must_use]
    pub fn matches_folded(&self, lower: &str) -> bool {
        fits(self.shape, &self.folded, lower)
    }
}

fn fits(shape: Shape, pattern: &str, text: &str) -> bool {
    match shape {
        Shape::Any => true,
        Shape::Exact => pattern == text,
        Shape::Prefix => pattern.strip_suffix('*').is_some_and(|head| text.starts_with(head)),
        Shape::Wild => wild(pattern, text),
    }
}

/// Whether `pattern` matches the whole of `text`: the classic two-pointer walk that goes back to the last `*` only,
/// at most `pattern.len() * text.len()` steps.
#[must_use]
pub fn wild(pattern: &str, text: &str) -> bool {
    let (mut p, mut t) = (pattern.chars(), text.chars());
    let mut back: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let (before_p, before_t) = (p.clone(), t.clone());
        match (p.next(), t.next()) {
            (Some('*'), _) => {
                t = before_t;
                back = Some((p.clone(), t.clone()));
                continue;
            }
            (None, None) => return true,
            (Some('?'), Some(_)) => continue,
            (Some(a), Some(b)) if a == b => continue,
            _ => drop(before_p),
        }
        // Mismatch: let the last `*` swallow one more character.
        match back.take() {
            Some((after_star, mut swallowed)) => {
                if swallowed.next().is_none() {
                    return false;
                }
                p = after_star.clone();
                t = swallowed.clone();
                back = Some((after_star, swallowed));
            }
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow(pattern: &[char], text: &[char]) -> bool {
        match (pattern.first(), text.first()) {
            (None, None) => true,
            (Some('*'), None) => slow(&pattern[1..], text),
            (Some('*'), Some(_)) => slow(&pattern[1..], text) || slow(pattern, &text[1..]),
            (Some('?'), Some(_)) => slow(&pattern[1..], &text[1..]),
            (Some(a), Some(b)) => a == b && slow(&pattern[1..], &text[1..]),
            _ => false,
        }
    }

    #[test]
    fn agrees_with_the_recursive_definition_on_every_short_word() {
        let words = |alphabet: &[char], longest: usize| {
            let mut all = vec![Vec::new()];
            let mut last = all.clone();
            for _ in 0..longest {
                last = last
                    .iter()
                    .flat_map(|w: &Vec<char>| alphabet.iter().map(|c| [w.as_slice(), &[*c]].concat()))
                    .collect();
                all.extend(last.clone());
            }
            all
        };
        let texts = words(&['a', 'b', ':'], 4);
        let mut yes = 0;
        for pattern in words(&['a', 'b', '*', '?'], 4) {
            let glob = Glob::new(&pattern.iter().collect::<String>());
            for text in &texts {
                let want = slow(&pattern, text);
                yes += usize::from(want);
                assert_eq!(glob.matches(&text.iter().collect::<String>()), want, "{pattern:?} {text:?}");
            }
        }
        assert!(yes > 1_000);
    }

    #[test]
    fn a_question_mark_takes_one_character_not_one_byte() {
        assert!(Glob::new("文?").matches("文件"));
        assert!(!Glob::new("文?").matches("文"));
    }
}
