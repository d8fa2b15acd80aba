//! The bundle `xiezhi-evidence/1`: every call of a collection in one file, with what was refused. See
//! `docs/evidence.md`.
//!
//! Either one JSON object (`format`, `manifest`, `calls`), or NDJSON: the first line holds `format` and `manifest`,
//! every further line is one call. A bundle that ends too early is read up to its last complete call.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;
use xiezhi_model::{Label, Text};

use crate::api::driver::Taken;
use crate::api::outcome::{Outcome, request_id};
use crate::calls;
use crate::json::{Entries, JsonError, Raw};

/// The name and version of the format.
pub const FORMAT: &str = "xiezhi-evidence/1";

/// What a collection says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// The account (UID) that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Text>,
    /// Who read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// The regions that were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regions: Option<Regions>,
    /// The program and its version.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub tool: Text,
    /// When the collection began (RFC 3339).
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub started: Text,
    /// When it ended (RFC 3339); empty when it was cut short.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub finished: Text,
}

/// Who made the calls: never a key, only what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// `Account`, `RAMUser` or `AssumedRoleUser`, as STS GetCallerIdentity says.
    pub kind: Text,
    /// Its ARN.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub arn: Text,
}

/// The regions that were asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Regions {
    /// Their ids.
    pub asked: Vec<Text>,
    /// Whether that is every region of the account.
    pub complete: bool,
}

/// One call and what came of it.
#[derive(Debug, Serialize)]
pub struct Record<'a> {
    /// The product code.
    pub product: &'a str,
    /// The operation.
    pub action: &'a str,
    /// The API version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'a str>,
    /// The region asked; none for calls that are asked once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<&'a str>,
    /// The account, when the bundle holds several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<&'a str>,
    /// The parameters of the request.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<&'a str, &'a str>,
    /// When it was answered (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<&'a str>,
    /// The provider's request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<&'a str>,
    /// What came.
    #[serde(flatten)]
    pub came: Came<'a>,
}

/// What came of a call: exactly one of these keys stands in a record.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Came<'a> {
    /// The answer as the provider gave it.
    Answer(&'a RawValue),
    /// The provider refused the call.
    Refused(Refusal<'a>),
    /// Still throttled when the time was over.
    Throttled(Refusal<'a>),
    /// No answer in time.
    TimedOut(Refusal<'a>),
    /// Another error of the provider: its code says whether that means "there is none".
    Failed(Refusal<'a>),
}

/// An error of the provider.
#[derive(Debug, Default, Serialize)]
pub struct Refusal<'a> {
    /// The code.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub code: &'a str,
    /// The message, without secrets.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub message: &'a str,
    /// The RAM action that was wanted, where the provider says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ram_action: Option<&'a str>,
}

/// Writes a bundle as NDJSON: call by call, so that a collection that dies leaves what it had.
pub struct Writer<W> {
    out: W,
}

impl<W: Write> Writer<W> {
    /// Starts a bundle.
    ///
    /// # Errors
    /// Whatever the output says.
    pub fn start(mut out: W, manifest: &Manifest) -> io::Result<Self> {
        #[derive(Serialize)]
        struct First<'a> {
            format: &'a str,
            manifest: &'a Manifest,
        }
        serde_json::to_writer(&mut out, &First { format: FORMAT, manifest })?;
        out.write_all(b"\n")?;
        Ok(Self { out })
    }

    /// Adds a call.
    ///
    /// # Errors
    /// Whatever the output says.
    pub fn call(&mut self, record: &Record<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, record)?;
        self.out.write_all(b"\n")
    }

    /// Ends the bundle and hands the output back.
    ///
    /// # Errors
    /// Whatever the output says.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// A bundle that was read.
pub(crate) struct Bundle<'a> {
    pub(crate) manifest: Manifest,
    pub(crate) calls: Vec<(Option<Text>, Taken<'a>)>,
    pub(crate) errors: Vec<JsonError>,
}

/// Whether a document is a bundle, or its first line; the version that it names when that is not ours.
pub(crate) fn is_bundle(entries: &Entries<'_>) -> Option<Result<(), String>> {
    let format = entries.plain("format")?;
    if format == FORMAT {
        Some(Ok(()))
    } else {
        format.starts_with("xiezhi-evidence/").then(|| Err(format.into_owned()))
    }
}

/// Reads a bundle from its documents.
pub(crate) fn read<'a>(file: &'a str, documents: &[Raw<'a>], label: Label) -> Bundle<'a> {
    let mut bundle = Bundle { manifest: Manifest::default(), calls: vec![], errors: vec![] };
    for (at, document) in documents.iter().enumerate() {
        let entries = document.entries();
        bundle.errors.extend(entries.error.clone());
        if at == 0 {
            bundle.manifest = entries.get("manifest").map(|raw| manifest(&raw.entries())).unwrap_or_default();
            if let Some(calls) = entries.get("calls") {
                let (members, _) = calls.members();
                for member in members {
                    bundle.record(file, member, label);
                }
            }
        } else {
            bundle.record(file, *document, label);
        }
    }
    bundle
}

impl<'a> Bundle<'a> {
    fn record(&mut self, file: &'a str, raw: Raw<'a>, label: Label) {
        let entries = raw.entries();
        let text = |key: &str| entries.plain(key).map(|text| Text::from(text.as_ref()));
        let (Some(product), Some(action)) = (text("product"), text("action")) else {
            if entries.error.is_none() {
                self.errors.push(JsonError {
                    line: raw.line,
                    kind: xiezhi_model::ProblemKind::Unexpected,
                    detail: "a call without `product` and `action`".to_owned(),
                });
            }
            return;
        };
        let Some(outcome) = outcome(&entries) else {
            if entries.error.is_none() {
                self.errors.push(JsonError {
                    line: raw.line,
                    kind: xiezhi_model::ProblemKind::Unexpected,
                    detail: "a call without `answer`, `refused`, `throttled`, `timed-out` or `failed`".to_owned(),
                });
            }
            return;
        };
        let params = entries.get("params").map(|raw| raw.entries().list).unwrap_or_default();
        let params = params
            .iter()
            .filter_map(|(key, raw)| Some((Text::from(key.as_ref()), Text::from(raw.plain()?.as_ref()))))
            .collect();
        let line = entries.get("answer").map_or(raw.line, |answer| answer.line);
        let request_id =
            text("request_id").or_else(|| entries.get("answer").and_then(|raw| request_id(&raw.entries())));
        let taken = Taken {
            file,
            line,
            product: calls::product(&product),
            action: action.to_string(),
            region: text("region"),
            params,
            request_id,
            time: text("time"),
            page: None,
            outcome,
            label,
        };
        self.calls.push((text("account").or_else(|| self.manifest.account.clone()), taken));
    }
}

fn outcome<'a>(entries: &Entries<'a>) -> Option<Outcome<'a>> {
    if let Some(answer) = entries.get("answer") {
        return Some(Outcome::of(answer, &answer.entries()));
    }
    let inner = |key: &str| entries.get(key).map(|raw| raw.entries());
    if let Some(refused) = inner("refused") {
        return Some(Outcome::Refused(refused.plain("ram_action").map(|action| Text::from(action.as_ref()))));
    }
    if entries.get("throttled").is_some() || entries.get("timed-out").is_some() {
        return Some(Outcome::Throttled);
    }
    let failed = inner("failed")?;
    Some(Outcome::Failed(failed.plain("code").unwrap_or_default().into(), None))
}

fn manifest(entries: &Entries<'_>) -> Manifest {
    let text = |entries: &Entries<'_>, key: &str| entries.plain(key).map(|text| Text::from(text.as_ref()));
    let identity = entries
        .get("identity")
        .map(|raw| raw.entries())
        .and_then(|inner| Some(Identity { kind: text(&inner, "kind")?, arn: text(&inner, "arn").unwrap_or_default() }));
    let regions = entries.get("regions").map(|raw| raw.entries()).map(|inner| {
        let (members, _) = inner.get("asked").map(|raw| raw.members()).unwrap_or_default();
        Regions {
            asked: members.iter().filter_map(|raw| raw.plain()).map(|id| Text::from(id.as_ref())).collect(),
            complete: inner.plain("complete").as_deref() == Some("true"),
        }
    });
    Manifest {
        account: text(entries, "account"),
        identity,
        regions,
        tool: text(entries, "tool").unwrap_or_default(),
        started: text(entries, "started").unwrap_or_default(),
        finished: text(entries, "finished").unwrap_or_default(),
    }
}
