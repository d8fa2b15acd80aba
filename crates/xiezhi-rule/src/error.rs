//! What is wrong with a check file, and where.

use std::fmt;

/// A range of bytes in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// From the start of this one to the end of the other.
    pub(crate) fn to(self, other: Span) -> Self {
        Self { start: self.start, end: other.end }
    }

    /// The same range in a text that has `by` more bytes in front.
    pub(crate) fn moved(self, by: usize) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }
}

/// Something wrong in one text, before it is known where the text stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Fault {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean", when one of the names is close to what was written.
    pub(crate) fn near<'n>(self, written: &str, names: impl IntoIterator<Item = &'n str>) -> Self {
        match nearest(written, names) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.span = self.span.moved(by);
        self
    }

    /// The error at its place in the file.
    pub(crate) fn in_file(self, path: &str, text: &str) -> CheckError {
        let start = floor(text, self.span.start);
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let source = text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default();
        let in_line = start.saturating_sub(line_start);
        let end = floor(text, self.span.end).saturating_sub(line_start).min(source.len());
        let marked = source.get(in_line..end.max(in_line)).unwrap_or_default().chars().count().max(1);
        CheckError {
            path: path.to_owned(),
            line: count(before.bytes().filter(|b| *b == b'\n').count()),
            column: count(source.get(..in_line).unwrap_or_default().chars().count()),
            message: self.message,
            help: self.help,
            source: source.chars().take(400).collect(),
            marked,
        }
    }
}

/// From a count of what stands before to a number from 1.
fn count(before: usize) -> u32 {
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}

/// The nearest place at or before `at` that is not inside a character.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

/// Something wrong with a check file: where, what, and what to do.
///
/// Displayed as `file:line:column: message`, the line of the source with the place marked, and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckError {
    /// The file as it was given.
    pub path: String,
    /// The line in the file, from 1.
    pub line: u32,
    /// The column in the line in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The line of the source.
    pub source: String,
    /// How many characters of it are meant.
    pub marked: usize,
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.path, self.line, self.column, self.message)?;
        if !self.source.trim().is_empty() {
            let number = self.line.to_string();
            let blank = " ".repeat(number.len());
            let before: String = self
                .source
                .chars()
                .take(usize::try_from(self.column).unwrap_or(1).saturating_sub(1))
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            let marks = "^".repeat(self.marked.min(200));
            write!(f, "\n{number} | {}\n{blank} | {before}{marks}", self.source)?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CheckError {}

/// The name that is closest to what was written, when one is close enough to be what was meant.
pub(crate) fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if written.len() > 100 {
        return None;
    }
    let limit = (written.chars().count() / 3).max(1);
    names
        .into_iter()
        .map(|name| (distance(written, name), name))
        .filter(|(distance, name)| {
            *distance <= limit || name.replace(['_', '-'], "") == written.replace(['_', '-'], "")
        })
        .min()
        .map(|(_, name)| name)
}

/// How many letters must be added, removed, changed or swapped with a neighbour to get from one word to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut two_up: Vec<usize> = Vec::new();
    let mut up: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (row, from) in a.chars().enumerate() {
        let mut line = vec![row.saturating_add(1)];
        for (at, to) in b.iter().enumerate() {
            let get = |cells: &[usize], at: usize| cells.get(at).copied().unwrap_or(usize::MAX);
            let mut best = get(&up, at).saturating_add(usize::from(from != *to));
            best = best.min(get(&up, at.saturating_add(1)).saturating_add(1)).min(get(&line, at).saturating_add(1));
            if let Some(left) = at.checked_sub(1)
                && previous == Some(*to)
                && b.get(left) == Some(&from)
            {
                best = best.min(get(&two_up, left).saturating_add(1));
            }
            line.push(best);
        }
        previous = Some(from);
        two_up = std::mem::replace(&mut up, line);
    }
    up.last().copied().unwrap_or(usize::MAX)
}
