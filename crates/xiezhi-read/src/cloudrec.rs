//! Asset documents of CloudRec's collector: one asset, and beside it what the detail calls said of it.
//!
//! Source: CloudRec, collector for Alibaba Cloud (its `*Detail` structs name the response type of each member). A member
//! that is `null`, or a structure of which nothing was filled in, says that the call failed or that there was nothing, and
//! nobody can tell which: it says nothing here. A document becomes a bundle of the calls that it was made of, each on the
//! line on which its member stood. None of them is a listing: one asset is not all there is.
//!
//! What stands in one document belongs together, also where nothing repeats the asset's id. An asset whose document does
//! not name it gets an id that only this text has (`unnamed-…`), so that its parts meet and no other document's do.

mod asset;
mod compute;
mod data;
mod identity;
mod network;
mod place;
mod security;

use std::fmt::Write as _;

use self::asset::{Asset, Form, Part};
use self::place::{is_void, places, renamed, set};
use crate::bundle;
use crate::json::Raw;

/// The assets that are understood. The first that fits is meant; the least marked ones stand last.
const ASSETS: &[&[Asset]] = &[compute::ASSETS, identity::ASSETS, data::ASSETS, network::ASSETS, security::ASSETS];

/// The bundle that an asset document stands for; `None` when the text is none that is understood.
pub(crate) fn bundle(text: &str) -> Option<String> {
    let whole = Raw::whole(text);
    let entries = whole.entries();
    // Nothing is an asset that does not start with a member of its kind.
    let leads = |mark: &str| {
        let top = mark.split(['.', '[']).next().unwrap_or_default();
        entries.get(top).is_some() && !places(whole, mark).is_empty()
    };
    let known = |mark: &&str| match mark.strip_prefix('!') {
        Some(mark) => !leads(mark),
        None => mark.split('|').any(leads),
    };
    let asset = ASSETS.iter().flat_map(|assets| assets.iter()).find(|asset| asset.known_by.iter().all(known))?;
    if entries.error.is_some() {
        return None;
    }
    let mut answers = Vec::new();
    Document { whole, text, params: Vec::new() }.answer(asset, &mut answers);
    answers.sort_by_key(|(at, _)| *at);
    let mut out = format!(r#"{{"format":"{}","manifest":{{"tool":"CloudRec"}}}}"#, bundle::FORMAT);
    let mut line = 1_u32;
    for (at, answer) in answers {
        // The answer stands on the line on which it stood.
        while line < at {
            out.push('\n');
            line = line.saturating_add(1);
        }
        out.push_str(&answer);
        let breaks = answer.bytes().filter(|byte| *byte == b'\n').count();
        line = line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
    }
    Some(out)
}

/// An asset, or an asset inside another.
struct Document<'a> {
    whole: Raw<'a>,
    /// The text of the file.
    text: &'a str,
    /// The parameters by which its calls are asked, as names and JSON.
    params: Vec<(&'static str, String)>,
}

impl Document<'_> {
    /// The calls that the asset was made of, each with the line that it stood on.
    fn answer(mut self, asset: &Asset, out: &mut Vec<(u32, String)>) {
        let id = serde_json::Value::String(self.id(asset)).to_string();
        if !asset.param.is_empty() {
            self.params.push((asset.param, id.clone()));
        }
        for part in asset.parts {
            let owner = if !asset.id.1.is_empty() && part.from == asset.id.0 { asset.id.1 } else { part.owner };
            for (value, at) in self.values(part, owner) {
                let value = if part.renamed.is_empty() { value } else { renamed(&value, part.renamed) };
                let named = if owner.is_empty() { value } else { set(&value, owner, &id) };
                out.push((at, self.call(part, &named)));
            }
        }
        for (path, inner) in asset.inside {
            for whole in places(self.whole, path) {
                Document { whole, text: self.text, params: self.params.clone() }.answer(inner, out);
            }
        }
    }

    /// The asset's id: as it or a member that must belong to it names it, or one that only this place of this text has.
    fn id(&self, asset: &Asset) -> String {
        let (member, key) = asset.id;
        if key.is_empty() {
            return String::new();
        }
        let owned = asset.parts.iter().filter(|part| !part.owner.is_empty()).map(|part| (part.from, part.owner));
        std::iter::once((member, key))
            .chain(owned)
            .flat_map(|(path, key)| places(self.whole, path).into_iter().filter_map(move |raw| place::plain(raw, key)))
            .next()
            .unwrap_or_else(|| unnamed(self.text, self.whole))
    }

    /// The answers that a part is, each with the line that it stood on; none for what says nothing.
    fn values(&self, part: &Part, owner: &str) -> Vec<(String, u32)> {
        let found = places(self.whole, part.from);
        match part.form {
            Form::List => {
                let Some(first) = found.first() else { return self.empty(part) };
                // A place that is empty would be lost, and the list taken for whole.
                let missing =
                    found.len() < place::wanted(self.whole, part.from) || found.iter().any(|raw| is_void(*raw, owner));
                let texts: Vec<&str> = found.iter().map(|raw| raw.text.trim()).collect();
                match (missing, texts.as_slice()) {
                    (true, _) => Vec::new(),
                    (false, [list]) if list.starts_with('[') => vec![((*list).to_owned(), first.line)],
                    (false, texts) => vec![(format!("[{}]", texts.join(",")), first.line)],
                }
            }
            form => {
                let said = found.into_iter().filter(|raw| !is_void(*raw, owner)).filter(|raw| match form {
                    Form::When(other) => self.whole.entries().plain(other).as_deref() == Some("true"),
                    // An answer is an object: a bare word is none.
                    Form::Whole if part.at.is_empty() => raw.first() == Some(b'{'),
                    _ => true,
                });
                let as_member = |raw: Raw<'_>| match raw.first() {
                    Some(b'[') => raw.text.to_owned(),
                    _ => format!("[{}]", raw.text),
                };
                said.map(|raw| (if form == Form::Member { as_member(raw) } else { raw.text.to_owned() }, raw.line))
                    .collect()
            }
        }
    }

    /// The empty list that a part is; nothing where it is no list, or has members whose places are empty.
    fn empty(&self, part: &Part) -> Vec<(String, u32)> {
        let top = places(self.whole, part.from.split(['.', '[']).next().unwrap_or_default());
        let list = top.into_iter().find(|raw| raw.first() == Some(b'['));
        let nothing = place::wanted(self.whole, part.from) == 0;
        list.filter(|_| nothing).map(|raw| ("[]".to_owned(), raw.line)).into_iter().collect()
    }

    /// One call of the bundle.
    fn call(&self, part: &Part, value: &str) -> String {
        let (product, action) = part.call.split_once(':').unwrap_or((part.call, ""));
        let mut out = format!(r#"{{"product":"{product}","action":"{action}","#);
        if let Some(region) = place::plain(Raw::whole(self.text), "RegionId") {
            let _ = write!(out, r#""region":{},"#, serde_json::Value::from(region));
        }
        let mut params = self.params.clone();
        params.extend(part.with.iter().filter_map(|(name, of)| {
            let Some(path) = of.strip_prefix('{').and_then(|of| of.strip_suffix('}')) else {
                return Some((*name, serde_json::Value::from(*of).to_string()));
            };
            let beside = || places(self.whole, path).into_iter().next();
            let here = places(Raw::whole(value), path).into_iter().next().or_else(beside)?;
            Some((*name, serde_json::Value::from(here.plain()?.as_ref()).to_string()))
        }));
        if !params.is_empty() {
            let params: Vec<String> = params.iter().map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
            let _ = write!(out, r#""params":{{{}}},"#, params.join(","));
        }
        let path: Vec<&str> = part.at.split('.').filter(|key| !key.is_empty()).collect();
        let open: String = path.iter().map(|key| format!(r#"{{"{key}":"#)).collect();
        let _ = write!(out, r#""answer":{open}{value}{}}}"#, "}".repeat(path.len()));
        out
    }
}

/// An id for an asset that its document does not name: the same for the same text, and for no other.
///
/// FNV-1a over the text and the place in it: the id must not change with the compiler.
fn unnamed(text: &str, place: Raw<'_>) -> String {
    let start = (place.text.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    let bytes = text.bytes().chain(start.to_le_bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("unnamed-{hash:016x}")
}

#[cfg(test)]
mod tests;
