//! Configuration in JSON syntax (`.tf.json`, `.tfvars.json`) as HCL text: one grammar is parsed, not two.
//!
//! Source: Terraform language, "JSON Configuration Syntax". Which member of a resource is a nested block only the
//! provider's schema tells; both are read alike here, so every member becomes an argument, but for `dynamic`.

use std::fmt::Write as _;

use xiezhi_model::ProblemKind;

use crate::json::Raw;
use crate::tree::{Node, Tree};

/// What could not be read: the line, the kind, the detail.
type Problem = (u32, ProblemKind, String);

/// HCL text, and for each of its lines the line of the JSON that it was made of.
#[derive(Debug, Default)]
pub(super) struct Translated {
    pub(super) text: String,
    pub(super) lines: Vec<u32>,
}

/// How deep the labels of a top-level block are nested; other blocks say nothing of resources.
fn labels_of(block: &str) -> Option<usize> {
    match block {
        "resource" | "data" => Some(2),
        "provider" | "variable" | "module" | "output" => Some(1),
        "locals" => Some(0),
        _ => None,
    }
}

/// What belongs to Terraform's own work and says nothing of the resource.
const LEFT_OUT: &[&str] = &["//", "lifecycle", "provisioner", "connection", "depends_on", "timeouts", "validation"];

/// A file of blocks.
pub(super) fn configuration(text: &str) -> Result<Translated, Problem> {
    let root = whole(text)?;
    let mut out = Translated::default();
    for part in objects(&root)? {
        for (block, node) in entries(part) {
            if let Some(depth) = labels_of(block) {
                out.blocks(block, node, depth, &mut vec![])?;
            }
        }
    }
    Ok(out)
}

/// A file of values for variables: no templates in it.
pub(super) fn values(text: &str) -> Result<Translated, Problem> {
    let root = whole(text)?;
    let mut out = Translated::default();
    for (name, node) in objects(&root)?.into_iter().flat_map(entries) {
        out.argument(name, node, false)?;
    }
    Ok(out)
}

fn whole(text: &str) -> Result<Node<'_>, Problem> {
    Raw::whole(text).node().map_err(|error| (error.line, error.kind, error.detail))
}

/// An object, or each object of a list: the syntax allows either wherever a block may stand.
fn objects<'n, 'a>(node: &'n Node<'a>) -> Result<Vec<&'n Node<'a>>, Problem> {
    let wrong = |node: &Node<'_>| {
        (node.line, ProblemKind::BrokenJson, "something else where a block, an object, was expected".to_owned())
    };
    match &node.value {
        Tree::Map(..) => Ok(vec![node]),
        Tree::Null => Ok(vec![]),
        Tree::List(items, _) => items
            .iter()
            .map(|item| if matches!(item.value, Tree::Map(..)) { Ok(item) } else { Err(wrong(item)) })
            .collect(),
        _ => Err(wrong(node)),
    }
}

fn entries<'n, 'a>(node: &'n Node<'a>) -> impl Iterator<Item = (&'n str, &'n Node<'a>)> {
    let list = match &node.value {
        Tree::Map(entries, _) => entries.as_slice(),
        _ => &[],
    };
    list.iter().map(|(key, node)| (key.as_ref(), node)).filter(|(key, _)| *key != "//")
}

/// Whether a text is a name or a dotted path of names: what HCL writes without quotes.
fn is_path(text: &str) -> bool {
    text.split('.').all(|name| {
        let mut letters = name.chars();
        letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
    })
}

impl Translated {
    fn line(&mut self, text: &str, line: u32) {
        self.text.push_str(text);
        self.end(line);
    }

    fn end(&mut self, line: u32) {
        self.text.push('\n');
        self.lines.push(line);
    }

    fn blocks(&mut self, block: &str, node: &Node<'_>, depth: usize, labels: &mut Vec<String>) -> Result<(), Problem> {
        for part in objects(node)? {
            if let Some(depth) = depth.checked_sub(1) {
                for (label, inner) in entries(part) {
                    labels.push(quoted(label, false));
                    self.blocks(block, inner, depth, labels)?;
                    labels.pop();
                }
                continue;
            }
            let head = std::iter::once(block).chain(labels.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
            self.line(&format!("{head} {{"), part.line);
            self.body(block, part)?;
            self.line("}", part.line);
        }
        Ok(())
    }

    fn body(&mut self, block: &str, node: &Node<'_>) -> Result<(), Problem> {
        for (name, value) in entries(node) {
            match (block, name) {
                (_, _) if LEFT_OUT.contains(&name) || !is_path(name) => {}
                ("variable", "type") => {}
                ("resource" | "content", "dynamic") => self.dynamic(value)?,
                ("resource", "provider") | ("dynamic", "iterator") => self.bare(name, value)?,
                ("module", "providers") => self.providers(value)?,
                // A default is no template: it is the value.
                _ => self.argument(name, value, block != "variable")?,
            }
        }
        Ok(())
    }

    /// `dynamic` by label: its iteration and the content of every block.
    fn dynamic(&mut self, node: &Node<'_>) -> Result<(), Problem> {
        for (label, each) in objects(node)?.into_iter().flat_map(entries) {
            for part in objects(each)? {
                self.line(&format!("dynamic {} {{", quoted(label, false)), part.line);
                for (name, value) in entries(part) {
                    match name {
                        "content" => {
                            for content in objects(value)? {
                                self.line("content {", content.line);
                                self.body("content", content)?;
                                self.line("}", content.line);
                            }
                        }
                        "iterator" => self.bare(name, value)?,
                        "for_each" => self.argument(name, value, true)?,
                        _ => {}
                    }
                }
                self.line("}", part.line);
            }
        }
        Ok(())
    }

    /// A reference that JSON has to write as text.
    fn bare(&mut self, name: &str, node: &Node<'_>) -> Result<(), Problem> {
        match &node.value {
            Tree::Text(text) if is_path(text) => {
                self.line(&format!("{name} = {text}"), node.line);
                Ok(())
            }
            _ => self.argument(name, node, true),
        }
    }

    fn providers(&mut self, node: &Node<'_>) -> Result<(), Problem> {
        self.line("providers = {", node.line);
        for (name, value) in entries(node) {
            self.bare(name, value)?;
        }
        self.line("}", node.line);
        Ok(())
    }

    fn argument(&mut self, name: &str, node: &Node<'_>, templates: bool) -> Result<(), Problem> {
        if !is_path(name) || name.contains('.') {
            return Err((node.line, ProblemKind::BrokenJson, format!("`{name}` is no name of an argument")));
        }
        let _ = write!(self.text, "{name} = ");
        self.expression(node, templates)?;
        self.end(node.line);
        Ok(())
    }

    fn expression(&mut self, node: &Node<'_>, templates: bool) -> Result<(), Problem> {
        match &node.value {
            Tree::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Tree::Number(text) => self.text.push_str(text),
            Tree::Text(text) => match templates.then(|| only_expression(text)).flatten() {
                Some(inner) => {
                    self.text.push('(');
                    self.text.push_str(&inner);
                    self.text.push(')');
                }
                None => self.text.push_str(&quoted(text, templates)),
            },
            Tree::List(items, _) => {
                self.text.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.text.push_str(", ");
                    }
                    self.expression(item, templates)?;
                }
                self.text.push(']');
            }
            Tree::Map(entries, _) => {
                self.text.push('{');
                self.end(node.line);
                for (key, value) in entries {
                    self.text.push_str(&quoted(key, templates));
                    self.text.push_str(" = ");
                    self.expression(value, templates)?;
                    self.end(value.line);
                }
                self.text.push('}');
            }
            Tree::Null | Tree::Reference { .. } | Tree::Unknown(_) => self.text.push_str("null"),
        }
        Ok(())
    }
}

/// The expression of a text that is nothing but one interpolation: it keeps its type.
fn only_expression(text: &str) -> Option<String> {
    let rest = text.strip_prefix("${")?;
    let end = closing(rest)?;
    let after = rest.get(end.saturating_add(1)..)?;
    let inner = rest.get(..end)?;
    (after.is_empty() && !inner.starts_with('~') && !inner.ends_with('~')).then(|| inner.replace(['\n', '\r'], " "))
}

/// Where the brace stands that closes a template sequence whose opening was just passed.
fn closing(text: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    // What is open: a brace, or a text in quotes.
    let mut open = vec!['{'];
    while let Some((at, letter)) = letters.next() {
        let quoted = open.last() == Some(&'"');
        match letter {
            '\\' if quoted => {
                letters.next();
            }
            '"' if quoted => {
                open.pop();
            }
            '"' => open.push('"'),
            '{' if !quoted => open.push('{'),
            '$' | '%' if quoted && letters.as_str().starts_with('{') => {
                letters.next();
                open.push('{');
            }
            '}' if !quoted => {
                open.pop();
                if open.is_empty() {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// A text in quotes; with `templates`, what stands in `${…}` and `%{…}` stays an expression.
fn quoted(text: &str, templates: bool) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push('"');
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let sequence = rest.starts_with("${") || rest.starts_with("%{");
        let escaped = rest.starts_with("$${") || rest.starts_with("%%{");
        if templates && escaped {
            let (mark, after) = rest.split_at_checked(3).unwrap_or((rest, ""));
            out.push_str(mark);
            rest = after;
            continue;
        }
        if templates
            && sequence
            && let Some((mark, inner)) = rest.split_at_checked(2)
            && let Some(end) = closing(inner)
            && let Some((inner, after)) = inner.split_at_checked(end.saturating_add(1))
        {
            out.push_str(mark);
            out.push_str(&inner.replace(['\n', '\r'], " "));
            rest = after;
            continue;
        }
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if sequence => {
                out.push(letter);
                out.push(letter);
            }
            control if u32::from(control) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            letter => out.push(letter),
        }
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    out.push('"');
    out
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn blocks_labels_and_references_become_hcl_with_the_lines_of_the_json() {
        let json = "{\n\"resource\": {\"alicloud_vpc\": {\n\"v\": {\"vpc_name\": \"a-${var.x}\",\n\"provider\": \"alicloud.hk\",\n\"tags\": {\"k\": \"${local.t}\"}}}}}";
        let out = configuration(json).unwrap();
        let want = "resource \"alicloud_vpc\" \"v\" {\nvpc_name = \"a-${var.x}\"\nprovider = alicloud.hk\ntags = {\n\"k\" = (local.t)\n}\n}\n";
        assert_eq!(out.text, want);
        assert_eq!(out.lines, [3, 3, 4, 5, 5, 5, 3]);
    }

    #[test]
    fn text_is_escaped_outside_of_templates_and_left_alone_inside() {
        assert_eq!(quoted("a\"b\\c\n${f(\"x\")}$${d}", true), "\"a\\\"b\\\\c\\n${f(\"x\")}$${d}\"");
        assert_eq!(quoted("${a}", false), "\"$${a}\"");
        assert_eq!(only_expression("${a[\"}\"]}"), Some("a[\"}\"]".into()));
        assert_eq!(only_expression("${a}${b}"), None);
    }

    #[test]
    fn what_is_no_block_is_a_problem_with_its_line() {
        let error = configuration("{\"resource\":\n 3}").unwrap_err();
        assert_eq!((error.0, error.1), (2, ProblemKind::BrokenJson));
    }
}
