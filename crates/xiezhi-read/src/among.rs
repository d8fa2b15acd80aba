//! Which resources of a set something that nobody can read may speak of. Never guesses: what has no address may be meant.

use rustc_hash::FxHashSet;
use xiezhi_model::service::{ecs, mns, rds};
use xiezhi_model::{Resource, Scope, Text};

/// How a part of a set that is not in evidence may know a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// It is given the resource.
    Handed,
    /// It may be given its name.
    Named,
    /// It is given neither.
    Not,
}

/// The resources that a part of a set which is not in evidence can name.
#[derive(Debug, Default)]
pub(crate) struct Among {
    /// The addresses of the resources that are handed to it.
    pub(crate) handed: FxHashSet<Text>,
    /// The addresses of those of which it knows the name: enough for a resource that has its name for an id.
    pub(crate) named: FxHashSet<Text>,
}

impl Among {
    /// Takes in how the resource at an address is known.
    pub(crate) fn add(&mut self, address: &Text, known: Known) {
        match known {
            Known::Handed => self.handed.insert(address.clone()),
            Known::Named => self.named.insert(address.clone()),
            Known::Not => false,
        };
    }

    /// The addresses of all of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Text> {
        self.handed.iter().chain(&self.named)
    }

    /// Whether the resource may be meant. What the account or a region has once needs no name.
    pub(crate) fn has<R: Resource>(&self, resource: &R) -> bool {
        let head = resource.head();
        // Before it exists, only a resource that is called by its own name has an id: or a reason why the name is not known.
        let called_by_name = head.id.reason().is_none_or(|reason| !reason.is_silence());
        there_once::<R>()
            || head.address.is_empty()
            || holds(&self.handed, &head.address)
            || (called_by_name && holds(&self.named, &head.address))
    }
}

/// Whether an account or a region has exactly one of a kind.
pub(crate) fn there_once<R: Resource>() -> bool {
    let regional = [ecs::RegionSettings::SCHEMA.kind, rds::RegionSettings::SCHEMA.kind, mns::Endpoint::SCHEMA.kind];
    R::SCHEMA.scope == Scope::Account || regional.contains(&R::SCHEMA.kind)
}

/// Whether an address, or the block that it is a part of, is among the addresses.
fn holds(addresses: &FxHashSet<Text>, address: &str) -> bool {
    let ends = address.char_indices().filter(|(_, letter)| *letter == '.').map(|(at, _)| at);
    addresses.contains(address) || ends.filter_map(|end| address.get(..end)).any(|whole| addresses.contains(whole))
}
