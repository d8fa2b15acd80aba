//! Whether ActionTrail keeps the events of an account: per region and class of events, and for how long. Source: network
//! semantics §12.1: a trail covers when it runs, takes the region and the class, is of the account or of its
//! organisation, delivers without error, and delivers to a target that is there and not public; data events need a
//! selector, insight events are switched on apart. What keeps the events and may still lose them, or let others read
//! them, is named beside (the sixth condition).

use std::collections::BTreeSet;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::actiontrail::Trail;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::service::resourcedirectory::Member;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Fact, Inventory, Label, List, Reason, State, Text};

use super::evidence::{Listed, called};
use super::log_retention::{self, FOR_EVER, Kept};
use super::{Analysis, Proof, derived, in_words};

/// See the module.
pub(super) struct Audit;

const NAME: &str = "audit";

/// The classes of management events.
const CLASSES: [&str; 2] = ["write", "read"];

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
    /// The trails that are of the account, or may be.
    trails: Vec<(&'a Trail, Holds)>,
    /// Why there may be trails that are not in evidence.
    unlisted: Option<Reason>,
    regions: Vec<Text>,
    /// Why there may be regions beside these.
    more_regions: Option<Reason>,
    label: Label,
}

impl<'a> Asked<'a> {
    fn of(inventory: &'a Inventory, account: &'a Account) -> Self {
        let id = account.head.id.value();
        let trails = inventory.all::<Trail>().iter().map(|trail| (trail, speaks_of(trail, id, inventory)));
        let trails: Vec<(&Trail, Holds)> = trails.filter(|(_, speaks)| *speaks != Ok(false)).collect();
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
        Self { inventory, account: id, trails, unlisted, regions, more_regions, label }
    }

    /// The regions and classes of management events that no trail keeps, as `cn-hangzhou read`.
    fn gaps(&self) -> Fact<List<Text>> {
        let (mut items, mut doubt, mut keeps) = (BTreeSet::new(), None, BTreeSet::new());
        for class in CLASSES {
            // A trail of all regions answers for those that are not in evidence too.
            if self.covered(None, Class::Management(class)) == Ok(true) {
                let everywhere = self.trails.iter().filter(|(trail, _)| trail.all_regions.value() == Some(&true));
                keeps.extend(everywhere.map(|(trail, _)| called(&trail.head)));
                continue;
            }
            doubt = doubt.or_else(|| self.more_regions.clone());
            for region in &self.regions {
                match self.covered(Some(region), Class::Management(class)) {
                    Ok(true) => {}
                    Ok(false) if self.unlisted.is_none() => {
                        items.insert(Text::from(format!("{region} {class}")));
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
            let everywhere = self.covered(None, class) == Ok(true);
            let places: Vec<Option<&Text>> =
                if everywhere { vec![None] } else { self.regions.iter().map(Some).collect() };
            if let (false, Some(reason)) = (everywhere, &self.more_regions) {
                return unknown(reason.clone());
            }
            for place in places {
                match self.longest(place, class) {
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
            let everywhere = self.covered(None, class) == Ok(true);
            let places: Vec<Option<&Text>> =
                if everywhere { vec![None] } else { self.regions.iter().map(Some).collect() };
            for place in places {
                let keeps = |(trail, speaks): &&(&Trail, Holds)| self.keeps(trail, speaks, place, class) == Ok(true);
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

/// Whether a trail is of the account itself, or of the organisation that it is a member of (§12.1(4)).
fn speaks_of(trail: &Trail, account: Option<&Text>, inventory: &Inventory) -> Holds {
    let of = trail.head.account.value().or(inventory.only_account());
    let (Some(of), Some(account)) = (of, account) else { return Ok(true) };
    if of == account {
        return Ok(true);
    }
    if !fact(&trail.organization)? {
        return Ok(false);
    }
    let managed = |member: &&Member| member.head.account.value().is_none_or(|manager| manager == of);
    let mut members = inventory.all::<Member>().iter().filter(managed);
    if let Some(member) = members.find(|member| member.head.id.value() == Some(account)) {
        return fact(&member.joined);
    }
    let gaps = inventory.gaps(Member::SCHEMA);
    let gap = gaps.into_iter().find(|gap| gap.of.is_none() || gap.of.as_ref() == Some(of));
    gap.map_or(Ok(false), |gap| Err(gap.reason))
}

/// Whether every condition holds: one that does not decides.
fn all<const N: usize>(conditions: [Holds; N]) -> Holds {
    let mut doubt = None;
    for condition in conditions {
        match condition {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(reason) => doubt = doubt.or(Some(reason)),
        }
    }
    doubt.map_or(Ok(true), Err)
}

fn fact(fact: &Fact<bool>) -> Holds {
    match &fact.state {
        State::Known(value) => Ok(*value),
        State::Absent => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

fn takes(trail: &Trail, region: Option<&Text>) -> Holds {
    match (fact(&trail.all_regions), region, &trail.regions.state) {
        (Ok(true), _, _) => Ok(true),
        (Ok(false), None, _) => Ok(false),
        (_, Some(region), State::Known(list)) => {
            Ok(list.split(',').map(str::trim).any(|one| one == region || one.eq_ignore_ascii_case("all")))
        }
        (Err(reason), _, _) => Err(reason),
        (Ok(false), Some(_), State::Unknown(reason)) => Err(reason.clone()),
        (Ok(false), Some(_), State::Absent) => Ok(false),
    }
}

fn events(trail: &Trail, class: Class<'_>) -> Holds {
    match class {
        Class::Management(class) => match &trail.events.state {
            State::Known(word) => Ok(word == "all" || word == class),
            State::Absent => Err(Reason::NotInEvidence),
            State::Unknown(reason) => Err(reason.clone()),
        },
        Class::Data(service) => {
            let both = format!("{service} all");
            has(&trail.data_events, |selected| *selected == both)
        }
        Class::Insight => has(&trail.insights, |_| true),
    }
}

/// Whether a list has such a member; one that may have more members is open.
fn has(list: &Fact<List<Text>>, wanted: impl Fn(&Text) -> bool) -> Holds {
    match &list.state {
        State::Known(list) if list.items.iter().any(wanted) => Ok(true),
        State::Known(list) => list.more.clone().map_or(Ok(false), Err),
        State::Absent => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// Whether the last deliveries succeeded and the targets are there.
fn delivers(trail: &Trail) -> Holds {
    let succeeded = |error: &Fact<Text>| match &error.state {
        State::Absent => Ok(true),
        State::Known(_) => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    };
    let there = |exists: &Fact<bool>| match &exists.state {
        State::Known(there) => Ok(*there),
        State::Absent => Ok(true),
        State::Unknown(reason) => Err(reason.clone()),
    };
    // What is not delivered to is not there and cannot fail.
    let bucket = match trail.bucket.is_absent() {
        true => Ok(true),
        false => all([there(&trail.bucket_exists), arrives(&trail.idle_days)]),
    };
    let project = match trail.project.is_absent() {
        true => Ok(true),
        false => {
            let arrives = arrives(&trail.project_idle_days);
            all([succeeded(&trail.project_delivery_error), there(&trail.project_exists), arrives])
        }
    };
    all([succeeded(&trail.delivery_error), bucket, project])
}

/// How many days a trail may deliver nothing before nobody can tell whether it works: the look itself is an event, and
/// every account that is in use has some each day. The choice is ours.
const IDLE: i64 = 7;

/// Whether something was delivered not long before the look; where the evidence does not say when it was taken, nobody
/// can count, and the absence of errors has to do.
fn arrives(idle: &Fact<i64>) -> Holds {
    match &idle.state {
        State::Known(days) if *days <= IDLE => Ok(true),
        // Nothing says whether there was nothing to deliver.
        State::Known(_) | State::Absent => Err(Reason::NotInEvidence),
        State::Unknown(Reason::NotInEvidence | Reason::NotCollected) => Ok(true),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// In what ways a trail's events can be lost or read by others where it delivers them (§12.1(6)): a bucket that is
/// neither versioned nor under retention, or whose accesses nobody logs. A target that is not in evidence is in another
/// account, which keeps it out of reach of this one's administrators, or was not looked at.
fn risks_of(inventory: &Inventory, trail: &Trail) -> List<Text> {
    let mut risks = List { items: vec![], more: None };
    let State::Known(link) = &trail.bucket.state else { return risks };
    // Where a log project keeps them as well, they are not lost with the bucket.
    if trail.project.value().is_some() {
        return risks;
    }
    let Some(bucket) = inventory.follow_as::<Bucket>(Some(&trail.head), &link.target) else {
        risks.more = Some(Reason::NotCollected);
        return risks;
    };
    let name = called(&bucket.head);
    match (&bucket.versioning.state, &bucket.worm.state) {
        (State::Known(word), _) if word == "Enabled" => {}
        (_, State::Known(word)) if word == "locked" => {}
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => risks.more = Some(reason.clone()),
        _ => risks.items.push(format!("bucket {name}: not versioned").into()),
    }
    match &bucket.logging_bucket.state {
        State::Known(_) => {}
        State::Absent => risks.items.push(format!("bucket {name}: not logged").into()),
        State::Unknown(reason) => risks.more = Some(reason.clone()),
    }
    risks
}

/// For how long a trail's events are kept, by the target that keeps them longer. Source: §12.1(6).
fn retention(inventory: &Inventory, trail: &Trail) -> Kept {
    let mut all: Vec<Kept> = Vec::new();
    match &trail.project.state {
        State::Known(link) => {
            let name = trail.head.name.value().or(trail.head.id.value()).ok_or(Reason::NotInEvidence)?;
            let found = inventory.follow_as::<Project>(Some(&trail.head), &link.target);
            let project = found.and_then(|one| one.head.id.value().or(one.head.name.value())).unwrap_or(&link.target);
            let store = Text::from(format!("actiontrail_{name}"));
            all.push(log_retention::logstore(inventory, &trail.head, project, &store));
        }
        State::Absent => {}
        State::Unknown(reason) => all.push(Err(reason.clone())),
    }
    match &trail.bucket.state {
        State::Known(link) => {
            let prefix = match &trail.bucket_prefix.state {
                State::Known(prefix) => Ok(format!("{prefix}/AliyunLogs/Actiontrail/")),
                State::Absent => Ok("AliyunLogs/Actiontrail/".to_owned()),
                State::Unknown(reason) => Err(reason.clone()),
            };
            all.push(match (inventory.follow_as::<Bucket>(Some(&trail.head), &link.target), prefix) {
                (Some(bucket), Ok(prefix)) => log_retention::bucket(bucket, &prefix),
                (None, _) => Err(Reason::NotCollected),
                (_, Err(reason)) => Err(reason),
            });
        }
        State::Absent => {}
        State::Unknown(reason) => all.push(Err(reason.clone())),
    }
    let longest = all.iter().flatten().max_by_key(|(days, _)| *days).cloned();
    match (longest, all.into_iter().find_map(Result::err)) {
        (Some(kept), _) if kept.0 >= FOR_EVER => Ok(kept),
        (_, Some(reason)) => Err(reason),
        (Some(kept), None) => Ok(kept),
        (None, None) => Err(Reason::NotInEvidence),
    }
}

/// Whether events arrive somewhere that is there and not public: in a bucket or a log project.
fn target(inventory: &Inventory, trail: &Trail) -> Holds {
    match (&trail.bucket.state, &trail.project.state) {
        (_, State::Known(link)) => {
            let Some(project) = inventory.follow_as::<Project>(Some(&trail.head), &link.target) else {
                return Err(Reason::NotCollected);
            };
            fact(&project.policy_grants_anyone).map(|public| !public)
        }
        (State::Known(link), _) => {
            let Some(bucket) = inventory.follow_as::<Bucket>(Some(&trail.head), &link.target) else {
                // It may be in another account, which is the better place for it.
                return Err(Reason::NotCollected);
            };
            match (&bucket.acl.state, &bucket.grants_anyone.state) {
                (State::Known(acl), _) if acl != "private" => Ok(false),
                (_, State::Known(true)) => Ok(false),
                (State::Known(_), State::Known(false) | State::Absent) => Ok(true),
                (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Err(reason.clone()),
                (State::Absent, _) => Err(Reason::NotInEvidence),
            }
        }
        (State::Absent, State::Absent) => Ok(false),
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Err(reason.clone()),
    }
}
