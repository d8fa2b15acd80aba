//! What a file is: by its name, and by what stands in it.

use std::borrow::Cow;

use xiezhi_model::{Problem, ProblemKind, Text};

use super::open::{Loaded, extension, in_checks};
use super::problem;
use crate::api::driver::Taken;
use crate::api::name::{self, Named};
use crate::api::outcome::{Outcome, printed_error, request_id};
use crate::bundle::{self, Manifest};
use crate::input::text_of;
use crate::json::{Entries, JsonError, Raw};
use crate::recognise::{self, Document};
use crate::{attest, calls, xml};

/// What one file turned out to be.
pub(super) enum Part<'a> {
    Answers { calls: Vec<(Option<Text>, Taken<'a>)> },
    Bundle { manifest: Manifest, calls: Vec<(Option<Text>, Taken<'a>)> },
    Hcl,
    TerraformJson,
    Template,
    Attestation(Cow<'a, str>),
    NotObeyed,
    Nothing,
}

/// What a file is.
pub(super) fn part<'a>(file: &'a Loaded, text: Option<&'a str>, problems: &mut Vec<Problem>) -> Part<'a> {
    let name = file.shown.rsplit('/').next().unwrap_or(&file.shown);
    let compressed = name.ends_with(".gz");
    let name = name.strip_suffix(".gz").unwrap_or(name);
    if file.bytes.starts_with(b"PK\x03\x04") {
        let detail = "an archive, or a binary Terraform plan: give the output of `terraform show -json` instead";
        problems.push(problem(&file.shown, 0, ProblemKind::NotRecognised, detail));
        return Part::Nothing;
    }
    let Some(text) = text else {
        let line = text_of(&file.bytes).err().unwrap_or(0);
        problems.push(problem(&file.shown, line, ProblemKind::NotUtf8, "save it as UTF-8"));
        return Part::Nothing;
    };
    if matches!(name, "xiezhi.toml" | ".xiezhi.toml" | "waivers.toml" | "xiezhi-waivers.toml") || in_checks(&file.shown)
    {
        // A file of that name that is no configuration of ours is simply not evidence.
        if !in_checks(&file.shown) || text.starts_with("+++") {
            problems.push(problem(&file.shown, 0, ProblemKind::NotObeyed, "found in the evidence and not used"));
            return Part::NotObeyed;
        }
        return Part::Nothing;
    }
    if attest::is_attestation(&file.shown) {
        return Part::Attestation(Cow::Borrowed(text));
    }
    match extension(name) {
        // Terraform itself reads no compressed configuration.
        "tf" | "tfvars" if !compressed => return Part::Hcl,
        "json" if !compressed && (name.ends_with(".tf.json") || name.ends_with(".tfvars.json")) => return Part::Hcl,
        "yaml" | "yml" | "template" if text.contains("ROSTemplateFormatVersion") => return Part::Template,
        "yaml" | "yml" | "toml" | "md" | "tpl" | "tftpl" if !file.given => return Part::Nothing,
        _ => {}
    }
    json_part(file, text, problems)
}

/// What a file of JSON is.
fn json_part<'a>(file: &'a Loaded, text: &'a str, problems: &mut Vec<Problem>) -> Part<'a> {
    let named = name::call_of(&file.shown).or_else(|| {
        let action = xml::call_of(file.root_element.as_deref()?)?;
        let product = "oss".to_owned();
        Some(Named { product, action: action.to_owned(), region: None, params: vec![], page: None })
    });
    let whole = Raw::whole(text);
    if let Some(named) = &named
        && let Some(outcome) = printed_error(text)
    {
        return Part::Answers { calls: vec![(None, taken(file, named.clone(), 1, outcome, None, None))] };
    }
    match whole.first() {
        Some(b'{' | b'[') => {}
        None if named.is_some() => {
            problems.push(problem(
                &file.shown,
                0,
                ProblemKind::Truncated,
                "the file is empty: the call gave no answer",
            ));
            return Part::Nothing;
        }
        _ => {
            if file.given || !matches!(extension(&file.shown), "txt" | "xml") {
                problems.push(problem(
                    &file.shown,
                    1,
                    ProblemKind::NotRecognised,
                    "neither JSON, HCL, TOML, a template nor an answer in XML",
                ));
            }
            return Part::Nothing;
        }
    }
    let (mut documents, error) = whole.documents();
    if let Some(first) = documents.first()
        && first.first() == Some(b'[')
    {
        documents = documents.iter().flat_map(|raw| raw.members().0).collect();
    }
    let Some(first) = documents.first().copied() else {
        problems.extend(error.map(|error| json_problem(file, error)));
        return Part::Nothing;
    };
    let entries = first.entries();
    match bundle::is_bundle(&entries) {
        Some(Ok(())) => {
            let bundle = bundle::read(&file.shown, &documents, file.label);
            problems.extend(bundle.errors.into_iter().chain(error).map(|error| json_problem(file, error)));
            return Part::Bundle { manifest: bundle.manifest, calls: bundle.calls };
        }
        Some(Err(format)) => {
            let detail = format!("the bundle format `{format}` is not understood; this is `{}`", bundle::FORMAT);
            problems.push(problem(&file.shown, 1, ProblemKind::NotRecognised, detail));
            return Part::Nothing;
        }
        None => {}
    }
    match recognise::document(&entries) {
        Document::Terraform => return Part::TerraformJson,
        Document::Ros => return Part::Template,
        Document::Other => {}
    }
    answers(file, named, &documents, error, problems)
}

fn json_problem(file: &Loaded, error: JsonError) -> Problem {
    problem(&file.shown, error.line, error.kind, error.detail)
}

fn taken<'a>(
    file: &'a Loaded,
    named: Named,
    line: u32,
    outcome: Outcome<'a>,
    request_id: Option<Text>,
    page: Option<u32>,
) -> Taken<'a> {
    Taken {
        file: &file.shown,
        line,
        product: named.product,
        action: named.action,
        region: named.region,
        params: named.params,
        request_id,
        time: None,
        page: named.page.or(page),
        outcome,
        label: file.label,
    }
}

/// The answers of a file: of the call that its name tells, or that its keys tell.
fn answers<'a>(
    file: &'a Loaded,
    named: Option<Named>,
    documents: &[Raw<'a>],
    error: Option<JsonError>,
    problems: &mut Vec<Problem>,
) -> Part<'a> {
    let mut out = vec![];
    let many = documents.len() > 1;
    let mut unknown: Option<(u32, ProblemKind, String)> = None;
    for (document, at) in documents.iter().zip(1_u32..) {
        let entries = document.entries();
        let answer = recognise::unwrap_sdk(*document, &entries);
        let inner = if answer.text.len() == document.text.len() { None } else { Some(answer.entries()) };
        let entries = inner.as_ref().unwrap_or(&entries);
        let named = match named.clone().map_or_else(|| by_content(file, entries), Ok) {
            Ok(named) => named,
            Err((kind, why)) => {
                unknown.get_or_insert((document.line, kind, why));
                continue;
            }
        };
        let outcome = Outcome::of(answer, entries);
        let page = many.then_some(at);
        out.push((None, taken(file, named, answer.line, outcome, request_id(entries), page)));
    }
    if let Some((line, kind, why)) = unknown
        && (file.given || !is_tooling(file.shown.strip_prefix(&file.root).unwrap_or(&file.shown)))
    {
        problems.push(problem(&file.shown, line, kind, why));
    }
    if out.is_empty() {
        problems.extend(error.map(|error| json_problem(file, error)));
        return Part::Nothing;
    }
    // Where the last document breaks, the driver finds the same place again and says what is missing there.
    Part::Answers { calls: out }
}

/// The call that the keys of an answer tell, or why they do not.
fn by_content(file: &Loaded, entries: &Entries<'_>) -> Result<Named, (ProblemKind, String)> {
    let found = recognise::by_content(entries);
    match found.as_slice() {
        [(product, action)] => {
            // The name may still hold the region: `hangzhou-dump/cn-hangzhou.json`.
            let stem = file.shown.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
            let parts = file.shown.rsplit('/').skip(1);
            let region = std::iter::once(stem).chain(parts).find(|part| crate::region::is_region(part));
            let region = region.filter(|_| calls::find(product, action).is_some_and(|call| call.is_regional()));
            Ok(Named {
                product: (*product).to_owned(),
                action: (*action).to_owned(),
                region: region.map(Text::from),
                params: vec![],
                page: None,
            })
        }
        [] if recognise::is_policy(entries) => Err((ProblemKind::LonePolicy, String::new())),
        [] => Err((
            ProblemKind::NotRecognised,
            "not an answer that is known by its keys: name the file `<product>-<Action>[-<region>].json`".into(),
        )),
        several => {
            let names: Vec<String> =
                several.iter().take(4).map(|(product, action)| format!("`{product}-{action}`")).collect();
            let why = format!("may be the answer of several calls: begin the file's name with {}", names.join(" or "));
            Err((ProblemKind::NotRecognised, why))
        }
    }
}

/// JSON files of tools that lie in every repository.
fn is_tooling(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hidden = path.split('/').any(|part| part.starts_with('.') && part.len() > 2);
    let known = ["package.json", "package-lock.json", "composer.json", "renovate.json", "settings.json", "launch.json"];
    hidden || known.contains(&name) || name.starts_with("tsconfig") || name.ends_with(".schema.json")
}
