//! A block's body as a map: attributes, and nested blocks as lists of maps.

use std::borrow::Cow;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body, Structure};

use xiezhi_model::Reason;

use super::eval::{Binding, Context, pairs_of};
use super::module::attribute;
use super::value::{Eval, Value};
use crate::tree::{Node, Tree};

/// What belongs to Terraform and not to the resource. Source: Terraform language, "Meta-Arguments".
const META: &[&str] =
    &["count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection", "timeouts"];

/// The name under which a nested block counts: the label of a `dynamic` block, else its own.
pub(super) fn ident_of(block: &Block) -> &str {
    match (block.ident.as_str(), block.labels.first()) {
        ("dynamic", Some(label)) => label.as_str(),
        (ident, _) => ident,
    }
}

impl<'c, 'a> Context<'c, 'a> {
    /// The body as a map that stands on `line`.
    pub(super) fn body(self, body: &'a Body, line: u32) -> Value {
        let mut entries: Vec<(Cow<'static, str>, Value)> = Vec::new();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let name = attribute.key.as_str();
                    if !META.contains(&name) {
                        let mut value = self.value(&attribute.value);
                        value.line = self.file.line(attribute);
                        entries.push((Cow::Owned(name.to_owned()), value));
                    }
                }
                Structure::Block(block) => {
                    let name = ident_of(block);
                    if META.contains(&name) || entries.iter().any(|(known, _)| known == name) {
                        continue;
                    }
                    let line = self.file.line(block);
                    entries.push((Cow::Owned(name.to_owned()), super::value::settle(self.blocks(body, name), line)));
                }
            }
        }
        Node::new(Tree::Map(entries, None), line)
    }

    /// All nested blocks of one name as a list.
    pub(super) fn blocks(self, body: &'a Body, name: &str) -> Eval {
        let mut items = Vec::new();
        let mut more = None;
        let mut first_line = 0;
        for block in body.blocks().filter(|block| ident_of(block) == name) {
            let line = self.file.line(block);
            if items.is_empty() {
                first_line = line;
            }
            if block.ident.as_str() != "dynamic" {
                items.push(self.body(&block.body, line));
                continue;
            }
            let Some(content) = block.body.get_blocks("content").next() else { continue };
            let Some(collection) = attribute(&block.body, "for_each") else { continue };
            let (pairs, gap) = match self.eval(collection).and_then(pairs_of) {
                Ok(pairs) => pairs,
                Err(stop) => {
                    more = Some(stop.reason());
                    continue;
                }
            };
            more = more.or(gap);
            let is_list = pairs.iter().all(|(key, _)| matches!(key.value, Tree::Number(_)));
            let iterator = attribute(&block.body, "iterator").and_then(Expression::as_variable);
            let iterator = iterator.map_or(name, |ident| ident.as_str());
            for (key, value) in pairs {
                self.scope.world.pay(1)?;
                // The key of a set's member is the member, that of a list's member its index. Sets are lists here, so
                // nobody can tell which of the two is meant.
                let key = if is_list && !matches!(value.value, Tree::Map(..)) {
                    Node::new(Tree::Unknown(Reason::unresolved(format!("{iterator}.key"))), line)
                } else {
                    key
                };
                let pair = Tree::Map(vec![("key".into(), key), ("value".into(), value)], None);
                let pair = Node::new(pair, line);
                let binding = Binding { name: iterator, value: &pair, outer: self.bindings };
                items.push(self.with(&binding).body(&content.body, line));
            }
        }
        Ok(Node::new(Tree::List(items, more), first_line))
    }
}
