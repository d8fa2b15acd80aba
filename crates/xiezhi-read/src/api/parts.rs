//! Kinds that are listed parent by parent: the log stores of each project.
//!
//! The listing of such a kind is complete where the listing of the parents is and every parent was asked.

use std::collections::BTreeMap;

use xiezhi_model::service::{sls, waf};
use xiezhi_model::{Batch, Fact, Listing, ListingScope, Origin, Reason, Schema, Text};

use super::driver::Taken;

/// A kind and the kind of its parents, by whose id the call asks.
const PARENTS: &[(&Schema, &Schema)] = &[
    (sls::Logstore::SCHEMA, sls::Project::SCHEMA),
    (sls::Alert::SCHEMA, sls::Project::SCHEMA),
    (waf::Rule::SCHEMA, waf::Template::SCHEMA),
];

/// The values of a request's parameters, and why its answer is not everything.
type Asked = (Vec<Text>, Option<Reason>);

/// What was asked of the parents.
#[derive(Default)]
pub(super) struct Parts {
    /// By kind.
    asked: BTreeMap<&'static str, Vec<Asked>>,
    origins: BTreeMap<&'static str, Origin>,
}

impl Parts {
    /// A call that lists a kind for one parent was made.
    pub(super) fn add(&mut self, schema: &'static Schema, taken: &Taken<'_>, gap: Option<Reason>) {
        let values = taken.params.iter().map(|(_, value)| value.clone()).collect();
        self.asked.entry(schema.kind).or_default().push((values, gap));
        self.origins.entry(schema.kind).or_insert_with(|| taken.origin());
    }

    /// States the listings that follow, region by region as the parents are listed.
    pub(super) fn list(&self, batch: &mut Batch, account: &Fact<Text>) {
        let mut said = vec![];
        for (schema, parent) in PARENTS {
            let parents = batch.ids_of(parent);
            for listing in batch.listings_of(parent) {
                let ListingScope::Account { region, .. } = &listing.scope else { continue };
                let here = |of: &Option<Text>| region.is_none() || of.is_none() || of == region;
                let gap = listing
                    .gap
                    .clone()
                    .or_else(|| parents.iter().filter(|(of, _)| here(of)).find_map(|(_, id)| self.gap_of(schema, id)));
                let scope = ListingScope::Account { account: account.value().cloned(), region: region.clone() };
                let origin = self.origins.get(schema.kind).unwrap_or(&listing.origin).clone();
                said.push(Listing { kind: schema.kind, scope, gap, origin });
            }
        }
        said.into_iter().for_each(|listing| batch.listing(listing));
    }

    /// Why the listing for one parent is not complete.
    fn gap_of(&self, schema: &Schema, parent: &Text) -> Option<Reason> {
        let mut asked = self.asked.get(schema.kind).into_iter().flatten().filter(|(values, _)| values.contains(parent));
        match asked.next() {
            Some((_, gap)) => gap.clone().and_then(|gap| match asked.find(|(_, gap)| gap.is_none()) {
                Some(_) => None,
                None => Some(gap),
            }),
            None => Some(Reason::NotCollected),
        }
    }
}
