//! Files as they are opened: within the limits, unpacked, and as text.

use std::borrow::Cow;
use std::io::Read as _;

use rayon::prelude::*;
use xiezhi_model::{Label, Problem, ProblemKind};

use super::{Options, problem};
use crate::api::name;
use crate::input::text_of;
use crate::walk::Found;
use crate::xml;

/// A file with its content.
pub(super) struct Loaded {
    pub(super) shown: String,
    pub(super) root: String,
    pub(super) given: bool,
    pub(super) label: Label,
    pub(super) bytes: Vec<u8>,
    /// The root element, when it was XML.
    pub(super) root_element: Option<String>,
}

/// Opens the files that may be evidence, by their extension; what was given by name is always opened.
pub(super) fn load(files: Vec<Found>, options: &Options, problems: &mut Vec<Problem>) -> Vec<Loaded> {
    let mut total = 0_u64;
    let mut wanted = vec![];
    for file in files {
        if !file.given && !may_be_evidence(&file.shown) {
            continue;
        }
        total = total.saturating_add(file.size);
        if file.size > options.max_file || total > options.max_total {
            total = total.saturating_sub(file.size);
            let detail = format!(
                "{} bytes; the limits are {} for a file and {} in all",
                file.size, options.max_file, options.max_total
            );
            problems.push(problem(&file.shown, 0, ProblemKind::TooLarge, detail));
            continue;
        }
        wanted.push(file);
    }
    let read: Vec<Result<Loaded, Problem>> = wanted
        .into_par_iter()
        .map(|file| match std::fs::read(&file.path) {
            Ok(bytes) => {
                let label = Label::UserProvided;
                Ok(Loaded { shown: file.shown, root: file.root, given: file.given, label, bytes, root_element: None })
            }
            Err(error) => Err(problem(&file.shown, 0, ProblemKind::Unreadable, error.kind().to_string())),
        })
        .collect();
    let mut loaded = vec![];
    for result in read {
        match result {
            Ok(file) => loaded.push(file),
            Err(problem) => problems.push(problem),
        }
    }
    loaded
}

/// Opens what is compressed with gzip, within the limits: one after the other, so that the same files stay out whatever
/// else is done at once.
pub(super) fn unpack(loaded: &mut Vec<Loaded>, options: &Options, problems: &mut Vec<Problem>) {
    let mut left = options.max_total;
    loaded.retain_mut(|file| {
        if !file.bytes.starts_with(b"\x1f\x8b") {
            return true;
        }
        let most = options.max_file.min(left);
        let mut bytes = vec![];
        let read = flate2::read::MultiGzDecoder::new(file.bytes.as_slice())
            .take(most.saturating_add(1))
            .read_to_end(&mut bytes);
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let broken = match read {
            Err(error) => Some((ProblemKind::Unreadable, format!("damaged gzip data: {error}"))),
            Ok(_) if size > most => {
                Some((ProblemKind::TooLarge, format!("more than {most} bytes when it is unpacked, which is the limit")))
            }
            Ok(_) => None,
        };
        left = left.saturating_sub(size);
        file.bytes = bytes;
        let fine = broken.is_none();
        problems.extend(broken.map(|(kind, detail)| problem(&file.shown, 0, kind, detail)));
        fine
    });
}

/// Turns an XML answer into JSON; what is no XML stays as it is.
pub(super) fn from_xml(file: &mut Loaded) -> Option<Problem> {
    let start = file.bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
    if start != Some(&b'<') {
        return None;
    }
    let named = name::call_of(&file.shown).is_some();
    let read = xml::read(&text(&file.bytes)?);
    match read {
        // Other tools write XML too: only what may be an answer is taken.
        Ok(document) if named || xml::call_of(&document.root).is_some() => {
            file.bytes = document.json.into_bytes();
            file.root_element = Some(document.root);
            None
        }
        Err((line, detail)) if named => Some(problem(&file.shown, line, ProblemKind::NotRecognised, detail)),
        _ => None,
    }
}

/// Turns what the collector of another tool wrote into a bundle of the calls that it was made of. A file that names a
/// call is that call's answer.
pub(super) fn from_collector(file: &mut Loaded) {
    /// One asset is small.
    const LARGEST_ASSET: usize = 1 << 20;
    if extension(&file.shown) != "json" || name::call_of(&file.shown).is_some() {
        return;
    }
    let Some(text) = text(&file.bytes) else { return };
    let asset =
        || Some(&text).filter(|text| text.len() <= LARGEST_ASSET).and_then(|text| crate::cloudrec::bundle(text));
    if let Some(bundle) = crate::cloudsploit::bundle(&text).or_else(asset) {
        file.bytes = bundle.into_bytes();
    }
}

pub(super) fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Extensions of evidence, and of configuration that is reported as not obeyed.
fn may_be_evidence(path: &str) -> bool {
    let extension = extension(path).to_ascii_lowercase();
    let known = [
        "json", "ndjson", "jsonl", "tf", "tfvars", "tfstate", "yaml", "yml", "toml", "template", "xml", "tpl", "tftpl",
    ];
    let plan = path.ends_with("tfplan") || path.ends_with(".plan");
    let printed = extension == "txt" && name::call_of(path).is_some();
    known.contains(&extension.as_str())
        || plan
        || printed
        || (extension.is_empty() && name::call_of(path).is_some())
        || in_checks(path)
}

/// A check file: Markdown in a folder `checks`.
pub(super) fn in_checks(path: &str) -> bool {
    extension(path) == "md" && path.split('/').rev().skip(1).any(|folder| folder == "checks")
}

/// The content as text: UTF-8, or UTF-16 with a byte-order mark (a redirect in PowerShell writes that).
pub(super) fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit).collect();
        String::from_utf16(&units).ok().map(Cow::Owned)
    };
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return wide(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return wide(rest, u16::from_be_bytes);
    }
    text_of(bytes).ok().map(Cow::Borrowed)
}
