//! What analyses ask of the evidence as a whole: whether a kind was listed where a resource stands, and how strong a
//! conclusion is that rests on a listing.

use std::collections::BTreeSet;
use std::sync::Arc;

use xiezhi_model::{Fact, Gap, Head, Inventory, Label, Listing, ListingScope, Reason, Resource, Schema, Text};

/// What is known about the completeness of one kind, asked once and used for every resource.
#[derive(Debug)]
pub(super) struct Listed {
    gaps: Vec<Gap>,
    /// The accounts and regions that were listed to the end.
    whole: Vec<(Option<Text>, Option<Text>)>,
    only_account: Option<Text>,
    /// The weakest label among the listings of the kind.
    pub(super) label: Label,
}

impl Listed {
    /// The completeness of the kind `R`.
    pub(super) fn of<R: Resource>(inventory: &Inventory) -> Self {
        Self::of_kind(inventory, R::SCHEMA)
    }

    fn of_kind(inventory: &Inventory, kind: &'static Schema) -> Self {
        let listings: Vec<&Listing> = inventory.listings().iter().filter(|listing| listing.kind == kind.kind).collect();
        let whole = listings
            .iter()
            .filter(|listing| listing.gap.is_none())
            .filter_map(|listing| match &listing.scope {
                ListingScope::Account { account, region } => Some((account.clone(), region.clone())),
                ListingScope::Set(_) => None,
            })
            .collect();
        Self {
            whole,
            gaps: inventory.gaps(kind),
            only_account: inventory.only_account().cloned(),
            label: listings.iter().map(|listing| listing.origin.label).max().unwrap_or(Label::UserProvided),
        }
    }

    /// Why there may be more of the kind in the account, region or configuration of a resource; `None` when all of it
    /// is in evidence.
    pub(super) fn gap(&self, around: &Head) -> Option<&Reason> {
        self.found(around, |_| true)
    }

    /// Whether the account of a resource was listed to the end: a configuration lists what it declares and no more.
    pub(super) fn account(&self, around: &Head) -> Result<(), Reason> {
        let account = around.account.value().or(self.only_account.as_ref());
        let whole = |(of, region): &(Option<Text>, Option<Text>)| {
            region.is_none() && (of.is_none() || account.is_none() || of.as_ref() == account)
        };
        match self.whole.iter().any(whole) {
            true => Ok(()),
            false => Err(self.gaps.first().map_or(Reason::NotCollected, |gap| gap.reason.clone())),
        }
    }

    /// Why there may be more of the kind that names the resource, as a listener names its load balancer.
    pub(super) fn gap_of(&self, named: &Head) -> Option<&Reason> {
        self.found(named, |gap| {
            let about = |about: &Arc<BTreeSet<Text>>| named.address.is_empty() || about.contains(&named.address);
            gap.about.as_ref().is_none_or(about)
        })
    }

    fn found(&self, around: &Head, can_mean: impl Fn(&Gap) -> bool) -> Option<&Reason> {
        let account = around.account.value().or(self.only_account.as_ref());
        let listed_here = |(of, region): &(Option<Text>, Option<Text>)| {
            (of.is_none() || of.as_ref() == account) && (region.is_none() || region.as_ref() == around.region.value())
        };
        if around.set.is_empty() && self.whole.iter().any(listed_here) {
            return None;
        }
        let concerns = |gap: &&Gap| {
            let here = match &gap.of {
                None => true,
                Some(of) => Some(of) == account || *of == around.set || (account.is_none() && around.set.is_empty()),
            };
            let region = match (&gap.region, around.region.value()) {
                (Some(gap), Some(region)) => gap == region || region == "global",
                _ => true,
            };
            here && region && can_mean(gap)
        };
        self.gaps.iter().find(concerns).map(|gap| &gap.reason)
    }
}

/// Why there may be more of a kind in the account, region or configuration of a resource.
pub(crate) fn gap(inventory: &Inventory, kind: &'static Schema, around: &Head) -> Option<Reason> {
    Listed::of_kind(inventory, kind).gap(around).cloned()
}

/// The name under which proofs speak of a resource: its id, else its address, else its name.
pub(crate) fn called(head: &Head) -> Text {
    let id = head.id.value().cloned();
    id.or_else(|| (!head.address.is_empty()).then(|| head.address.clone()))
        .or_else(|| head.name.value().cloned())
        .unwrap_or_else(|| Text::from("a resource without a name"))
}

/// Why a fact is unknown; `None` when it is known or absent.
pub(super) fn why<T>(fact: &Fact<T>) -> Option<Reason> {
    fact.reason().cloned()
}
