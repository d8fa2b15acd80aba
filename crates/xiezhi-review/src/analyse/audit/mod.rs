//! Whether ActionTrail keeps the events of an account: per region and class of events, and for how long. Source: network
//! semantics §12.1: a trail covers when it runs, takes the region and the class, is of the account or of its
//! organisation, delivers without error under a role that may write, and to a target that is there and not public; data events need a
//! selector, insight events are switched on apart. What keeps the events and may still lose them, or let others read
//! them, is named beside (the sixth condition).

mod role;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
mod trail;

use std::collections::BTreeSet;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::actiontrail::Trail;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{Fact, Inventory, Label, List, Reason, State, Text};

use super::evidence::{Listed, called};
use super::log_retention::FOR_EVER;
use super::{Analysis, Proof, derived, in_words};
use trail::{all, delivers, events, fact, retention, risks_of, speaks_of, takes, target};

/// See the module.
pub(super) struct Audit;

const NAME: &str = "audit";

/// The classes of management events.
const CLASSES: [&str; 2] = ["write", "read"];

/// The regions that may hold the events of global services (RAM, logons), which are recorded once. Source: ActionTrail
/// GetGlobalEventsStorageRegion.
const HOMES: [&str; 2] = ["cn-hangzhou", "ap-southeast-1"];

/// Whether a condition holds; why that is not known otherwise.
type Holds = Result<bool, Reason>;

/// A class of events.
#[derive(Clone, Copy)]
enum Class<'c> {
    /// Management events: `read` or `write`.
    Management(&'c str),
    /// Reads and writes of the data of a service.
    Data(&'c str),
    /// Unusual activity.
    Insight,
}

impl Analysis for Audit {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let kept: Vec<Fact<i64>> = inventory
            .all::<Trail>()
            .iter()
            .map(|trail| match retention(inventory, trail) {
                Ok((days, proof)) => Fact::known(days, derived(NAME, proof, trail.head.origin.label)),
                Err(reason) => Fact::unknown(reason, derived(NAME, "", trail.head.origin.label)),
            })
            .collect();
        inventory.all_mut::<Trail>().iter_mut().zip(kept).for_each(|(trail, days)| trail.retention_days = days);
        let concluded: Vec<_> = inventory
            .all::<Account>()
            .iter()
            .map(|account| {
                let asked = Asked::of(inventory, account);
                (asked.gaps(), asked.risks(), asked.days(), asked.data_gaps(), asked.insights())
            })
            .collect();
        for (account, (gaps, risks, days, data, insights)) in inventory.all_mut::<Account>().iter_mut().zip(concluded) {
            account.audit_gaps = gaps;
            account.audit_risks = risks;
            account.audit_days = days;
            account.data_event_gaps = data;
            account.insights = insights;
        }
    }
}

/// One account with the trails that may keep its events.
struct Asked<'a> {
    inventory: &'a Inventory,
    account: Option<&'a Text>,
    /// The trails that are of the account, or may be; whether they are and may write.
    trails: Vec<(&'a Trail, Holds)>,
    /// Why there may be trails that are not in evidence.
    unlisted: Option<Reason>,
    regions: Vec<Text>,
    /// Why there may be regions beside these.
    more_regions: Option<Reason>,
    /// Where the events of global services are recorded.
    global: &'a Fact<Text>,
    label: Label,
}

/// Where events are recorded.
struct Place {
    /// What the answer calls it.
    name: Text,
    /// The region; none for all of them.
    region: Option<Text>,
}

impl<'a> Asked<'a> {
    fn of(inventory: &'a Inventory, account: &'a Account) -> Self {
        let id = account.head.id.value();
        let trails = inventory.all::<Trail>().iter().map(|trail| (trail, speaks_of(trail, id, inventory)));
        let trails: Vec<(&Trail, Holds)> = trails
            .filter(|(_, speaks)| *speaks != Ok(false))
            .map(|(trail, speaks)| (trail, all([speaks, role::writes(inventory, trail)])))
            .collect();
        let asked = inventory.regions_asked();
        let (regions, more_regions) = match asked.get(&id.cloned()).or_else(|| asked.get(&None)).map(|fact| &fact.state)
        {
            Some(State::Known(list)) => (list.items.clone(), list.more.clone()),
            Some(State::Unknown(reason)) => (vec![], Some(reason.clone())),
            Some(State::Absent) | None => (vec![], Some(Reason::NotCollected)),
        };
        let concerns = |gap: &xiezhi_model::Gap| gap.of.is_none() || gap.of.as_ref() == id || id.is_none();
        let unlisted = inventory.gaps(Trail::SCHEMA).into_iter().find(concerns).map(|gap| gap.reason);
        let listed = Listed::of::<Trail>(inventory);
        let label = trails.iter().map(|(trail, _)| trail.enabled.origin.label).fold(listed.label, Label::weakest);
        Self {
            inventory,
            account: id,
            trails,
            unlisted,
            regions,
            more_regions,
            global: &account.global_events_region,
            label,
        }
    }

    /// Where management events of a class are recorded, and why there may be further places: all regions at once when a
    /// trail takes them so, else each region, and the one that holds the events of global services (§12.1(2)).
    fn places(&self, class: Class<'_>) -> (Vec<Place>, Option<Reason>) {
        if self.covered(None, class) == Ok(true) {
            return (vec![Place { name: "all".into(), region: None }], None);
        }
        let mut places: Vec<Place> =
            self.regions.iter().map(|region| Place { name: region.clone(), region: Some(region.clone()) }).collect();
        let mut doubt = self.more_regions.clone();
        match &self.global.state {
            State::Known(region) => places.push(Place { name: "global".into(), region: Some(region.clone()) }),
            // Wherever they are recorded, they are kept.
            _ if HOMES.iter().all(|home| self.covered(Some(&Text::from(*home)), class) == Ok(true)) => {}
            State::Unknown(reason) => doubt = doubt.or_else(|| Some(reason.clone())),
            State::Absent => doubt = doubt.or(Some(Reason::NotInEvidence)),
        }
        (places, doubt)
    }

    /// The regions and classes of management events that no trail keeps, as `cn-hangzhou read`.
    fn gaps(&self) -> Fact<List<Text>> {
        let (mut items, mut doubt, mut keeps) = (BTreeSet::new(), None, BTreeSet::new());
        for class in CLASSES {
            let (places, more) = self.places(Class::Management(class));
            doubt = doubt.or(more);
            for Place { name, region } in places {
                match self.covered(region.as_ref(), Class::Management(class)) {
                    // A trail of all regions answers for those that are not in evidence too.
                    Ok(true) if region.is_none() => {
                        let everywhere =
                            self.trails.iter().filter(|(trail, _)| trail.all_regions.value() == Some(&true));
                        keeps.extend(everywhere.map(|(trail, _)| called(&trail.head)));
                    }
                    Ok(true) => {}
                    Ok(false) if self.unlisted.is_none() => {
                        items.insert(Text::from(format!("{name} {class}")));
                    }
                    Ok(false) => doubt = doubt.or_else(|| self.unlisted.clone()),
                    Err(reason) => doubt = doubt.or(Some(reason)),
                }
            }
        }
        let proof = match (items.is_empty(), keeps.iter().next()) {
            (false, _) => in_words(
                "no trail that runs, delivers and takes these events of the region",
                "没有正在运行、成功投递并记录该地域此类事件的跟踪",
            ),
            (true, Some(trail)) => in_words(
                format!("trail {trail} keeps every class of events of all regions"),
                format!("跟踪 {trail} 保存所有地域的各类事件"),
            ),
            (true, None) => Proof::default(),
        };
        Fact::known(List { items: items.into_iter().collect(), more: doubt }, derived(NAME, proof, self.label))
    }

    /// For how many days the management events of every region are kept: the least of all regions and classes.
    fn days(&self) -> Fact<i64> {
        let unknown = |reason: Reason| Fact::unknown(reason, derived(NAME, "", self.label));
        let mut least: Option<(i64, Proof)> = None;
        for class in CLASSES.map(Class::Management) {
            let (places, more) = self.places(class);
            if let Some(reason) = more {
                return unknown(reason);
            }
            for place in places {
                match self.longest(place.region.as_ref(), class) {
                    Ok(Some(kept)) if least.as_ref().is_none_or(|(days, _)| kept.0 < *days) => least = Some(kept),
                    Ok(Some(_)) => {}
                    Ok(None) => {
                        let proof = in_words("some events are kept by no trail", "部分事件没有任何跟踪保存");
                        return Fact::absent(derived(NAME, proof, self.label));
                    }
                    Err(reason) => return unknown(reason),
                }
            }
        }
        match least {
            Some((days, proof)) => Fact::known(days, derived(NAME, proof, self.label)),
            None => unknown(Reason::NotCollected),
        }
    }

    /// How long the trail that keeps longest keeps a class of events of a place; none when no trail keeps them. A trail
    /// of which something is not known may keep them longer, unless one keeps them for ever.
    fn longest(&self, place: Option<&Text>, class: Class<'_>) -> Result<Option<(i64, Proof)>, Reason> {
        let (mut best, mut doubt): (Option<(i64, Proof)>, _) = (None, self.unlisted.clone());
        for (trail, speaks) in &self.trails {
            match self.keeps(trail, speaks, place, class) {
                Ok(true) => match retention(self.inventory, trail) {
                    Ok(kept) if best.as_ref().is_none_or(|(days, _)| kept.0 > *days) => best = Some(kept),
                    Ok(_) => {}
                    Err(reason) => doubt = doubt.or(Some(reason)),
                },
                Ok(false) => {}
                Err(reason) => doubt = doubt.or(Some(reason)),
            }
        }
        match (best, doubt) {
            (Some(best), _) if best.0 >= FOR_EVER => Ok(Some(best)),
            (_, Some(reason)) => Err(reason),
            (best, None) => Ok(best),
        }
    }

    /// The regions with buckets whose objects' reads and writes no trail delivers.
    fn data_gaps(&self) -> Fact<List<Text>> {
        let of_account = |bucket: &&Bucket| {
            let of = bucket.head.account.value().or(self.inventory.only_account());
            self.account.is_none() || of.is_none() || of == self.account
        };
        let listed = self.inventory.gaps(Bucket::SCHEMA).into_iter().next().map(|gap| gap.reason);
        let (mut items, mut doubt) = (BTreeSet::new(), listed);
        for bucket in self.inventory.all::<Bucket>().iter().filter(of_account) {
            let region = match &bucket.head.region.state {
                State::Known(region) => region,
                State::Absent => continue,
                State::Unknown(reason) => {
                    doubt = doubt.or_else(|| Some(reason.clone()));
                    continue;
                }
            };
            match self.covered(Some(region), Class::Data("oss")) {
                Ok(true) => {}
                Ok(false) if self.unlisted.is_none() => {
                    items.insert(region.clone());
                }
                Ok(false) => doubt = doubt.or_else(|| self.unlisted.clone()),
                Err(reason) => doubt = doubt.or(Some(reason)),
            }
        }
        let proof = match items.is_empty() {
            true => in_words("a trail selects the data events of OSS", "有跟踪选择了 OSS 数据事件"),
            false => in_words("no trail selects the data events of OSS there", "没有跟踪选择该地域的 OSS 数据事件"),
        };
        Fact::known(List { items: items.into_iter().collect(), more: doubt }, derived(NAME, proof, self.label))
    }

    /// Whether a trail that delivers looks for unusual activity.
    fn insights(&self) -> Fact<bool> {
        let origin = |en: &str, zh: &str| derived(NAME, in_words(en, zh), self.label);
        match self.covered(None, Class::Insight) {
            Ok(true) => Fact::known(true, origin("a trail looks for insight events", "有跟踪开启了 Insight 事件")),
            Ok(false) => match &self.unlisted {
                None => Fact::known(false, origin("no trail looks for insight events", "没有跟踪开启 Insight 事件")),
                Some(reason) => Fact::unknown(reason.clone(), origin("", "")),
            },
            Err(reason) => Fact::unknown(reason, origin("", "")),
        }
    }

    /// Whether some trail keeps a class of events of a region; of every region when none is given.
    fn covered(&self, region: Option<&Text>, class: Class<'_>) -> Holds {
        let mut doubt = None;
        for (trail, speaks) in &self.trails {
            match self.keeps(trail, speaks, region, class) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(reason) => doubt = doubt.or(Some(reason)),
            }
        }
        doubt.map_or(Ok(false), Err)
    }

    /// In what ways events that are kept can be lost or read by others: of the trail that keeps them best. Of several
    /// that keep the same, one in a safe place is enough.
    fn risks(&self) -> Fact<List<Text>> {
        let (mut items, mut more, mut label) = (BTreeSet::new(), None, self.label);
        for class in CLASSES.map(Class::Management) {
            for place in self.places(class).0 {
                let region = place.region.as_ref();
                // What nobody can tell to be kept nobody can tell to be safe.
                more = more.or(self.covered(region, class).err());
                let keeps = |(trail, speaks): &&(&Trail, Holds)| self.keeps(trail, speaks, region, class) == Ok(true);
                let kept: Vec<List<Text>> =
                    self.trails.iter().filter(keeps).map(|(trail, _)| risks_of(self.inventory, trail)).collect();
                let safe = kept.iter().any(|risks| risks.items.is_empty() && risks.more.is_none());
                for risks in kept.into_iter().filter(|_| !safe) {
                    label = label.weakest(self.label);
                    items.extend(risks.items);
                    more = more.or(risks.more);
                }
            }
        }
        let proof = match items.iter().next() {
            Some(first) => Proof::from(first.as_str()),
            None => {
                in_words("what keeps them is private, versioned and logged", "保存位置为私有、已开启版本控制与访问日志")
            }
        };
        Fact::known(List { items: items.into_iter().collect(), more }, derived(NAME, proof, label))
    }

    fn keeps(&self, trail: &Trail, speaks: &Holds, region: Option<&Text>, class: Class<'_>) -> Holds {
        // Where a trail looks for unusual activity is where it records.
        let place = if matches!(class, Class::Insight) { Ok(true) } else { takes(trail, region) };
        let target = target(self.inventory, trail);
        all([speaks.clone(), fact(&trail.enabled), place, events(trail, class), delivers(trail), target])
    }
}
