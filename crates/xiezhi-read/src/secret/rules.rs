//! The rules over plain text.

use super::{Credential, Hit};

/// A fixed beginning that only credentials have.
struct Prefix {
    text: &'static str,
    kind: Credential,
    /// How many more characters must follow at least.
    least: usize,
    /// Which characters belong to it.
    body: fn(u8) -> bool,
}

fn alnum(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-')
}

const fn prefix(text: &'static str, kind: Credential, least: usize, body: fn(u8) -> bool) -> Prefix {
    Prefix { text, kind, least, body }
}

/// Sources: Alibaba Cloud help "AccessKey" (ids begin with LTAI; temporary ones with `STS.` or `TMP.`), and each
/// vendor's public description of its token formats.
const PREFIXES: &[Prefix] = &[
    prefix("LTAI", Credential::AccessKeyId, 8, alnum),
    prefix("STS.", Credential::AccessKeyId, 12, alnum),
    prefix("TMP.", Credential::AccessKeyId, 12, alnum),
    prefix("CAIS", Credential::Token, 60, base64),
    prefix("AKIA", Credential::AccessKeyId, 16, alnum),
    prefix("ASIA", Credential::AccessKeyId, 16, alnum),
    prefix("AKID", Credential::AccessKeyId, 28, alnum),
    prefix("AIza", Credential::Token, 35, word),
    prefix("ghp_", Credential::Token, 30, alnum),
    prefix("gho_", Credential::Token, 30, alnum),
    prefix("ghu_", Credential::Token, 30, alnum),
    prefix("ghs_", Credential::Token, 30, alnum),
    prefix("ghr_", Credential::Token, 30, alnum),
    prefix("github_pat_", Credential::Token, 30, word),
    prefix("glpat-", Credential::Token, 20, word),
    prefix("npm_", Credential::Token, 30, alnum),
    prefix("pypi-", Credential::Token, 40, word),
    prefix("sk-", Credential::Token, 24, word),
    prefix("hf_", Credential::Token, 30, alnum),
    prefix("xoxb-", Credential::Token, 16, word),
    prefix("xoxp-", Credential::Token, 16, word),
    prefix("xoxa-", Credential::Token, 16, word),
    prefix("dckr_pat_", Credential::Token, 20, word),
    prefix("hvs.", Credential::Token, 20, word),
];

/// Words right before a value that is a credential, without separators and in lower case, longest first.
const WORDS: &[(&str, Credential)] = &[
    ("accesskeysecret", Credential::AccessKeySecret),
    ("secretaccesskey", Credential::AccessKeySecret),
    ("accesskeyid", Credential::AccessKeyId),
    ("securitytoken", Credential::Token),
    ("sessiontoken", Credential::Token),
    ("privatekey", Credential::PrivateKey),
    ("clientsecret", Credential::Token),
    ("accesstoken", Credential::Token),
    ("refreshtoken", Credential::Token),
    ("accesskey", Credential::AccessKeySecret),
    ("secretkey", Credential::AccessKeySecret),
    ("passphrase", Credential::Password),
    ("password", Credential::Password),
    ("passwort", Credential::Password),
    ("ststoken", Credential::Token),
    ("apikey", Credential::Token),
    ("passwd", Credential::Password),
    ("secret", Credential::AccessKeySecret),
    ("token", Credential::Token),
    ("密码", Credential::Password),
    ("口令", Credential::Password),
    ("pwd", Credential::Password),
];

pub(super) fn plain(text: &str) -> Vec<Hit> {
    let mut hits = vec![];
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let back = |steps: usize| at.checked_sub(steps).and_then(|left| bytes.get(left)).copied();
        // The letter of `\\n` in a text inside a text is no part of a word.
        let left = if back(2) == Some(b'\\') { None } else { back(1) };
        if matches!(byte, b'L' | b'S' | b'T' | b'C' | b'A' | b'g' | b'n' | b'p' | b's' | b'h' | b'x' | b'd' | b'e')
            && !left.is_some_and(alnum)
        {
            hits.extend(prefixed(bytes, at));
            hits.extend(web_token(bytes, at));
        }
        match byte {
            b'-' if starts(bytes, at, "-----BEGIN ") => hits.extend(key_block(text, at)),
            b':' if starts(bytes, at, "://") => hits.extend(url_password(bytes, at)),
            b'=' | b':' => hits.extend(behind_word(text, at)),
            b'B' | b'b' => hits.extend(authorization(bytes, at)),
            _ => {}
        }
    }
    hits.extend(arguments(text));
    hits
}

fn starts(bytes: &[u8], at: usize, what: &str) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(what.as_bytes()))
}

/// One past the last byte from `from` on for which `keep` holds.
fn run_end(bytes: &[u8], from: usize, keep: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from.saturating_add(rest.iter().position(|&byte| !keep(byte)).unwrap_or(rest.len()))
}

fn prefixed(bytes: &[u8], at: usize) -> Option<Hit> {
    PREFIXES.iter().filter(|prefix| starts(bytes, at, prefix.text)).find_map(|prefix| {
        let body = at.saturating_add(prefix.text.len());
        let end = run_end(bytes, body, prefix.body);
        let rest = bytes.get(body..end).unwrap_or_default();
        // `sk-` and the like also begin ordinary hyphenated names; a token has digits.
        let digits = rest.iter().any(u8::is_ascii_digit);
        (rest.len() >= prefix.least && digits).then_some(Hit { start: at, end, kind: prefix.kind })
    })
}

/// A JSON web token: three base64url parts, the first two of which begin with `{"`.
fn web_token(bytes: &[u8], at: usize) -> Option<Hit> {
    if !starts(bytes, at, "eyJ") {
        return None;
    }
    let first = run_end(bytes, at, word);
    let second_at = first.saturating_add(1);
    if bytes.get(first) != Some(&b'.') || !starts(bytes, second_at, "eyJ") {
        return None;
    }
    let second = run_end(bytes, second_at, word);
    let end = if bytes.get(second) == Some(&b'.') { run_end(bytes, second.saturating_add(1), word) } else { second };
    Some(Hit { start: at, end, kind: Credential::Token })
}

/// A private key block; to its end line, or to the end of the text when that is missing.
fn key_block(text: &str, at: usize) -> Option<Hit> {
    let rest = text.get(at..)?;
    let header_end = rest.get(11..)?.find("-----")?.saturating_add(11);
    let header = rest.get(..header_end)?;
    if header.len() > 60 || !header.contains("PRIVATE KEY") {
        return None;
    }
    let end = match rest.find("-----END ") {
        Some(from) => {
            let tail = from.saturating_add(9);
            let close = rest.get(tail..).and_then(|tail| tail.find("-----"));
            close.map_or(rest.len(), |close| tail.saturating_add(close).saturating_add(5))
        }
        None => rest.len(),
    };
    Some(Hit { start: at, end: at.saturating_add(end), kind: Credential::PrivateKey })
}

/// `scheme://user:password@host`: the password.
fn url_password(bytes: &[u8], at: usize) -> Option<Hit> {
    let user_at = at.saturating_add(3);
    let stop = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'' | b'<' | b'>' | b'?' | b'#');
    let colon = run_end(bytes, user_at, |byte| !stop(byte) && byte != b':' && byte != b'@');
    if bytes.get(colon) != Some(&b':') {
        return None;
    }
    let start = colon.saturating_add(1);
    let authority = run_end(bytes, start, |byte| !stop(byte));
    let at_sign = bytes.get(start..authority)?.iter().rposition(|&byte| byte == b'@')?;
    let end = start.saturating_add(at_sign);
    let value = bytes.get(start..end)?;
    (!value.is_empty() && !is_placeholder(value)).then_some(Hit { start, end, kind: Credential::Password })
}

/// `Bearer …` and `Basic …`: the token.
fn authorization(bytes: &[u8], at: usize) -> Option<Hit> {
    let scheme = ["Bearer ", "bearer ", "Basic ", "basic "].iter().find(|scheme| starts(bytes, at, scheme))?;
    let start = at.saturating_add(scheme.len());
    let end = run_end(bytes, start, |byte| base64(byte) || byte == b'.' || byte == b'~');
    let value = bytes.get(start..end)?;
    let mixed = value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic);
    (value.len() >= 12 && (mixed || value.ends_with(b"="))).then_some(Hit { start, end, kind: Credential::Token })
}

/// `word = value`, `"word": "value"` and their kin; `at` is the place of `=` or `:`.
fn behind_word(text: &str, at: usize) -> Option<Hit> {
    let kind = word_before(text.get(..at)?)?;
    let bytes = text.as_bytes();
    let mut start = at.saturating_add(1);
    // `:=`, `=>`, `==`, and `\"` inside JSON that was put into a text.
    start = run_end(bytes, start, |byte| matches!(byte, b'=' | b'>' | b' ' | b'\t' | b'\\'));
    let quote = bytes.get(start).copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    if quote.is_some() {
        start = start.saturating_add(1);
    }
    let end = match quote {
        Some(quote) => run_end(bytes, start, |byte| byte != quote && byte != b'\\' && byte != b'\n'),
        None => run_end(bytes, start, |byte| {
            !byte.is_ascii_whitespace()
                && !matches!(byte, b',' | b';' | b'&' | b'"' | b'\'' | b'}' | b')' | b']' | b'\\' | b'<')
        }),
    };
    let value = bytes.get(start..end)?;
    let digit = value.iter().any(u8::is_ascii_digit);
    let letter = value.iter().any(u8::is_ascii_alphabetic);
    let sign =
        value.iter().any(|byte| byte.is_ascii_punctuation() && !matches!(byte, b'-' | b'_' | b'.' | b':' | b'/'));
    let spaced = value.contains(&b' ');
    let assigned = bytes.get(at) == Some(&b'=') || quote.is_some();
    let likely = match kind {
        // `Token: expired`, `secret: rotation is off` are prose; `AccessKeyId` has its own prefix rule.
        _ if spaced || is_placeholder(value) => false,
        Credential::Password => value.len() >= 6 && ((digit || sign) && letter || (assigned && value.len() >= 8)),
        _ => value.len() >= 12 && digit && letter,
    };
    (likely && text.is_char_boundary(start) && text.is_char_boundary(end)).then_some(Hit { start, end, kind })
}

/// The credential that the word right before a separator announces.
fn word_before(before: &str) -> Option<Credential> {
    // Newest character first, without quotes and separators; enough for the longest word.
    let mut tail = String::new();
    let mut gap = true;
    for char in before.chars().rev().take(48) {
        match char {
            '"' | '\'' | '`' | ' ' | '\t' | '\\' | ']' if gap => {}
            '_' | '-' | '.' => gap = false,
            _ if char.is_alphanumeric() => {
                gap = false;
                tail.push(char.to_ascii_lowercase());
            }
            _ => break,
        }
        if tail.len() > 24 {
            break;
        }
    }
    let word: String = tail.chars().rev().collect();
    // `token_count`, `password_policy` and the like end in another word, so only the end counts.
    WORDS.iter().find(|(name, _)| word.ends_with(name)).map(|(_, kind)| *kind)
}

/// `--password value`, `-p value` of well-known clients, `chpasswd` lines.
fn arguments(text: &str) -> Vec<Hit> {
    let mut hits = vec![];
    for name in
        ["--password ", "--passwd ", "--token ", "--access-key-secret ", "--secret ", "--sts-token ", "requirepass "]
    {
        let mut from = 0_usize;
        while let Some(found) = text.get(from..).and_then(|rest| rest.find(name)) {
            let mut start = from.saturating_add(found).saturating_add(name.len());
            let bytes = text.as_bytes();
            start = run_end(bytes, start, |byte| matches!(byte, b'"' | b'\'' | b' '));
            let end = run_end(bytes, start, |byte| !byte.is_ascii_whitespace() && byte != b'"' && byte != b'\'');
            let value = bytes.get(start..end).unwrap_or_default();
            if value.len() >= 6 && !value.starts_with(b"-") && !is_placeholder(value) {
                hits.push(Hit { start, end, kind: Credential::Password });
            }
            from = end.max(from.saturating_add(found).saturating_add(name.len()));
        }
    }
    if let Some(piped) = text.find("chpasswd") {
        let line_start = text.get(..piped).and_then(|before| before.rfind('\n')).map_or(0, |at| at.saturating_add(1));
        let bytes = text.as_bytes();
        let line = text.get(line_start..piped).unwrap_or_default();
        if let Some(colon) = line.find(':') {
            let start = line_start.saturating_add(colon).saturating_add(1);
            let end = run_end(bytes, start, |byte| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'|'));
            let value = bytes.get(start..end).unwrap_or_default();
            if value.len() >= 4 && !is_placeholder(value) {
                hits.push(Hit { start, end, kind: Credential::Password });
            }
        }
    }
    hits
}

/// A reference, a template or what a mask left: nothing to hide.
fn is_placeholder(value: &[u8]) -> bool {
    let text = String::from_utf8_lossy(value);
    let head = text.trim_start_matches(['"', '\'']);
    head.starts_with(['$', '<', '{', '%', '*', '('])
        || text.contains("***")
        || text.contains("${")
        || head.starts_with("ref+")
        || head.starts_with("var.")
        || head.starts_with("data.")
        || head.starts_with("local.")
        || head.starts_with("acs:")
        || head.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'.'))
}
