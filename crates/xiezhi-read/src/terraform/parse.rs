//! One HCL file: text, tree and lines.

use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::structure::Body;
use hcl_edit::template::Template;
use xiezhi_model::{Problem, ProblemKind, Text};

use super::json_syntax;
use crate::input::{SourceFile, text_of};

/// The largest configuration file that is parsed, in bytes: the parser's tree is some 40 times its text.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The longest piece of an expression that a reason quotes, in characters.
const MAX_QUOTE: usize = 120;

/// The line of the file that a line of the parsed text was made of.
fn in_file(lines: Option<&[u32]>, line: u32) -> u32 {
    match lines {
        None => line,
        Some(lines) => {
            let at = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
            lines.get(at).or(lines.last()).copied().unwrap_or(line)
        }
    }
}

/// The offset at which each line starts.
fn starts(text: &str) -> Vec<usize> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(breaks.map(|(at, _)| at.saturating_add(1))).collect()
}

/// A parsed file. Spans of the tree are byte offsets into `text`.
#[derive(Debug)]
pub(super) struct HclFile {
    /// The path as it was given.
    pub(super) path: Text,
    /// The content without a byte-order mark.
    pub(super) text: String,
    /// The tree.
    pub(super) body: Body,
    /// The offset at which each line starts.
    starts: Vec<usize>,
    /// For JSON syntax: the line of the file that each line of the text was made of.
    lines: Option<Vec<u32>>,
}

impl HclFile {
    /// Parses a file. The parser holds nesting to 64 levels and operator chains to 128 by itself and gives up on the
    /// whole file at the first error, a repeated attribute included.
    pub(super) fn parse(file: &SourceFile) -> Result<HclFile, Problem> {
        let problem =
            |line: u32, kind: ProblemKind, detail: String| Problem { file: file.path.clone(), line, kind, detail };
        if file.bytes.len() > MAX_BYTES {
            let detail = format!("{} bytes; the limit for one configuration file is {MAX_BYTES}", file.bytes.len());
            return Err(problem(0, ProblemKind::TooLarge, detail));
        }
        let text = text_of(&file.bytes).map_err(|line| problem(line, ProblemKind::NotUtf8, String::new()))?;
        let translated = match () {
            () if file.path.ends_with(".tf.json") => Some(json_syntax::configuration(text)),
            () if file.path.ends_with(".json") => Some(json_syntax::values(text)),
            () => None,
        };
        let translated = translated.transpose().map_err(|(line, kind, detail)| Problem {
            file: file.path.clone(),
            line,
            kind,
            detail,
        })?;
        let (text, lines) = match &translated {
            Some(translated) => (translated.text.as_str(), Some(translated.lines.clone())),
            None => (text, None),
        };
        let place = |line: u32| in_file(lines.as_deref(), line);
        let joined = super::joined::join_conditionals(text);
        let body = hcl_edit::parser::parse_body(&joined).map_err(|error| {
            let line = place(u32::try_from(error.location().line()).unwrap_or(u32::MAX));
            let message = error.message();
            let kind = if message.contains("nesting depth") || message.contains("operator depth") {
                ProblemKind::TooDeep
            } else {
                ProblemKind::BrokenHcl
            };
            problem(line, kind, message.split_whitespace().collect::<Vec<_>>().join(" "))
        })?;
        let text = joined.into_owned();
        Ok(HclFile { path: file.path.clone(), starts: starts(&text), text, body, lines })
    }

    /// Parses a file that is a template as a whole; the tree of the file itself stays empty. `None` when it is none.
    pub(super) fn template(file: &SourceFile) -> Option<(HclFile, Template)> {
        let text = text_of(&file.bytes).ok().filter(|text| text.len() <= MAX_BYTES)?;
        let template = hcl_edit::parser::parse_template(text).ok()?;
        let (path, text) = (file.path.clone(), text.to_owned());
        Some((HclFile { path, starts: starts(&text), text, body: Body::new(), lines: None }, template))
    }

    /// The line of an offset, from 1.
    pub(super) fn line_at(&self, offset: usize) -> u32 {
        let line = u32::try_from(self.starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX);
        in_file(self.lines.as_deref(), line)
    }

    /// The line on which a part of the tree starts; 0 when the parser kept no place.
    pub(super) fn line(&self, part: &impl Span) -> u32 {
        part.span().map_or(0, |span| self.line_at(span.start))
    }

    /// The source text of a part of the tree, white space squeezed and long ones cut: for reasons.
    pub(super) fn quote(&self, span: Option<Range<usize>>) -> String {
        let text = span.and_then(|span| self.text.get(span)).unwrap_or_default();
        let mut quote = String::new();
        for word in text.split_whitespace() {
            if !quote.is_empty() {
                quote.push(' ');
            }
            quote.push_str(word);
            if quote.len() > MAX_QUOTE {
                quote = quote.chars().take(MAX_QUOTE).chain(['…']).collect();
                break;
            }
        }
        quote
    }
}
