//! What looks like a credential, and how it is kept out of every output.
//!
//! Adapters ask [`contains_credential`] of user data, environments and the like and keep only the answer; every text
//! that leaves the program goes through [`mask`]. Texts are also looked at as base64, hex and percent-encoding of
//! text, two layers deep. The rules are short on purpose: a fixed prefix that nothing else uses, a key block, or a
//! word such as `password` right before a value that could be one.

mod decode;
mod rules;

use std::borrow::Cow;

pub(crate) use decode::unbase64;

/// What a found credential is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Credential {
    /// The id of an AccessKey, Alibaba Cloud's or another cloud's.
    AccessKeyId,
    /// The secret half of an AccessKey.
    AccessKeySecret,
    /// A session, bearer, API or personal token.
    Token,
    /// A private key block.
    PrivateKey,
    /// A password: in a URL, or behind a word that says so.
    Password,
}

/// A found credential: the bytes of the text that show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: Credential,
}

/// How many layers of encoding are looked through.
const LAYERS: u32 = 2;

/// What takes the place of a credential in outputs. Starts with three asterisks, which readers take as redacted.
pub const MASK: &str = "***";

/// Every credential in a text, in order and without overlaps.
pub fn find(text: &str) -> Vec<Hit> {
    find_through(text, LAYERS)
}

fn find_through(text: &str, layers: u32) -> Vec<Hit> {
    if text.len() < 8 {
        return vec![];
    }
    let mut hits = rules::plain(text);
    if let Some(deeper) = layers.checked_sub(1) {
        for (start, end, decoded) in decode::encoded_runs(text) {
            if let Some(first) = find_through(&decoded, deeper).first() {
                hits.push(Hit { start, end, kind: first.kind });
            }
        }
    }
    hits.sort_unstable();
    let mut apart: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match apart.last_mut() {
            Some(last) if hit.start < last.end => last.end = last.end.max(hit.end),
            _ => apart.push(hit),
        }
    }
    apart
}

/// Whether a text holds something that looks like a credential.
pub fn contains_credential(text: &str) -> bool {
    !find(text).is_empty()
}

/// The text with every credential replaced by [`MASK`]. Masking twice changes nothing more.
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut hits = find(text);
    if hits.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut current = text.to_owned();
    // What stands between two masked places may only now read as a credential; a few rounds settle it.
    for _ in 0..4 {
        let mut out = String::with_capacity(current.len());
        let mut at = 0;
        for hit in &hits {
            out.push_str(current.get(at..hit.start).unwrap_or_default());
            out.push_str(MASK);
            at = hit.end;
        }
        out.push_str(current.get(at..).unwrap_or_default());
        hits = find(&out);
        if hits.is_empty() {
            return Cow::Owned(out);
        }
        current = out;
    }
    Cow::Borrowed(MASK)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
