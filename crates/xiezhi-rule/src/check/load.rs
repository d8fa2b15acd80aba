//! From a check file to a check.

use serde::Deserialize;
use toml::Spanned;
use xiezhi_model::{Schema, Scope};

use super::{Answer, Check, Example, Phase, Severity, Words};
use crate::error::{CheckError, Fault, Span, nearest};
use crate::facts::Facts;
use crate::lang::compile::{Predicate, compile};
use crate::markdown::{Fence, Part, Sheet, is_chinese, take_apart};

/// Longest check file, in bytes.
const MAX_LENGTH: usize = 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    id: Spanned<String>,
    severity: Spanned<String>,
    phase: Option<Spanned<String>>,
    subject: Spanned<String>,
    kind: Option<Spanned<String>>,
    question: Option<Spanned<String>>,
    when: Option<Spanned<String>>,
    fail: Spanned<String>,
    #[serde(default)]
    controls: Vec<Spanned<String>>,
    #[serde(default)]
    catalogue: Vec<String>,
    #[serde(default)]
    refs: Vec<Spanned<String>>,
    #[serde(default)]
    assumptions: Vec<Spanned<String>>,
}

const KEYS: &[&str] = &[
    "id",
    "severity",
    "phase",
    "subject",
    "kind",
    "question",
    "when",
    "fail",
    "controls",
    "catalogue",
    "refs",
    "assumptions",
];

/// Reads one check file; all that is wrong with it, when something is.
pub(super) fn check(
    path: &str,
    text: &str,
    kinds: &[&'static Schema],
    examples: bool,
) -> Result<Check, Vec<CheckError>> {
    let mut faults = Vec::new();
    let check = if text.len() > MAX_LENGTH {
        faults.push(Fault::new(Span::new(0, 1), format!("longer than {MAX_LENGTH} bytes")));
        None
    } else {
        match take_apart(text) {
            Ok(sheet) => Loader { path, text, kinds, examples, faults: &mut faults }.check(&sheet),
            Err(fault) => {
                faults.push(fault);
                None
            }
        }
    };
    match check {
        Some(check) if faults.is_empty() => Ok(check),
        _ => Err(faults.into_iter().map(|fault| fault.in_file(path, text)).collect()),
    }
}

struct Loader<'l> {
    path: &'l str,
    text: &'l str,
    kinds: &'l [&'static Schema],
    examples: bool,
    faults: &'l mut Vec<Fault>,
}

impl Loader<'_> {
    fn wrong(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn front(&mut self, part: Part<'_>) -> Option<Front> {
        match toml::from_str::<Front>(part.text) {
            Ok(front) => Some(front),
            Err(error) => {
                let span = error.span().map_or(Span::new(0, 0), |span| Span::new(span.start, span.end));
                let message = error.message().trim().replace('\n', " ");
                let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
                let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
                let fault = match (unknown, missing) {
                    (Some(key), _) => {
                        let fault = Fault::new(span, format!("there is no key `{key}`"));
                        match nearest(key, KEYS.iter().copied()) {
                            Some(near) => fault.help(format!("did you mean `{near}`?")),
                            None => fault.help(format!("known are: {}", KEYS.join(", "))),
                        }
                    }
                    (_, Some(key)) => Fault::new(Span::new(0, 0), format!("the key `{key}` is missing")),
                    _ => Fault::new(span, format!("the front matter is not valid TOML: {message}")),
                };
                self.wrong(fault.moved(part.start));
                None
            }
        }
    }

    fn check(mut self, sheet: &Sheet<'_>) -> Option<Check> {
        let front = self.front(sheet.front)?;
        let base = sheet.front.start;
        let at = |value: &Spanned<String>| Span::new(value.span().start, value.span().end).moved(base);
        self.id(front.id.get_ref(), at(&front.id));
        let severity = self.severity(front.severity.get_ref(), at(&front.severity));
        let phase = front.phase.as_ref().and_then(|phase| self.phase(phase.get_ref(), at(phase)));
        let subject = self.subject(front.subject.get_ref(), at(&front.subject));
        self.kind(&front, base);
        for control in &front.controls {
            let parts = control.get_ref().split_once(':');
            if parts.is_none_or(|(framework, control)| framework.is_empty() || control.is_empty()) {
                let fault = Fault::new(at(control), "a control is written `framework:control`");
                self.wrong(fault.help("for example `review:4`"));
            }
        }
        for reference in &front.refs {
            if !reference.get_ref().starts_with("https://") {
                self.wrong(Fault::new(at(reference), "a reference is an `https://` address"));
            }
        }
        for assumption in &front.assumptions {
            if !assumption.get_ref().starts_with("A-") {
                self.wrong(Fault::new(at(assumption), "an assumption is named `A-…`"));
            }
        }
        let title = self.titles(sheet);
        let applies = front.when.as_ref().and_then(|when| self.predicate(when, base, subject?));
        let defect = subject.and_then(|subject| self.predicate(&front.fail, base, subject));
        let examples = subject.filter(|_| self.examples).map_or(Vec::new(), |subject| {
            sheet.fences.iter().filter_map(|fence| self.example(fence, subject)).collect()
        });
        let words = |en: &str, zh: &str| {
            let section = |name: &str| {
                let found = sheet.sections.iter().find(|(section, _)| *section == name);
                found.map_or(String::new(), |(_, text)| text.trim().to_owned())
            };
            Words { en: section(en), zh: section(zh) }
        };
        Some(Check {
            id: front.id.into_inner(),
            path: self.path.to_owned(),
            severity: severity?,
            phase,
            subject: subject?,
            question: front.question.map(Spanned::into_inner),
            controls: front.controls.into_iter().map(Spanned::into_inner).collect(),
            catalogue: front.catalogue,
            refs: front.refs.into_iter().map(Spanned::into_inner).collect(),
            assumptions: front.assumptions.into_iter().map(Spanned::into_inner).collect(),
            title: title?,
            why: words("Why", "原因"),
            fix: words("Fix", "修复"),
            false_alarms: words("False alarms", "误报"),
            when: front.when.map(|when| when.into_inner().trim().to_owned()),
            fail: front.fail.into_inner().trim().to_owned(),
            examples,
            applies,
            defect: defect?,
        })
    }

    fn id(&mut self, id: &str, span: Span) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || !id.chars().all(plain) || id.starts_with('-') || id.ends_with('-') {
            self.wrong(Fault::new(span, "an id has lower-case letters, digits and hyphens"));
            return;
        }
        let file = self.path.rsplit(['/', '\\']).next().unwrap_or(self.path);
        let stem = file.strip_suffix(".md").unwrap_or(file);
        if stem != id {
            let fault = Fault::new(span, format!("the id is `{id}` and the file is called `{file}`"));
            self.wrong(fault.help(format!("name the file `{id}.md`")));
        }
    }

    fn severity(&mut self, written: &str, span: Span) -> Option<Severity> {
        let found = Severity::ALL.into_iter().find(|severity| severity.as_str() == written);
        if found.is_none() {
            let fault = Fault::new(span, format!("there is no severity `{written}`"));
            self.wrong(fault.help("known are: critical, high, medium, low, info"));
        }
        found
    }

    fn phase(&mut self, written: &str, span: Span) -> Option<Phase> {
        let found = Phase::ALL.into_iter().find(|phase| phase.as_str() == written);
        if found.is_none() {
            let fault = Fault::new(span, format!("there is no phase `{written}`"));
            self.wrong(fault.help("known are: observe, restrict, close, migrate"));
        }
        found
    }

    fn subject(&mut self, written: &str, span: Span) -> Option<&'static Schema> {
        let kinds = || self.kinds.iter().copied().filter(|schema| schema.scope != Scope::Inner);
        let found = kinds().find(|schema| schema.kind == written);
        if found.is_none() {
            let fault = Fault::new(span, format!("there is no kind `{written}`"));
            let fault = fault.near(written, kinds().map(|schema| schema.kind));
            self.wrong(fault);
        }
        found
    }

    fn kind(&mut self, front: &Front, base: usize) {
        let at = |value: &Spanned<String>| Span::new(value.span().start, value.span().end).moved(base);
        let attested = match front.kind.as_ref().map(|kind| (kind.get_ref().as_str(), at(kind))) {
            None | Some(("predicate", _)) => false,
            Some(("attested", span)) => {
                if front.question.is_none() {
                    let fault = Fault::new(span, "an attested check names its question");
                    self.wrong(fault.help("write `question = \"…\"`, the key of `attest.toml` that answers it"));
                }
                if front.subject.get_ref() != "account" {
                    self.wrong(Fault::new(at(&front.subject), "an attested check judges the `account`"));
                }
                true
            }
            Some((other, span)) => {
                let fault = Fault::new(span, format!("there is no kind of check `{other}`"));
                self.wrong(fault.help("known are: predicate, attested"));
                true
            }
        };
        if let (false, Some(question)) = (attested, &front.question) {
            let fault = Fault::new(at(question), "only an attested check has a question");
            self.wrong(fault.help("write `kind = \"attested\"`"));
        }
    }

    fn titles(&mut self, sheet: &Sheet<'_>) -> Option<Words> {
        let span = |part: &Part<'_>| Span::new(part.start, part.start.saturating_add(part.text.len()));
        match sheet.titles.as_slice() {
            [en, zh] if !is_chinese(en.text) && is_chinese(zh.text) => {
                Some(Words { en: en.text.to_owned(), zh: zh.text.to_owned() })
            }
            [en, zh] => {
                let part = if is_chinese(en.text) { en } else { zh };
                self.wrong(Fault::new(span(part), "the first title is English and the second Chinese"));
                None
            }
            titles => {
                let place = titles.last().map_or(Span::new(0, 3), span);
                let fault = Fault::new(place, "two titles are expected, one in each language");
                self.wrong(fault.help("write `# English title` and `# 中文标题`"));
                None
            }
        }
    }

    fn predicate(&mut self, value: &Spanned<String>, base: usize, subject: &'static Schema) -> Option<Predicate> {
        let text = value.get_ref();
        compile(text, self.kinds, subject)
            .map_err(|fault| {
                let start = base.saturating_add(value.span().start);
                let raw = self.text.get(start..base.saturating_add(value.span().end)).unwrap_or_default();
                // A text with escapes does not stand in the file as it reads: then the whole value is meant.
                let fault = match raw.find(text.as_str()) {
                    Some(at) => fault.moved(start.saturating_add(at)),
                    None => Fault { span: Span::new(start, start.saturating_add(raw.len())), ..fault },
                };
                self.wrong(fault);
            })
            .ok()
    }

    fn example(&mut self, fence: &Fence<'_>, subject: &'static Schema) -> Option<Example> {
        let info = fence.info;
        let span = Span::new(info.start, info.start.saturating_add(info.text.len()));
        let Some((kind, expected)) = info.text.split_once("=>") else {
            let fault = Fault::new(span, "an example says what is expected");
            self.wrong(fault.help("write `facts => fail`, or pass, unknown, not-applicable"));
            return None;
        };
        let (kind, expected) = (kind.trim(), expected.trim());
        let Some(expected) = Answer::ALL.into_iter().find(|answer| answer.as_str() == expected) else {
            let fault = Fault::new(span, format!("there is no answer `{expected}`"));
            self.wrong(fault.help("known are: fail, pass, unknown, not-applicable"));
            return None;
        };
        let facts = if kind == "facts" {
            match Facts::read(fence.body.text, self.kinds, subject, self.path, fence.line) {
                Ok(facts) => Some(facts),
                Err(fault) => {
                    self.wrong(fault.moved(fence.body.start));
                    return None;
                }
            }
        } else {
            None
        };
        Some(Example {
            kind: kind.to_owned(),
            text: fence.body.text.to_owned(),
            expected,
            line: fence.fence_line,
            facts,
        })
    }
}
