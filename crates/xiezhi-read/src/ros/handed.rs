//! What a nested stack or module that is not in evidence is handed: the resources of the template that it can name.
//!
//! A nested stack sees nothing of the template around it but the parameters that it is given. So what it can change of a
//! resource outside it, it can only through a parameter that leads to that resource: by `Ref`, `Fn::GetAtt` or `Fn::Sub`,
//! or by a name that is written in both. Source: ROS, ALIYUN::ROS::Stack `Parameters`; "Modules". That a stack may look a
//! resource up that it is not handed, as any other template may, is left out.

use std::collections::BTreeSet;

use super::eval::{Template, names_itself};
use crate::among::Known;
use crate::tree::{Node, Tree};

/// The shortest text of which a name may be made up.
const SHORTEST: usize = 3;

/// Properties by which a resource is called outside the template.
fn calls_it(property: &str) -> bool {
    property.contains("Name") || is_address(property)
}

/// Private addresses that a template chooses. Source: ROS, ALIYUN::ECS::Instance, ALIYUN::ECS::NetworkInterface,
/// ALIYUN::VPC::HaVip.
fn is_address(property: &str) -> bool {
    matches!(property, "PrivateIpAddress" | "PrimaryIpAddress" | "IpAddress")
}

/// What a part of the template leads to.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// Resources by their logical ids.
    resources: BTreeSet<String>,
    /// Values that come from elsewhere and may be part of two names: parameters, pseudo parameters, other stacks.
    shared: BTreeSet<String>,
    /// Texts that stand in the template.
    words: BTreeSet<String>,
    seen: BTreeSet<String>,
}

impl Carried {
    /// What the properties of a nested stack lead to.
    pub(super) fn by<'t>(template: &Template<'t>, stack: &'t Node<'t>) -> Self {
        let mut carried = Self::default();
        if let Some(Tree::Map(properties, _)) = stack.key("Properties").map(|node| &node.value) {
            let given = properties.iter().filter(|(property, _)| property != "TemplateURL");
            carried.follow(template, given.map(|(_, value)| value).collect());
        }
        carried
    }

    /// How the nested stack knows a resource.
    pub(super) fn knows<'t>(&self, template: &Template<'t>, name: &str, resource: &'t Node<'t>) -> Known {
        if self.resources.contains(name) {
            return Known::Handed;
        }
        let (mut called, mut addresses) = (Self::default(), Self::default());
        if let Some(Tree::Map(properties, _)) = resource.key("Properties").map(|node| &node.value) {
            for (property, value) in properties.iter().filter(|(property, _)| calls_it(property)) {
                let into = if is_address(property) { &mut addresses } else { &mut called };
                into.follow(template, vec![value]);
            }
        }
        if !self.words.is_disjoint(&addresses.words) {
            return Known::Handed;
        }
        let may_be = |a: &String| called.words.iter().any(|b| a.contains(b.as_str()) || b.contains(a.as_str()));
        let named = !self.shared.is_disjoint(&called.shared)
            || !self.resources.is_disjoint(&called.resources)
            || self.words.iter().any(may_be);
        if named { Known::Named } else { Known::Not }
    }

    fn follow<'t>(&mut self, template: &Template<'t>, mut work: Vec<&'t Node<'t>>) {
        while let Some(node) = work.pop() {
            match &node.value {
                Tree::Text(text) => self.word(text),
                Tree::List(items, _) => work.extend(items),
                Tree::Map(entries, _) => match entries.as_slice() {
                    [(function, argument)] if function == "Ref" || function == "Fn::GetAtt" => match path(argument) {
                        Some(path) => self.name(template, &path, &mut work),
                        None => work.push(argument),
                    },
                    [(function, argument)] if function == "Fn::Sub" => {
                        let parts = match &argument.value {
                            Tree::List(parts, _) => parts.as_slice(),
                            _ => std::slice::from_ref(argument),
                        };
                        for part in parts {
                            match &part.value {
                                Tree::Text(pattern) => self.pattern(template, pattern, &mut work),
                                _ => work.push(part),
                            }
                        }
                    }
                    entries => work.extend(entries.iter().map(|(_, value)| value)),
                },
                Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Reference { .. } | Tree::Unknown(_) => {}
            }
        }
    }

    fn word(&mut self, word: &str) {
        if word.len() >= SHORTEST {
            self.words.insert(word.to_owned());
        }
    }

    /// The names and texts of a pattern: `${Bucket}-logs`.
    fn pattern<'t>(&mut self, template: &Template<'t>, pattern: &str, work: &mut Vec<&'t Node<'t>>) {
        for (at, part) in pattern.split("${").enumerate() {
            match part.split_once('}').filter(|_| at > 0) {
                Some((name, text)) => {
                    self.name(template, name.trim(), work);
                    self.word(text);
                }
                None => self.word(part),
            }
        }
    }

    /// A parameter, or a resource with or without one of its attributes.
    fn name<'t>(&mut self, template: &Template<'t>, path: &str, work: &mut Vec<&'t Node<'t>>) {
        if !self.seen.insert(path.to_owned()) {
            return;
        }
        let (name, attribute) = path.split_once('.').map_or((path, None), |(name, attribute)| (name, Some(attribute)));
        if let Some(resource) = template.entry("Resources", name) {
            self.resources.insert(name.to_owned());
            let Some((attribute, properties)) = attribute.zip(resource.key("Properties")) else { return };
            match properties.key(attribute) {
                Some(property) => work.push(property),
                None if names_itself(resource, attribute) => {}
                // What a stack gives back, or an attribute that repeats another resource, may be what it was given.
                None => {
                    self.shared.insert(name.to_owned());
                    work.push(properties);
                }
            }
        } else if name != "ALIYUN::NoValue" && name != "ALIYUN::Index" {
            self.shared.insert(name.to_owned());
            let parameter = template.entry("Parameters", name);
            work.extend(parameter.and_then(|parameter| parameter.key("Default")));
        }
    }
}

/// What `Ref` or `Fn::GetAtt` names: a parameter, a resource, `resource.attribute`.
fn path(argument: &Node<'_>) -> Option<String> {
    match &argument.value {
        Tree::Text(path) => Some(path.to_string()),
        Tree::List(parts, _) => {
            let part = |part: &Node<'_>| match &part.value {
                Tree::Text(text) => Some(text.to_string()),
                _ => None,
            };
            parts.iter().map(part).collect::<Option<Vec<_>>>().map(|parts| parts.join("."))
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
