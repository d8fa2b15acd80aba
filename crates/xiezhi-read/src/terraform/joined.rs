//! Conditionals over several lines inside braces: valid in Terraform, refused by the parser.

use std::borrow::Cow;

/// Joins lines that start with `?` or `:` to the line before them.
///
/// Terraform ignores line breaks inside a `for` in braces; the parser of `hcl-edit` 0.10 does not and refuses a
/// conditional that continues on the next line. Each break that goes is made up for after the joined line, so that
/// all other lines keep their numbers. Text that still cannot be parsed then is handed back as it was.
pub(super) fn join_conditionals(text: &str) -> Cow<'_, str> {
    if !text.lines().any(|line| line.trim_start().starts_with("? ")) || !text.contains(" for ") {
        return Cow::Borrowed(text);
    }
    if hcl_edit::parser::parse_body(text).is_ok() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut owed = 0_usize;
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        let Some(next) = lines.peek() else { break };
        let start = next.trim_start();
        let comment = line.contains('#') || line.contains("//");
        if !comment && (start.starts_with("? ") || start.starts_with(": ")) {
            out.push(' ');
            owed = owed.saturating_add(1);
        } else {
            out.push('\n');
            for _ in 0..std::mem::take(&mut owed) {
                out.push('\n');
            }
        }
    }
    if hcl_edit::parser::parse_body(&out).is_ok() { Cow::Owned(out) } else { Cow::Borrowed(text) }
}
