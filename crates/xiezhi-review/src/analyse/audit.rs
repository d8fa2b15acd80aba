//! Whether ActionTrail keeps the events of an account: per region and class of events. Source: network semantics §12.1:
//! a trail covers when it runs, takes the region and the class, is of the account or of its organisation, delivers
//! without error, and delivers to a target that is there and is not public. Data and insight events have settings of
//! their own and are not counted here; versioning and logs of the target are judged by their own checks.

use std::collections::BTreeSet;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::actiontrail::Trail;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Fact, Inventory, Label, List, Reason, State, Text};

use super::evidence::{Listed, called};
use super::{Analysis, Proof, derived, in_words};

/// See the module.
pub(super) struct Audit;

const NAME: &str = "audit";

/// The classes of management events.
const CLASSES: [&str; 2] = ["write", "read"];

/// Whether a condition holds; why that is not known otherwise.
type Holds = Result<bool, Reason>;

impl Analysis for Audit {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let concluded: Vec<_> = inventory.all::<Account>().iter().map(|account| gaps(inventory, account)).collect();
        for (account, gaps) in inventory.all_mut::<Account>().iter_mut().zip(concluded) {
            account.audit_gaps = gaps;
        }
    }
}

/// The regions and classes of events that no trail keeps, as `cn-hangzhou read`.
fn gaps(inventory: &Inventory, account: &Account) -> Fact<List<Text>> {
    let id = account.head.id.value();
    let trails: Vec<&Trail> = inventory.all::<Trail>().iter().filter(|trail| speaks_of(trail, id, inventory)).collect();
    let regions = inventory.regions_asked().get(&id.cloned()).or_else(|| inventory.regions_asked().get(&None));
    let listed = Listed::of::<Trail>(inventory);
    let unlisted = inventory
        .gaps(<Trail as xiezhi_model::Resource>::SCHEMA)
        .into_iter()
        .find(|gap| gap.of.is_none() || gap.of.as_ref() == id || id.is_none())
        .map(|gap| gap.reason);
    let label = trails.iter().map(|trail| trail.enabled.origin.label).fold(listed.label, Label::weakest);
    let (known, more_regions) = match regions.map(|fact| &fact.state) {
        Some(State::Known(list)) => (list.items.clone(), list.more.clone()),
        Some(State::Unknown(reason)) => (vec![], Some(reason.clone())),
        Some(State::Absent) | None => (vec![], Some(Reason::NotCollected)),
    };
    let mut items = BTreeSet::new();
    let mut doubt = None;
    let mut keeps = BTreeSet::new();
    for class in CLASSES {
        // A trail of all regions answers for those that are not in evidence too.
        let everywhere = covered(inventory, &trails, None, class);
        if everywhere == Ok(true) {
            keeps.extend(
                trails.iter().filter(|trail| trail.all_regions.value() == Some(&true)).map(|t| called(&t.head)),
            );
            continue;
        }
        if let Some(reason) = &more_regions {
            doubt = doubt.or_else(|| Some(reason.clone()));
        }
        for region in &known {
            match covered(inventory, &trails, Some(region), class) {
                Ok(true) => {}
                Ok(false) if unlisted.is_none() => {
                    items.insert(Text::from(format!("{region} {class}")));
                }
                Ok(false) => doubt = doubt.or_else(|| unlisted.clone()),
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
    Fact::known(List { items: items.into_iter().collect(), more: doubt }, derived(NAME, proof, label))
}

/// A trail of the account itself, or one of an organisation in the same evidence.
fn speaks_of(trail: &Trail, account: Option<&Text>, inventory: &Inventory) -> bool {
    let of = trail.head.account.value().or(inventory.only_account());
    account.is_none() || of.is_none() || of == account || trail.organization.value() == Some(&true)
}

/// Whether some trail keeps a class of events of a region; of every region when none is given.
fn covered(inventory: &Inventory, trails: &[&Trail], region: Option<&Text>, class: &str) -> Holds {
    let mut doubt = None;
    for trail in trails {
        match all([
            fact(&trail.enabled),
            takes(trail, region),
            events(trail, class),
            delivers(trail),
            target(inventory, trail),
        ]) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(reason) => doubt = doubt.or(Some(reason)),
        }
    }
    doubt.map_or(Ok(false), Err)
}

/// Whether every condition holds: one that does not decides.
fn all(conditions: [Holds; 5]) -> Holds {
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

fn events(trail: &Trail, class: &str) -> Holds {
    match &trail.events.state {
        State::Known(word) => Ok(word == "all" || word == class),
        State::Absent => Err(Reason::NotInEvidence),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

fn delivers(trail: &Trail) -> Holds {
    match &trail.delivery_error.state {
        State::Absent => Ok(true),
        State::Known(_) => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
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
