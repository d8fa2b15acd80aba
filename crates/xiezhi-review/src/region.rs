//! The legal context of regions, settled before any regulatory sentence (operating rule O4).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use xiezhi_model::{Inventory, Label, Text};

/// Which law a region stands under. Source: `data/regions.toml`; PIPL arts. 3, 38–40; CSL art. 39.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Context {
    /// Mainland China: CSL, MLPS, DSL and PIPL apply to what is operated there.
    Mainland,
    /// Hong Kong: part of China, outside the mainland for data export and for MLPS recording.
    HongKong,
    /// Anywhere else: local law; PIPL may reach in by art. 3(2).
    International,
}

impl Context {
    /// The word in the JSON result.
    pub fn as_str(self) -> &'static str {
        match self {
            Context::Mainland => "mainland",
            Context::HongKong => "hongkong",
            Context::International => "international",
        }
    }
}

/// A region as the provider names it.
#[derive(Debug, Clone, Deserialize)]
pub struct Region {
    /// The id, `cn-hangzhou`.
    pub id: String,
    /// The English name.
    pub en: String,
    /// The Chinese name.
    pub zh: String,
    /// Which law it stands under.
    pub context: Context,
    /// The kind of cloud: `public`, `finance`, `government`, …
    pub cloud: String,
    /// `active`, `closed`, `unconfirmed`, …
    pub status: String,
}

#[derive(Deserialize)]
struct File {
    region: Vec<Region>,
}

/// Every region that is known, by id.
pub fn regions() -> &'static BTreeMap<String, Region> {
    static REGIONS: OnceLock<BTreeMap<String, Region>> = OnceLock::new();
    REGIONS.get_or_init(|| {
        // The file is part of the program and a test reads it; a broken one leaves every region presumed.
        let file: Result<File, _> = toml::from_str(include_str!("../data/regions.toml"));
        file.map_or_else(|_| BTreeMap::new(), |file| file.region.into_iter().map(|r| (r.id.clone(), r)).collect())
    })
}

/// The context of a region id, and whether it is only presumed from the id's prefix because the region is not known.
pub fn context_of(id: &str) -> (Context, Label) {
    let id = id.strip_prefix("oss-").unwrap_or(id).trim_end_matches('.');
    match regions().get(id) {
        Some(region) => (region.context, Label::Documentation),
        None if id.starts_with("cn-hongkong") => (Context::HongKong, Label::Inference),
        None if id.starts_with("cn-") => (Context::Mainland, Label::Inference),
        None => (Context::International, Label::Inference),
    }
}

/// Where the estate lives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Legal {
    /// The regions in which the evidence has resources or was asked, by context.
    pub regions: BTreeMap<Context, Vec<Text>>,
    /// Regions whose context is only presumed from their id.
    pub presumed: Vec<Text>,
    /// How many resources do not say in which region they are.
    pub regionless: usize,
}

impl Legal {
    /// The context of everything in the inventory.
    pub fn of(inventory: &Inventory) -> Self {
        let mut ids: BTreeMap<Text, ()> = BTreeMap::new();
        let mut legal = Self::default();
        for regions in inventory.regions_asked().values().filter_map(|fact| fact.value()) {
            ids.extend(regions.items.iter().map(|id| (id.clone(), ())));
        }
        for (_, table) in inventory.kinds() {
            for head in (0..table.count()).filter_map(|i| table.record(i)?.resource_head()) {
                match head.region.value() {
                    Some(id) if id == "global" => {}
                    Some(id) if ids.contains_key(id) => {}
                    Some(id) => {
                        ids.insert(id.clone(), ());
                    }
                    None => legal.regionless = legal.regionless.saturating_add(1),
                }
            }
        }
        for (id, ()) in ids {
            let (context, label) = context_of(&id);
            if label == Label::Inference {
                legal.presumed.push(id.clone());
            }
            legal.regions.entry(context).or_insert_with(Vec::new).push(id);
        }
        legal
    }

    /// Whether anything of the estate is operated in mainland China; `None` when no region is known at all.
    pub fn in_mainland(&self) -> Option<bool> {
        if self.regions.is_empty() { None } else { Some(self.regions.contains_key(&Context::Mainland)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_region_has_a_context_and_both_names() {
        assert!(regions().len() > 40, "the region file is read");
        for region in regions().values() {
            assert!(!region.en.is_empty() && !region.zh.is_empty(), "{}", region.id);
        }
        assert_eq!(context_of("cn-hangzhou"), (Context::Mainland, Label::Documentation));
        assert_eq!(context_of("oss-cn-hangzhou"), (Context::Mainland, Label::Documentation));
        assert_eq!(context_of("cn-hongkong"), (Context::HongKong, Label::Documentation));
        assert_eq!(context_of("ap-southeast-1"), (Context::International, Label::Documentation));
    }

    #[test]
    fn an_unlisted_region_is_presumed_from_its_prefix_and_says_so() {
        assert_eq!(context_of("cn-newplace-9"), (Context::Mainland, Label::Inference));
        assert_eq!(context_of("ap-nowhere-1"), (Context::International, Label::Inference));
    }
}
