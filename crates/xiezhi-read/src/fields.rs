//! How adapters read facts out of a [`Node`]: by path, typed, with the three values and the place kept.

use xiezhi_model::{Fact, Label, Link, List, OWN_ACCOUNT, Origin, Reason, Resource, Source, SourceKind, State, Text};

use crate::tree::{Node, Tree};

/// The fields of one resource of a source, as an adapter sees them.
///
/// Paths are dotted: `VpcAttributes.VpcId`. A list of exactly one member on the way is entered by itself, because
/// Terraform writes a nested block as a list. What a missing key means is the adapter's knowledge, said by the
/// choice of method: `text` (missing is unknown: this evidence does not say), `opt_text` (missing, null or empty is
/// absent: the source leaves out what there is not), `text_or` (missing is the provider's documented default).
#[derive(Debug, Clone, Copy)]
pub struct Fields<'t> {
    node: &'t Node<'t>,
    origin: &'t Origin,
    set: &'t str,
}

/// What stands at a path.
enum Found<'t> {
    Node(&'t Node<'t>),
    Missing,
    Unknown(Reason),
}

impl<'t> Fields<'t> {
    /// The fields of a node that stands in the source of `origin`; `set` is the evidence set for references.
    pub fn new(node: &'t Node<'t>, origin: &'t Origin, set: &'t str) -> Self {
        Self { node, origin, set }
    }

    /// Where the resource stands.
    pub fn origin(&self) -> Origin {
        self.at(self.node)
    }

    /// The evidence set that references belong to.
    pub fn set(&self) -> &'t str {
        self.set
    }

    /// The whole value.
    pub fn node(&self) -> &'t Node<'t> {
        self.node
    }

    fn at(&self, node: &Node<'_>) -> Origin {
        if node.line > 0 { self.origin.at(node.line) } else { self.origin.clone() }
    }

    fn find(&self, path: &str) -> Found<'t> {
        let mut here = self.node;
        for step in path.split('.').filter(|step| !step.is_empty()) {
            here = match enter_single(here) {
                Ok(node) => node,
                Err(reason) => return Found::Unknown(reason),
            };
            match (&here.value, here.key(step)) {
                (_, Some(next)) => here = next,
                (Tree::Unknown(reason), _) => return Found::Unknown(reason.clone()),
                (Tree::Reference { address, attribute }, _) => {
                    return Found::Unknown(Reason::unresolved(format!("{address}.{attribute}.{step}")));
                }
                (Tree::Map(_, Some(reason)), None) => return Found::Unknown(reason.clone()),
                (_, None) => return Found::Missing,
            }
        }
        Found::Node(here)
    }

    /// Whether anything stands at the path, be it null or unknown.
    pub fn has(&self, path: &str) -> bool {
        !matches!(self.find(path), Found::Missing)
    }

    /// The value at a path, when there is a value there: for adapters that look before they map.
    pub fn peek(&self, path: &str) -> Option<&'t Node<'t>> {
        match self.find(path) {
            Found::Node(node) => Some(node),
            Found::Missing | Found::Unknown(_) => None,
        }
    }

    /// The text at a path, when it is plainly there: for dispatch, not for facts.
    pub fn plain(&self, path: &str) -> Option<&'t str> {
        match &self.peek(path)?.value {
            Tree::Text(text) | Tree::Number(text) => Some(text.as_ref()),
            _ => None,
        }
    }

    fn read<T>(
        &self,
        path: &str,
        missing: impl FnOnce(Origin) -> Fact<T>,
        convert: impl FnOnce(&Self, &'t Node<'t>) -> Result<Option<T>, Reason>,
    ) -> Fact<T> {
        match self.find(path) {
            Found::Missing => missing(self.origin()),
            Found::Unknown(reason) => Fact::unknown(reason, self.origin()),
            Found::Node(node) => {
                let origin = self.at(node);
                match &node.value {
                    Tree::Null => missing(origin),
                    Tree::Unknown(reason) => Fact::unknown(reason.clone(), origin),
                    _ => match convert(self, node) {
                        Ok(Some(value)) => Fact::known(value, origin),
                        Ok(None) => Fact::absent(origin),
                        Err(reason) => Fact::unknown(reason, origin),
                    },
                }
            }
        }
    }

    /// Text; missing is unknown.
    pub fn text(&self, path: &str) -> Fact<Text> {
        self.read(path, unsaid, |_, node| text_of(node).map(Some))
    }

    /// Text in which the own account's id may stand by its name ([`OWN_ACCOUNT`]); missing is unknown.
    pub fn open_text(&self, path: &str) -> Fact<Text> {
        self.read(path, unsaid, |_, node| open_text_of(node).map(Some))
    }

    /// Text as [`Self::open_text`]; missing, null or empty is absent.
    pub fn opt_open_text(&self, path: &str) -> Fact<Text> {
        self.read(path, Fact::absent, |_, node| open_text_of(node).map(|text| (!text.is_empty()).then_some(text)))
    }

    /// Text; missing, null or empty is absent.
    pub fn opt_text(&self, path: &str) -> Fact<Text> {
        self.read(path, Fact::absent, |_, node| {
            text_of(node).map(|text| if text.is_empty() { None } else { Some(text) })
        })
    }

    /// Text; missing or empty is the documented default. `page` is the documentation that states it.
    pub fn text_or(&self, path: &str, default: &str, page: &str) -> Fact<Text> {
        let fact = self.read(
            path,
            |_| documented(page).known(Text::from(default)),
            |_, node| text_of(node).map(|text| if text.is_empty() { None } else { Some(text) }),
        );
        if fact.is_absent() { documented(page).known(Text::from(default)) } else { fact }
    }

    /// A word in lower case, with `-` for `_` and blanks, so that every source spells it alike; missing or empty is
    /// unknown.
    pub fn word(&self, path: &str) -> Fact<Text> {
        said(self.opt_word(path))
    }

    /// A word as [`Self::word`]; missing or empty is absent.
    pub fn opt_word(&self, path: &str) -> Fact<Text> {
        self.opt_text(path).map(|text| text.to_ascii_lowercase().replace(['_', ' '], "-").into())
    }

    /// A word as [`Self::word`]; missing or empty is the documented default.
    pub fn word_or(&self, path: &str, default: &str, page: &str) -> Fact<Text> {
        or_documented(self.opt_word(path), Text::from(default), page)
    }

    /// True or false; missing or empty is unknown.
    pub fn bool(&self, path: &str) -> Fact<bool> {
        self.flag(path, &["1"], &["0"])
    }

    /// True or false; missing or empty is the documented default.
    pub fn bool_or(&self, path: &str, default: bool, page: &str) -> Fact<bool> {
        self.flag_or(path, &["1"], &["0"], default, page)
    }

    /// A whole number; missing or empty is unknown. Digits in text count as a number.
    pub fn int(&self, path: &str) -> Fact<i64> {
        said(self.opt_int(path))
    }

    /// A whole number; missing or empty is absent.
    pub fn opt_int(&self, path: &str) -> Fact<i64> {
        self.read(path, Fact::absent, |_, node| int_of(node))
    }

    /// A whole number; missing or empty is the documented default.
    pub fn int_or(&self, path: &str, default: i64, page: &str) -> Fact<i64> {
        or_documented(self.opt_int(path), default, page)
    }

    /// A switch that the source writes as a word: true for `true` and one of `yes`, false for `false` and one of `no`
    /// (letter case is ignored), not understood for any other word; missing or empty is unknown.
    pub fn flag(&self, path: &str, yes: &[&str], no: &[&str]) -> Fact<bool> {
        said(self.read(path, Fact::absent, |_, node| flag_of(node, yes, no)))
    }

    /// A switch as [`Self::flag`]; missing or empty is the documented default.
    pub fn flag_or(&self, path: &str, yes: &[&str], no: &[&str], default: bool, page: &str) -> Fact<bool> {
        or_documented(self.read(path, Fact::absent, |_, node| flag_of(node, yes, no)), default, page)
    }

    /// A list of texts; missing is unknown. A text with commas counts as its parts: APIs write white lists so.
    pub fn texts(&self, path: &str) -> Fact<List<Text>> {
        self.read(path, unsaid, |_, node| texts_of(node).map(Some))
    }

    /// A list of texts; missing is the empty list.
    pub fn opt_texts(&self, path: &str) -> Fact<List<Text>> {
        self.read(path, |origin| Fact::known(List::complete(vec![]), origin), |_, node| texts_of(node).map(Some))
    }

    /// A link to another resource by its id or by reference; missing or empty is absent.
    pub fn link<R: Resource>(&self, path: &str) -> Fact<Link<R>> {
        self.read(path, Fact::absent, |fields, node| match &node.value {
            Tree::Reference { address, .. } if address != OWN_ACCOUNT => Ok(Some(Link::address(fields.set, address))),
            _ => text_of(node).map(|text| if text.is_empty() { None } else { Some(Link::id(text)) }),
        })
    }

    /// A link to what the resource is a part of: every whole answer names it, so that missing or empty is unknown.
    pub fn parent<R: Resource>(&self, path: &str) -> Fact<Link<R>> {
        said(self.link(path))
    }

    /// A list of links; missing is the empty list.
    pub fn links<R: Resource>(&self, path: &str) -> Fact<List<Link<R>>> {
        self.read(
            path,
            |origin| Fact::known(List::complete(vec![]), origin),
            |fields, node| {
                if let Tree::Reference { address, attribute } = &node.value
                    && address != OWN_ACCOUNT
                {
                    // A plan knows of a set that it refers to this resource, and not what else is in it.
                    let more = Some(Reason::unresolved(format!("{address}.{attribute}")));
                    return Ok(Some(List { items: vec![Link::address(fields.set, address)], more }));
                }
                let Tree::List(items, more) = &node.value else {
                    return texts_of(node).map(|texts| {
                        Some(List { items: texts.items.into_iter().map(Link::id).collect(), more: texts.more })
                    });
                };
                let mut list = List { items: Vec::with_capacity(items.len()), more: more.clone() };
                for item in items {
                    match &item.value {
                        Tree::Reference { address, .. } if address != OWN_ACCOUNT => {
                            list.items.push(Link::address(fields.set, address));
                        }
                        _ => match text_of(item) {
                            Ok(text) => list.items.push(Link::id(text)),
                            Err(reason) => list.more = Some(reason),
                        },
                    }
                }
                Ok(Some(list))
            },
        )
    }

    /// A list of records; missing is unknown. A single map counts as a list of one.
    pub fn records<T>(&self, path: &str, each: impl FnMut(Fields<'t>) -> T) -> Fact<List<T>> {
        self.read(path, unsaid, |fields, node| records_of(fields, node, each).map(Some))
    }

    /// A list of records; missing or null is the empty list.
    pub fn opt_records<T>(&self, path: &str, each: impl FnMut(Fields<'t>) -> T) -> Fact<List<T>> {
        self.read(
            path,
            |origin| Fact::known(List::complete(vec![]), origin),
            |fields, node| records_of(fields, node, each).map(Some),
        )
    }

    /// The members of a list at a path, for adapters that make resources of them; missing is no members.
    pub fn each(&self, path: &str) -> Vec<Fields<'t>> {
        match self.peek(path).map(|node| (&node.value, node)) {
            Some((Tree::List(items, _), _)) => items.iter().map(|node| Fields { node, ..*self }).collect(),
            Some((Tree::Map(..), node)) => vec![Fields { node, ..*self }],
            _ => vec![],
        }
    }

    /// The fields of a map at a path.
    pub fn sub(&self, path: &str) -> Option<Fields<'t>> {
        let node = enter_single(self.peek(path)?).ok()?;
        matches!(node.value, Tree::Map(..)).then_some(Fields { node, ..*self })
    }

    /// A fact inside a nested block: `read` when the block is there, `missing` when it is not.
    pub fn in_block<T>(
        &self,
        path: &str,
        read: impl FnMut(Fields<'t>) -> Fact<T>,
        missing: impl FnOnce() -> Fact<T>,
    ) -> Fact<T> {
        let blocks = self.opt_records(path, read);
        match blocks.state {
            State::Known(list) => match (list.items.into_iter().next(), list.more) {
                (Some(first), _) => first,
                (None, Some(reason)) => Fact::unknown(reason, blocks.origin),
                (None, None) => missing(),
            },
            State::Absent => missing(),
            State::Unknown(reason) => Fact::unknown(reason, blocks.origin),
        }
    }

    /// A fact that the source itself states by being there.
    pub fn known<T>(&self, value: T) -> Fact<T> {
        Fact::known(value, self.origin())
    }

    /// A fact that the source itself denies by being there.
    pub fn absent<T>(&self) -> Fact<T> {
        Fact::absent(self.origin())
    }

    /// A fact that this source cannot tell.
    pub fn unknown<T>(&self, reason: Reason) -> Fact<T> {
        Fact::unknown(reason, self.origin())
    }
}

/// A documented provider default: where it is stated. The facts it makes give way to any source that looked.
pub fn documented(page: &str) -> Documented {
    Documented(Origin::new(Source::shared(SourceKind::Documentation, page, ""), 0, Label::Documentation))
}

/// What is assumed where nothing is documented and nobody looked: an inference, and `why` names the assumption. It gives
/// way to any source that looked, as a documented default does.
pub fn assumed(why: &str) -> Documented {
    Documented(Origin::new(Source::shared(SourceKind::Documentation, why, ""), 0, Label::Inference))
}

/// A documentation page that states provider defaults.
#[derive(Debug, Clone)]
pub struct Documented(Origin);

impl Documented {
    /// The default is this value.
    pub fn known<T>(&self, value: T) -> Fact<T> {
        Fact::known(value, self.0.clone())
    }

    /// The default is that there is none.
    pub fn absent<T>(&self) -> Fact<T> {
        Fact::absent(self.0.clone())
    }
}

fn unsaid<T>(origin: Origin) -> Fact<T> {
    Fact::unknown(Reason::NotInEvidence, origin)
}

/// What is left out was not said.
fn said<T>(fact: Fact<T>) -> Fact<T> {
    if fact.is_absent() { unsaid(fact.origin) } else { fact }
}

/// What is left out is the documented default.
fn or_documented<T>(fact: Fact<T>, default: T, page: &str) -> Fact<T> {
    if fact.is_absent() { documented(page).known(default) } else { fact }
}

/// Enters lists of exactly one member, as Terraform writes nested blocks.
fn enter_single<'t>(node: &'t Node<'t>) -> Result<&'t Node<'t>, Reason> {
    match &node.value {
        Tree::List(items, more) => match (items.as_slice(), more) {
            ([single], None) => Ok(single),
            ([], Some(reason)) | ([_], Some(reason)) => Err(reason.clone()),
            _ => Ok(node),
        },
        _ => Ok(node),
    }
}

fn open_text_of(node: &Node<'_>) -> Result<Text, Reason> {
    match &node.value {
        Tree::Text(text) if !is_masked(text) => Ok(Text::from(text.as_ref())),
        _ => text_of(node),
    }
}

fn text_of(node: &Node<'_>) -> Result<Text, Reason> {
    match &node.value {
        Tree::Text(text) if is_masked(text) => Err(Reason::Redacted),
        Tree::Text(text) if text.contains(OWN_ACCOUNT) => Err(Reason::unresolved(OWN_ACCOUNT)),
        Tree::Text(text) | Tree::Number(text) => Ok(Text::from(text.as_ref())),
        Tree::Bool(value) => Ok(Text::from(if *value { "true" } else { "false" })),
        Tree::Reference { address, attribute } => Err(Reason::unresolved(format!("{address}.{attribute}"))),
        Tree::Unknown(reason) => Err(reason.clone()),
        Tree::Null => Ok(Text::default()),
        Tree::List(..) => Err(Reason::not_understood("a list where text was expected")),
        Tree::Map(..) => Err(Reason::not_understood("an object where text was expected")),
    }
}

/// Whether somebody masked the value before handing it over: a run of three asterisks or more.
pub fn is_masked(text: &str) -> bool {
    text.contains("***")
}

fn flag_of(node: &Node<'_>, yes: &[&str], no: &[&str]) -> Result<Option<bool>, Reason> {
    let text = text_of(node)?;
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(&text));
    match () {
        () if text.is_empty() => Ok(None),
        () if is(&["true"]) || is(yes) => Ok(Some(true)),
        () if is(&["false"]) || is(no) => Ok(Some(false)),
        () => Err(Reason::not_understood(format!("the word `{text}`"))),
    }
}

fn int_of(node: &Node<'_>) -> Result<Option<i64>, Reason> {
    let text = text_of(node)?;
    let whole = text.strip_suffix(".0").unwrap_or(&text).trim();
    if whole.is_empty() {
        return Ok(None);
    }
    let number =
        whole.parse().map_err(|_| Reason::not_understood(format!("`{text}` where a whole number was expected")))?;
    Ok(Some(number))
}

fn texts_of(node: &Node<'_>) -> Result<List<Text>, Reason> {
    match &node.value {
        Tree::List(items, more) => {
            let mut list = List { items: Vec::with_capacity(items.len()), more: more.clone() };
            for item in items {
                match text_of(item) {
                    Ok(text) => list.items.push(text),
                    Err(reason) => list.more = Some(reason),
                }
            }
            Ok(list)
        }
        _ => {
            let text = text_of(node)?;
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Text::from).collect();
            Ok(List::complete(parts))
        }
    }
}

fn records_of<'t, T>(
    fields: &Fields<'t>,
    node: &'t Node<'t>,
    mut each: impl FnMut(Fields<'t>) -> T,
) -> Result<List<T>, Reason> {
    match &node.value {
        Tree::List(items, more) => {
            let mut list = List { items: Vec::with_capacity(items.len()), more: more.clone() };
            for item in items {
                match &item.value {
                    Tree::Unknown(reason) => list.more = Some(reason.clone()),
                    _ => list.items.push(each(Fields { node: item, ..*fields })),
                }
            }
            Ok(list)
        }
        Tree::Map(..) => Ok(List::complete(vec![each(Fields { node, ..*fields })])),
        Tree::Reference { address, attribute } => Err(Reason::unresolved(format!("{address}.{attribute}"))),
        _ => Err(Reason::not_understood("a plain value where a list was expected")),
    }
}
