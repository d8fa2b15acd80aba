//! The shape of a check file: front matter between `+++`, headings, sections, fenced examples.

use crate::error::{Fault, Span};

/// A part of a file and where it starts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'t> {
    pub(crate) text: &'t str,
    pub(crate) start: usize,
}

/// A fenced block of the examples.
#[derive(Debug)]
pub(crate) struct Fence<'t> {
    /// What stands behind the opening fence.
    pub(crate) info: Part<'t>,
    pub(crate) body: Part<'t>,
    /// The line of the file that the body starts on, from 1.
    pub(crate) line: u32,
    /// The line of the opening fence, from 1.
    pub(crate) fence_line: u32,
}

/// The headings that a check file may have, in order.
pub(crate) const SECTIONS: &[&str] = &["Why", "原因", "Fix", "修复", "False alarms", "误报", "Examples"];

/// A check file taken apart.
#[derive(Debug)]
pub(crate) struct Sheet<'t> {
    pub(crate) front: Part<'t>,
    pub(crate) titles: Vec<Part<'t>>,
    /// The text of each section, under its heading.
    pub(crate) sections: Vec<(&'static str, String)>,
    pub(crate) fences: Vec<Fence<'t>>,
}

struct Line<'t> {
    text: &'t str,
    start: usize,
    number: u32,
}

/// The lines of a text, without their ends.
fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0_usize;
    text.split_inclusive('\n').zip(1_u32..).map(move |(raw, number)| {
        let line = Line { text: raw.trim_end_matches(['\n', '\r']), start, number };
        start = start.saturating_add(raw.len());
        line
    })
}

fn whole(line: &Line<'_>) -> Span {
    Span::new(line.start, line.start.saturating_add(line.text.len()))
}

/// Takes a file apart, or says what is wrong with its shape.
pub(crate) fn take_apart(text: &str) -> Result<Sheet<'_>, Fault> {
    let mut lines = lines(text);
    let first = lines.next();
    if first.is_none_or(|line| line.text.trim_start_matches('\u{feff}').trim_end() != "+++") {
        return Err(Fault::new(Span::new(0, 3), "a check starts with `+++`, its TOML front matter and `+++`"));
    }
    let mut front = None;
    let mut start = None;
    for line in lines.by_ref() {
        let from = *start.get_or_insert(line.start);
        if line.text.trim_end() == "+++" {
            front = Some(Part { text: text.get(from..line.start).unwrap_or_default(), start: from });
            break;
        }
    }
    let Some(front) = front else {
        return Err(Fault::new(Span::new(0, 3), "the front matter does not end").help("close it with a line `+++`"));
    };
    let mut sheet = Sheet { front, titles: Vec::new(), sections: Vec::new(), fences: Vec::new() };
    body(text, lines, &mut sheet)?;
    Ok(sheet)
}

fn body<'t>(text: &'t str, lines: impl Iterator<Item = Line<'t>>, sheet: &mut Sheet<'t>) -> Result<(), Fault> {
    let mut open: Option<(Span, Fence<'t>, &'t str)> = None;
    for line in lines {
        let trimmed = line.text.trim_start();
        if let Some((_, fence, mark)) = &mut open {
            let closes = trimmed.starts_with(*mark)
                && trimmed.trim_start_matches(mark.chars().next().unwrap_or('`')).trim().is_empty();
            if closes {
                fence.body.text = text.get(fence.body.start..line.start).unwrap_or_default();
                if let Some((span, fence, _)) = open.take()
                    && sheet.sections.last().is_some_and(|(name, _)| *name == "Examples")
                {
                    if fence.info.text.is_empty() {
                        return Err(Fault::new(span, "an example says what it is and what is expected")
                            .help("write for example `facts => fail` behind the fence"));
                    }
                    sheet.fences.push(fence);
                }
            }
            append(sheet, line.text);
            continue;
        }
        if let Some(mark) = fence_mark(trimmed) {
            let info = trimmed.get(mark.len()..).unwrap_or_default().trim();
            let info_start = line.start.saturating_add(line.text.find(info).unwrap_or(0));
            let body_start = text
                .get(line.start..)
                .and_then(|rest| rest.find('\n'))
                .map_or(text.len(), |at| line.start.saturating_add(at).saturating_add(1));
            let fence = Fence {
                info: Part { text: info, start: info_start },
                body: Part { text: "", start: body_start },
                line: line.number.saturating_add(1),
                fence_line: line.number,
            };
            open = Some((whole(&line), fence, mark));
            append(sheet, line.text);
            continue;
        }
        if let Some(title) = line.text.strip_prefix("# ") {
            if !sheet.sections.is_empty() {
                return Err(
                    Fault::new(whole(&line), "titles stand before the sections").help("write `## ` for a section")
                );
            }
            let title = title.trim();
            let start = line.start.saturating_add(line.text.find(title).unwrap_or(0));
            sheet.titles.push(Part { text: title, start });
            continue;
        }
        if let Some(heading) = line.text.strip_prefix("## ") {
            let heading = heading.trim();
            let Some(name) = SECTIONS.iter().copied().find(|name| *name == heading) else {
                let fault = Fault::new(whole(&line), format!("there is no section `{heading}`"));
                return Err(match crate::error::nearest(heading, SECTIONS.iter().copied()) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault.help(format!("known are: {}", SECTIONS.join(", "))),
                });
            };
            if sheet.sections.iter().any(|(other, _)| *other == name) {
                return Err(Fault::new(whole(&line), format!("the section `{name}` is there twice")));
            }
            sheet.sections.push((name, String::new()));
            continue;
        }
        if sheet.sections.is_empty() && !line.text.trim().is_empty() {
            return Err(Fault::new(whole(&line), "text stands in a section").help("write it under `## Why`"));
        }
        append(sheet, line.text);
    }
    match open {
        Some((span, ..)) => Err(Fault::new(span, "this block does not end").help("close it with its fence")),
        None => Ok(()),
    }
}

fn append(sheet: &mut Sheet<'_>, line: &str) {
    if let Some((_, text)) = sheet.sections.last_mut() {
        text.push_str(line);
        text.push('\n');
    }
}

/// The fence that a line opens: three or more backticks or tildes.
fn fence_mark(line: &str) -> Option<&str> {
    let of = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == of).count();
    if length >= 3 { line.get(..length) } else { None }
}

/// Whether a text has a Chinese character.
pub(crate) fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}'))
}
