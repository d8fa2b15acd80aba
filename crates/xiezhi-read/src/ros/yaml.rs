//! YAML as a tree with lines. Scalars are typed by the core schema of YAML 1.2: `on` and `yes` are text.
//! Source: YAML 1.2.2, chapter 10.3.
//!
//! The parser's events are put together on a stack of our own, so that depth costs no call stack. A short tag becomes
//! the function that it stands for: `!Ref x` is `{Ref: x}`, `!GetAtt a.b` is `{Fn::GetAtt: a.b}`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};
use xiezhi_model::{ProblemKind, Reason};

use crate::tree::{Node, Tree};

/// Nesting deeper than this is refused: it stands before every recursive step over the tree.
const MAX_DEPTH: usize = 128;

/// How many values aliases may repeat in one file: beyond it a small file makes an endless tree.
const MAX_REPEATED: usize = 100_000;

/// What is wrong with a file or a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct YamlError {
    /// The line, from 1.
    pub(super) line: u32,
    /// Broken, too deep, or `Unexpected` for a key stated twice.
    pub(super) kind: ProblemKind,
    /// What is wrong, in a few words.
    pub(super) detail: String,
}

impl YamlError {
    fn new(line: u32, kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { line, kind, detail: detail.into() }
    }
}

/// Reads the first document of a text. What is odd but readable is put into `odd`.
pub(super) fn read<'a>(text: &'a str, odd: &mut Vec<YamlError>) -> Result<Node<'a>, YamlError> {
    let mut builder = Builder { open: vec![], anchors: BTreeMap::new(), repeated: 0, done: None, odd };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| broken(&error))?;
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
        builder.take(event, line)?;
        if builder.done.is_some() {
            break;
        }
    }
    builder.done.ok_or_else(|| YamlError::new(0, ProblemKind::BrokenYaml, "no document"))
}

fn broken(error: &ScanError) -> YamlError {
    let kind = if error.info().contains("recursion limit") { ProblemKind::TooDeep } else { ProblemKind::BrokenYaml };
    YamlError::new(u32::try_from(error.marker().line()).unwrap_or(u32::MAX), kind, error.info())
}

struct Builder<'a, 'o> {
    open: Vec<Open<'a>>,
    anchors: BTreeMap<usize, Node<'a>>,
    repeated: usize,
    done: Option<Node<'a>>,
    odd: &'o mut Vec<YamlError>,
}

/// A collection that is not closed yet.
struct Open<'a> {
    line: u32,
    anchor: usize,
    function: Option<String>,
    kind: OpenKind<'a>,
}

enum OpenKind<'a> {
    List(Vec<Node<'a>>),
    Map(Vec<(Cow<'a, str>, Node<'a>)>, Option<Cow<'a, str>>),
}

impl<'a> Builder<'a, '_> {
    fn take(&mut self, event: Event<'a>, line: u32) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tree = scalar(text, style, tag.as_deref());
                let node = wrap(Node::new(tree, line), function_of(tag.as_deref()));
                self.close(node, anchor)
            }
            Event::SequenceStart(anchor, tag) => self.enter(line, anchor, tag.as_deref(), OpenKind::List(vec![])),
            Event::MappingStart(anchor, tag) => self.enter(line, anchor, tag.as_deref(), OpenKind::Map(vec![], None)),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let tree = match open.kind {
                    OpenKind::List(items) => Tree::List(items, None),
                    OpenKind::Map(entries, _) => Tree::Map(self.settle(entries), None),
                };
                self.close(wrap(Node::new(tree, open.line), open.function), open.anchor)
            }
            Event::Alias(anchor) => {
                let node = match self.anchors.get(&anchor) {
                    Some(node) => node.clone(),
                    None => return Err(YamlError::new(line, ProblemKind::BrokenYaml, "an alias to itself")),
                };
                let (size, depth) = measure(&node);
                self.repeated = self.repeated.saturating_add(size);
                if self.repeated > MAX_REPEATED {
                    return Err(YamlError::new(line, ProblemKind::TooLarge, "aliases that repeat too much"));
                }
                if self.open.len().saturating_add(depth) > MAX_DEPTH {
                    return Err(too_deep(line));
                }
                self.close(node, 0)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn enter(&mut self, line: u32, anchor: usize, tag: Option<&Tag>, kind: OpenKind<'a>) -> Result<(), YamlError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(line));
        }
        self.open.push(Open { line, anchor, function: function_of(tag), kind });
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn close(&mut self, node: Node<'a>, anchor: usize) -> Result<(), YamlError> {
        if anchor > 0 {
            let (size, _) = measure(&node);
            self.repeated = self.repeated.saturating_add(size);
            if self.repeated > MAX_REPEATED {
                return Err(YamlError::new(node.line, ProblemKind::TooLarge, "anchors that keep too much"));
            }
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.done = Some(node),
            Some(OpenKind::List(items)) => items.push(node),
            Some(OpenKind::Map(entries, key)) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    let line = node.line;
                    *key = Some(match node.value {
                        Tree::Text(text) | Tree::Number(text) => text,
                        Tree::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
                        Tree::Null => Cow::Borrowed(""),
                        _ => return Err(YamlError::new(line, ProblemKind::BrokenYaml, "a key that is no plain value")),
                    });
                }
            },
        }
        Ok(())
    }

    /// Joins `<<` in and makes a key that is stated twice with different values unknown.
    fn settle(&mut self, entries: Vec<(Cow<'a, str>, Node<'a>)>) -> Vec<(Cow<'a, str>, Node<'a>)> {
        let mut kept: Vec<(Cow<'a, str>, Node<'a>)> = Vec::with_capacity(entries.len());
        let mut places: rustc_hash::FxHashMap<String, usize> = rustc_hash::FxHashMap::default();
        let mut joined = Vec::new();
        for (key, node) in entries {
            if key == "<<" {
                joined.push(node);
                continue;
            }
            match places.get(key.as_ref()).copied() {
                None => {
                    places.insert(key.to_string(), kept.len());
                    kept.push((key, node));
                }
                Some(at) => {
                    let detail = format!("the key `{}` is stated twice", crate::secret::mask(&key));
                    self.odd.push(YamlError::new(node.line, ProblemKind::Unexpected, detail));
                    if let Some((_, first)) = kept.get_mut(at)
                        && first.value != node.value
                    {
                        let reason = Reason::unreadable("the key is stated twice with different values");
                        first.value = Tree::Unknown(reason);
                    }
                }
            }
        }
        for node in joined {
            let maps = match node.value {
                Tree::List(items, _) => items,
                _ => vec![node],
            };
            for map in maps {
                let Tree::Map(entries, _) = map.value else { continue };
                for (key, node) in entries {
                    // What stands in the map itself, or in an earlier one, wins.
                    if !places.contains_key(key.as_ref()) {
                        places.insert(key.to_string(), kept.len());
                        kept.push((key, node));
                    }
                }
            }
        }
        kept
    }
}

fn too_deep(line: u32) -> YamlError {
    YamlError::new(line, ProblemKind::TooDeep, format!("nested deeper than {MAX_DEPTH} levels"))
}

/// How many values there are, and how deep they go.
fn measure(node: &Node<'_>) -> (usize, usize) {
    let inner: Vec<(usize, usize)> = match &node.value {
        Tree::List(items, _) => items.iter().map(measure).collect(),
        Tree::Map(entries, _) => entries.iter().map(|(_, node)| measure(node)).collect(),
        _ => return (1, 0),
    };
    let (size, depth) = inner
        .into_iter()
        .fold((1_usize, 0_usize), |(size, depth), (other, deep)| (size.saturating_add(other), depth.max(deep)));
    (size, depth.saturating_add(1))
}

/// The function that a short tag stands for.
fn function_of(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| tag.handle == "!" && !tag.suffix.is_empty())?;
    Some(match tag.suffix.as_str() {
        name @ ("Ref" | "Condition") => name.to_owned(),
        name => format!("Fn::{name}"),
    })
}

fn wrap(node: Node<'_>, function: Option<String>) -> Node<'_> {
    match function {
        None => node,
        Some(name) => {
            let line = node.line;
            Node::new(Tree::Map(vec![(Cow::Owned(name), node)], None), line)
        }
    }
}

fn scalar<'a>(text: Cow<'a, str>, style: ScalarStyle, tag: Option<&Tag>) -> Tree<'a> {
    let is_text = tag.is_some_and(|tag| !tag.is_yaml_core_schema() || tag.suffix == "str");
    if style != ScalarStyle::Plain || is_text {
        return Tree::Text(text);
    }
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Tree::Null,
        "true" | "True" | "TRUE" => Tree::Bool(true),
        "false" | "False" | "FALSE" => Tree::Bool(false),
        word if is_number(word) => Tree::Number(text),
        _ => Tree::Text(text),
    }
}

/// Decimal integers and floats of the core schema. Octal, hexadecimal, infinite and not-a-number forms stay text:
/// nothing here counts in them.
fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    let starts = unsigned.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.');
    let plain = unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'));
    starts && plain && word.parse::<f64>().is_ok()
}
