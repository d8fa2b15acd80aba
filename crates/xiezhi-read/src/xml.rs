//! XML answers (OSS) as JSON text, element by element on the lines where they stand: one reader for both.
//!
//! Only what OSS answers is understood: elements, text, CDATA and the predefined entities. Document types are refused:
//! nothing in the evidence may define entities. Source: XML 1.0 §2-4; OSS API reference, "Common response headers and
//! bodies".

use std::fmt::Write as _;

use crate::tree::quote;

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 64;

/// An element.
#[derive(Debug)]
struct Element<'a> {
    name: &'a str,
    line: u32,
    text: String,
    children: Vec<Element<'a>>,
}

/// What an XML document says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Document {
    /// The name of the root element: it tells the call.
    pub(crate) root: String,
    /// What the root element holds, as JSON.
    pub(crate) json: String,
}

/// The call whose answer has this root element. Source: OSS API reference, the response of each operation.
pub(crate) fn call_of(root: &str) -> Option<&'static str> {
    Some(match root {
        "ListAllMyBucketsResult" => "ListBuckets",
        "BucketInfo" => "GetBucketInfo",
        "VersioningConfiguration" => "GetBucketVersioning",
        "BucketLoggingStatus" => "GetBucketLogging",
        "ServerSideEncryptionRule" => "GetBucketEncryption",
        "HttpsConfiguration" => "GetBucketHttpsConfig",
        "CORSConfiguration" => "GetBucketCors",
        "RefererConfiguration" => "GetBucketReferer",
        "LifecycleConfiguration" => "GetBucketLifecycle",
        "WormConfiguration" => "GetBucketWorm",
        "ReplicationConfiguration" => "GetBucketReplication",
        "WebsiteConfiguration" => "GetBucketWebsite",
        "ListInventoryConfigurationsResult" => "ListBucketInventory",
        "ListAccessPointsResult" => "ListAccessPoints",
        "GetAccessPointResult" => "GetAccessPoint",
        _ => return None,
    })
}

/// Reads a document. The tools print the time that a call took after it: what follows the root element is left out.
///
/// # Errors
/// The line and what is wrong there.
pub(crate) fn read(text: &str) -> Result<Document, (u32, String)> {
    let mut reader = Reader { text, at: 0, line: 1 };
    let root = reader.root()?;
    let mut out = Out { json: String::new(), line: 1 };
    out.content(&root);
    Ok(Document { root: root.name.to_owned(), json: out.json })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wrong<T>(&self, detail: &str) -> Result<T, (u32, String)> {
        Err((self.line, detail.to_owned()))
    }

    /// Passes that many bytes.
    fn pass(&mut self, bytes: usize) -> &'a str {
        let passed = self.rest().get(..bytes).unwrap_or_default();
        let breaks = passed.bytes().filter(|byte| *byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.at = self.at.saturating_add(passed.len());
        passed
    }

    /// Passes everything up to and with a mark; what stands before it.
    fn until(&mut self, mark: &str) -> Result<&'a str, (u32, String)> {
        let Some(end) = self.rest().find(mark) else { return self.wrong("the document ends too early") };
        let before = self.pass(end);
        self.pass(mark.len());
        Ok(before)
    }

    fn root(&mut self) -> Result<Element<'a>, (u32, String)> {
        loop {
            let space = self.rest().len().saturating_sub(self.rest().trim_start().len());
            self.pass(space);
            match self.rest() {
                rest if rest.starts_with("<?") => self.until("?>")?,
                rest if rest.starts_with("<!--") => self.until("-->")?,
                rest if rest.starts_with("<!") => return self.wrong("a document type, which is not read"),
                rest if rest.starts_with('<') => break,
                _ => return self.wrong("no element"),
            };
        }
        match self.open()? {
            (root, true) => Ok(root),
            (root, false) => self.inside(root),
        }
    }

    /// Reads to the end of an element. The elements that are open stand in a list, so that no input exhausts the stack.
    fn inside(&mut self, root: Element<'a>) -> Result<Element<'a>, (u32, String)> {
        let mut above: Vec<Element<'a>> = vec![];
        let mut here = root;
        loop {
            let text = match self.rest().find('<') {
                Some(end) => self.pass(end),
                None => return self.wrong("the document ends too early"),
            };
            self.characters(text, &mut here.text)?;
            if self.rest().starts_with("</") {
                self.pass(2);
                if self.until(">")?.trim() != here.name {
                    return self.wrong(&format!("the end of another element in `{}`", here.name));
                }
                let Some(mut parent) = above.pop() else { return Ok(here) };
                parent.children.push(here);
                here = parent;
            } else if self.rest().starts_with("<!--") {
                self.until("-->")?;
            } else if self.rest().starts_with("<![CDATA[") {
                self.pass(9);
                here.text.push_str(self.until("]]>")?);
            } else if self.rest().starts_with("<?") {
                self.until("?>")?;
            } else {
                match self.open()? {
                    (child, true) => here.children.push(child),
                    (_, false) if above.len() >= MAX_DEPTH => return self.wrong("nested too deeply"),
                    (child, false) => above.push(std::mem::replace(&mut here, child)),
                }
            }
        }
    }

    /// The start of an element, and whether that is all of it. Attributes say nothing in the answers of OSS.
    fn open(&mut self) -> Result<(Element<'a>, bool), (u32, String)> {
        let line = self.line;
        self.pass(1);
        let inner = self.until(">")?;
        let (inner, closed) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
        let name = inner.split_whitespace().next().unwrap_or_default();
        if !name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
            return self.wrong("no name of an element");
        }
        Ok((Element { name, line, text: String::new(), children: vec![] }, closed))
    }

    fn characters(&self, text: &str, out: &mut String) -> Result<(), (u32, String)> {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('&') {
            out.push_str(before);
            let Some((name, after)) = after.split_once(';') else { return self.wrong("an entity without its end") };
            let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => digits.parse().ok(),
            });
            match (name, number.and_then(char::from_u32)) {
                (_, Some(letter)) => out.push(letter),
                ("lt", _) => out.push('<'),
                ("gt", _) => out.push('>'),
                ("amp", _) => out.push('&'),
                ("quot", _) => out.push('"'),
                ("apos", _) => out.push('\''),
                _ => return self.wrong("an entity that is not predefined"),
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(())
    }
}

struct Out {
    json: String,
    line: u32,
}

impl Out {
    /// What an element holds. Elements of one name are a list; the readers take a single one for a list of one.
    fn content(&mut self, element: &Element<'_>) {
        while self.line < element.line {
            self.json.push('\n');
            self.line = self.line.saturating_add(1);
        }
        if element.children.is_empty() {
            quote(element.text.trim(), &mut self.json);
            return;
        }
        self.json.push('{');
        let mut names: Vec<&str> = vec![];
        for child in &element.children {
            if names.contains(&child.name) {
                continue;
            }
            if !names.is_empty() {
                self.json.push(',');
            }
            names.push(child.name);
            let _ = write!(self.json, "\"{}\":", child.name.escape_default());
            let all: Vec<&Element<'_>> = element.children.iter().filter(|other| other.name == child.name).collect();
            if all.len() > 1 {
                self.json.push('[');
            }
            for (at, one) in all.iter().enumerate() {
                if at > 0 {
                    self.json.push(',');
                }
                self.content(one);
            }
            if all.len() > 1 {
                self.json.push(']');
            }
        }
        self.json.push('}');
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn elements_become_members_on_their_lines_and_repeated_ones_a_list() {
        let xml = "<?xml version=\"1.0\"?>\n<R>\n <A>1 &lt; 2</A>\n <B><C>x</C></B>\n <B/>\n</R>\n\n0.052(s) elapsed\n";
        let document = read(xml).unwrap();
        assert_eq!(document.root, "R");
        assert_eq!(document.json, "\n{\"A\":\n\"1 < 2\",\"B\":[\n{\"C\":\"x\"},\n\"\"]}");
    }

    #[test]
    fn document_types_unknown_entities_and_early_ends_are_refused_with_their_line() {
        assert_eq!(read("<!DOCTYPE x>\n<R/>").unwrap_err().0, 1);
        assert_eq!(read("<R>\n&own;</R>").unwrap_err(), (2, "an entity that is not predefined".to_owned()));
        assert_eq!(read("<R>\n<A>").unwrap_err().0, 2);
        assert_eq!(read("<R><A></B></R>").unwrap_err().0, 1);
        assert!(read(&"<a>".repeat(100)).is_err());
        assert!(read("plain").is_err());
    }
}
