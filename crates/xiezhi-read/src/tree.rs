//! One value of a source, in three values: what API answers, Terraform and templates have in common.

use std::borrow::Cow;

use xiezhi_model::Reason;

/// A value and the line it stands on (from 1; 0 where lines mean nothing).
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'a> {
    /// The value.
    pub value: Tree<'a>,
    /// Its line.
    pub line: u32,
}

/// A value of a source. Values are made one resource at a time and dropped after it is mapped.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree<'a> {
    /// JSON null: the source says that there is none.
    Null,
    /// True or false.
    Bool(bool),
    /// A number, as the source writes it.
    Number(Cow<'a, str>),
    /// Text.
    Text(Cow<'a, str>),
    /// A list; the reason says why there may be more members (an unresolved `dynamic` block, a missing page).
    List(Vec<Node<'a>>, Option<Reason>),
    /// Keys and values in the order of the source; the reason says why there may be more keys.
    Map(Vec<(Cow<'a, str>, Node<'a>)>, Option<Reason>),
    /// A reference to an attribute of another resource of the same set, whose value is not known before it exists.
    Reference {
        /// The address of the resource: `alicloud_vpc.main`, a ROS logical id.
        address: Cow<'a, str>,
        /// The attribute: `id`, `arn`.
        attribute: Cow<'a, str>,
    },
    /// Nobody can tell, and why.
    Unknown(Reason),
}

impl<'a> Node<'a> {
    /// A value on a line.
    pub fn new(value: Tree<'a>, line: u32) -> Self {
        Self { value, line }
    }

    /// The same value, owning its parts.
    pub fn into_owned(self) -> Node<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        let value = match self.value {
            Tree::Null => Tree::Null,
            Tree::Bool(value) => Tree::Bool(value),
            Tree::Number(text) => Tree::Number(own(text)),
            Tree::Text(text) => Tree::Text(own(text)),
            Tree::List(items, more) => Tree::List(items.into_iter().map(Node::into_owned).collect(), more),
            Tree::Map(entries, more) => {
                Tree::Map(entries.into_iter().map(|(key, node)| (own(key), node.into_owned())).collect(), more)
            }
            Tree::Reference { address, attribute } => {
                Tree::Reference { address: own(address), attribute: own(attribute) }
            }
            Tree::Unknown(reason) => Tree::Unknown(reason),
        };
        Node::new(value, self.line)
    }

    /// The value under a key, when this is a map that has it.
    pub fn key(&self, name: &str) -> Option<&Node<'a>> {
        match &self.value {
            Tree::Map(entries, _) => entries.iter().find(|(key, _)| key == name).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The value as JSON text, for documents that a source holds as a value (policies); the reason when a part of it
    /// is unknown.
    pub fn json(&self) -> Result<String, Reason> {
        let mut out = String::new();
        self.write_json(&mut out)?;
        Ok(out)
    }

    fn write_json(&self, out: &mut String) -> Result<(), Reason> {
        match &self.value {
            Tree::Null => out.push_str("null"),
            Tree::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Tree::Number(text) => out.push_str(text),
            Tree::Text(text) => quote(text, out),
            Tree::List(_, Some(reason)) | Tree::Map(_, Some(reason)) | Tree::Unknown(reason) => {
                return Err(reason.clone());
            }
            Tree::List(items, None) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write_json(out)?;
                }
                out.push(']');
            }
            Tree::Map(entries, None) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    quote(key, out);
                    out.push(':');
                    value.write_json(out)?;
                }
                out.push('}');
            }
            Tree::Reference { address, attribute } => {
                return Err(Reason::unresolved(format!("{address}.{attribute}")));
            }
        }
        Ok(())
    }
}

/// Writes text as a JSON string. Source: RFC 8259 §7.
pub(crate) fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if u32::from(control) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            letter => out.push(letter),
        }
    }
    out.push('"');
}
