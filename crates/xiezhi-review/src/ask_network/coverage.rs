//! Encryption of every store, and the record of every account's events.

use xiezhi_model::service::account::Account;
use xiezhi_model::service::kms::Key;
use xiezhi_model::service::ots;
use xiezhi_model::{Fact, List, Reason, Resource, State, Text};

use crate::analyse::encryption::{Store, Visit, each_store, keys_of};

use super::{Answer, Ground, Open, Part, Question, Verdict, all};

/// Whether every store is encrypted under a key that can be used, with grade, cipher, who may decrypt and TLS of each; and
/// whether every listener refuses TLS below 1.2.
#[must_use]
pub fn encrypted(ground: &Ground) -> Answer {
    let mut told = Told { ground, parts: Vec::new(), unseen: Vec::new() };
    each_store(&mut told);
    let Told { mut parts, mut unseen, .. } = told;
    let (listeners, more) = super::listeners::parts(ground);
    parts.extend(listeners);
    unseen.extend(more);
    unseen.sort();
    unseen.dedup();
    let verdict = all(&parts, &unseen);
    ground.answer(Question::Encrypted, verdict, parts, unseen)
}

struct Told<'g> {
    ground: &'g Ground,
    parts: Vec<Part>,
    unseen: Vec<Open>,
}

impl Visit for Told<'_> {
    fn visit<S: Store>(&mut self) {
        let ours = self.ground.inventory.all::<S>().iter().filter(|one| !one.foreign());
        self.parts.extend(ours.map(|one| store(self.ground, one)));
        self.unseen.extend(gaps::<S>(self.ground));
    }
}

pub(super) fn gaps<R: Resource>(ground: &Ground) -> Vec<Open> {
    // No call that is read lists tables: where there is no instance there is none.
    if R::SCHEMA.kind == ots::Table::SCHEMA.kind && ground.inventory.all::<ots::Instance>().is_empty() {
        return gaps::<ots::Instance>(ground);
    }
    let gaps = ground.inventory.gaps(R::SCHEMA);
    gaps.iter()
        .map(|gap| {
            let place: Vec<&str> = [Some(R::SCHEMA.kind), gap.region.as_deref()].into_iter().flatten().collect();
            Open { what: format!("the list of {}", place.join(" ")), code: gap.reason.code().to_owned() }
        })
        .collect()
}

fn said(fact: &Fact<Text>, because: &mut Vec<Open>, what: &str) -> String {
    match &fact.state {
        State::Known(text) => text.to_string(),
        State::Absent => "absent".to_owned(),
        State::Unknown(reason) => {
            because.push(open(what, reason));
            "unknown".to_owned()
        }
    }
}

pub(super) fn open(what: &str, reason: &Reason) -> Open {
    Open { what: what.to_owned(), code: reason.code().to_owned() }
}

fn store<S: Store>(ground: &Ground, one: &S) -> Part {
    let (grade, cipher, usable) = one.concluded();
    let mut because = Vec::new();
    let of = |name: &str| format!("{} {name}", S::SCHEMA.kind);
    let mut facts = vec![("at-rest", said(grade, &mut because, &of("at-rest")))];
    if cipher.value().is_some() {
        facts.push(("cipher", said(cipher, &mut because, &of("cipher"))));
    }
    // A bucket's rule encrypts what is written after it; nobody listed the objects of before.
    if S::SCHEMA.kind == "oss.bucket" && grade.value().is_some_and(|grade| grade != "none") {
        facts.push(("holds-for", "new-objects".to_owned()));
    }
    match &usable.state {
        State::Known(usable) => facts.push(("key-usable", usable.to_string())),
        State::Absent => {}
        State::Unknown(reason) => because.push(open(&of("key-usable"), reason)),
    }
    for id in keys_of(&ground.inventory, one) {
        let key = ground.inventory.all::<Key>().iter().find(|key| key.head.id.value() == Some(&id));
        let Some(key) = key else { continue };
        match &key.material_expires.state {
            State::Known(when) => facts.push(("key-material-expires", when.to_string())),
            State::Absent => {}
            // Material of KMS itself does not expire.
            State::Unknown(_) if key.origin.value().is_some_and(|origin| origin == "aliyun-kms") => {}
            State::Unknown(reason) => because.push(open(&of("key-material-expires"), reason)),
        }
        match &key.decrypters.state {
            State::Known(list) => {
                if !list.items.is_empty() {
                    facts.push(("may-decrypt", list.items.join(" ")));
                } else if list.more.is_none() {
                    facts.push(("may-decrypt", "none".to_owned()));
                }
                because.extend(list.more.iter().map(|reason| open(&of("may-decrypt"), reason)));
            }
            State::Absent => {}
            State::Unknown(reason) => because.push(open(&of("may-decrypt"), reason)),
        }
    }
    if let Some(transit) = one.in_transit() {
        facts.push(("in-transit", said(transit, &mut because, &of("in-transit"))));
    }
    because.dedup();
    let verdict = match (grade.value().map(Text::as_str), usable.value(), usable.reason()) {
        (Some("none"), _, _) | (_, Some(false), _) => Verdict::No,
        (Some(_), Some(true), _) | (Some(_), None, None) => Verdict::Yes,
        _ => Verdict::Undecided,
    };
    let name = crate::analyse::called(one.head());
    Part { subject: format!("{} {name}", S::SCHEMA.kind), verdict, facts, packet: None, hops: Vec::new(), because }
}

/// Whether the management events of every region of every account are kept, for how long, and what is recorded beside:
/// logs of buckets, load balancers, WAF, networks and databases, and what Security Center sees.
#[must_use]
pub fn audited(ground: &Ground) -> Answer {
    let mut parts = Vec::new();
    for account in ground.inventory.all::<Account>() {
        let subject = account.head.id.value().map_or_else(|| "account".to_owned(), |id| format!("account {id}"));
        let (mut facts, mut because) = (Vec::new(), Vec::new());
        let missing = listed(&account.audit_gaps, "not-kept", "actiontrail.trail", &mut facts, &mut because);
        let risks = listed(&account.audit_risks, "at-risk", "at-risk", &mut facts, &mut because);
        let mut short = false;
        match &account.audit_days.state {
            State::Known(days) => {
                facts.push(("kept-days", days.to_string()));
                short = *days < super::logs::DAYS;
            }
            State::Absent => {}
            State::Unknown(reason) => because.push(open("kept-days", reason)),
        }
        let verdict = match (missing || risks || short, because.is_empty()) {
            (true, _) => Verdict::No,
            (false, true) => Verdict::Yes,
            (false, false) => Verdict::Undecided,
        };
        listed(&account.data_event_gaps, "data-not-kept", "data-not-kept", &mut facts, &mut because);
        match &account.insights.state {
            State::Known(on) => facts.push(("insights", if *on { "on" } else { "off" }.to_owned())),
            State::Absent => {}
            State::Unknown(reason) => because.push(open("insights", reason)),
        }
        because.dedup();
        parts.push(Part { subject, verdict, facts, packet: None, hops: Vec::new(), because });
    }
    let (logs, mut unseen) = super::logs::parts(ground);
    parts.extend(logs);
    unseen.sort();
    unseen.dedup();
    let verdict = all(&parts, &unseen);
    ground.answer(Question::Audited, verdict, parts, unseen)
}

/// Names each member of a list; whether there is one.
fn listed(
    fact: &Fact<List<Text>>,
    name: &'static str,
    what: &str,
    facts: &mut Vec<(&'static str, String)>,
    because: &mut Vec<Open>,
) -> bool {
    match &fact.state {
        State::Known(list) => {
            facts.extend(list.items.iter().map(|gap| (name, gap.to_string())));
            because.extend(list.more.iter().map(|reason| open(what, reason)));
            !list.items.is_empty()
        }
        State::Absent => false,
        State::Unknown(reason) => {
            because.push(open(what, reason));
            false
        }
    }
}
