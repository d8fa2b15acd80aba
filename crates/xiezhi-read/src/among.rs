//! Which resources of a set something that nobody can read may speak of. Never guesses: what has no address may be meant.

use rustc_hash::FxHashSet;
use xiezhi_model::service::ecs::RegionSettings;
use xiezhi_model::{Resource, Scope, Text};

/// The resources that a part of a set which is not in evidence can name.
#[derive(Debug, Default)]
pub(crate) struct Among {
    /// The addresses of the resources that are handed to it.
    pub(crate) handed: FxHashSet<Text>,
    /// The addresses of those of which it knows the name: enough for a resource that has its name for an id.
    pub(crate) named: FxHashSet<Text>,
}

impl Among {
    /// The addresses of all of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Text> {
        self.handed.iter().chain(&self.named)
    }

    /// Whether the resource may be meant. What the account or a region has once needs no name.
    pub(crate) fn has<R: Resource>(&self, resource: &R) -> bool {
        let head = resource.head();
        // Before it exists, only a resource that is called by its own name has an id: or a reason why the name is not known.
        let called_by_name = head.id.reason().is_none_or(|reason| !reason.is_silence());
        R::SCHEMA.scope == Scope::Account
            || R::SCHEMA.kind == RegionSettings::SCHEMA.kind
            || head.address.is_empty()
            || holds(&self.handed, &head.address)
            || (called_by_name && holds(&self.named, &head.address))
    }
}

/// Whether an address, or the block that it is a part of, is among the addresses.
fn holds(addresses: &FxHashSet<Text>, address: &str) -> bool {
    let ends = address.char_indices().filter(|(_, letter)| *letter == '.').map(|(at, _)| at);
    addresses.contains(address) || ends.filter_map(|end| address.get(..end)).any(|whole| addresses.contains(whole))
}
