//! Text from evidence, made safe to show: nothing invisible acts on a terminal, nothing secret leaves.

use std::borrow::Cow;

/// Whether a character acts instead of showing: control characters, and the marks that reorder text
/// (U+202A–202E, U+2066–2069). Source: threat register R9.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}')
}

/// Shows characters that act as visible escapes, masks what looks like a credential and shortens what is very long.
pub fn visible(text: &str) -> Cow<'_, str> {
    let masked = xiezhi_read::secret::mask(text);
    if !masked.chars().any(acts) && masked.chars().count() <= LONGEST {
        return masked;
    }
    let mut out = String::with_capacity(masked.len());
    for (at, c) in masked.chars().enumerate() {
        if at >= LONGEST {
            out.push('…');
            break;
        }
        if acts(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// The longest text from evidence that a report shows, in characters.
const LONGEST: usize = 400;

/// As [`visible`], and with what Markdown would act on escaped: the text stands there as it is.
pub fn markdown(text: &str) -> String {
    escaped(&visible(text))
}

/// Text whose parts from evidence are [`visible`] already, with what Markdown would act on escaped. Masked once more, a
/// title that ends in `AccessKey:` would take the name behind it for a secret.
pub fn escaped(shown: &str) -> String {
    let mut out = String::with_capacity(shown.len());
    for c in shown.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '~' | '&' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    // Commands that CI systems obey when a log line begins with them.
    out.replace("::", ":\u{200b}:").replace("##vso", "#\u{200b}#vso")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_shown_as_an_escape() {
        for c in ('\u{0}'..'\u{20}').chain('\u{7f}'..'\u{a0}').chain(['\u{202e}', '\u{2066}', '\u{1b}']) {
            let shown = visible(&format!("a{c}b")).into_owned();
            assert!(!shown.contains(c), "{c:?}");
            assert!(shown.contains("\\u{"), "{shown}");
        }
        assert_eq!(visible("獬豸 ok"), "獬豸 ok");
    }

    #[test]
    fn long_text_is_shortened_and_says_so() {
        let shown = visible(&"x".repeat(10_000)).into_owned();
        assert_eq!(shown.chars().count(), LONGEST + 1);
        assert!(shown.ends_with('…'));
    }

    #[test]
    fn markdown_from_evidence_does_not_act() {
        assert_eq!(markdown("[x](y) `z` <b>"), "\\[x\\](y) \\`z\\` \\<b\\>");
        assert!(!markdown("::set-env name=x").contains("::"));
    }
}
