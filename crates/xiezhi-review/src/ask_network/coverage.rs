//! Encryption of every store, and the record of every account's events.

use xiezhi_model::service::account::Account;
use xiezhi_model::service::kms::Key;
use xiezhi_model::{Fact, Reason, Resource, State, Text};

use crate::analyse::encryption::{Store, Visit, each_store, keys_of};

use super::{Answer, Ground, Open, Part, Question, Verdict, all};

/// Whether every store is encrypted under a key that can be used, with grade, cipher, who may decrypt and TLS of each.
#[must_use]
pub fn encrypted(ground: &Ground) -> Answer {
    let mut told = Told { ground, parts: Vec::new(), unseen: Vec::new() };
    each_store(&mut told);
    let Told { parts, mut unseen, .. } = told;
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
        self.parts.extend(self.ground.inventory.all::<S>().iter().map(|one| store(self.ground, one)));
        self.unseen.extend(gaps::<S>(self.ground));
    }
}

fn gaps<R: Resource>(ground: &Ground) -> Vec<Open> {
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

fn open(what: &str, reason: &Reason) -> Open {
    Open { what: what.to_owned(), code: reason.code().to_owned() }
}

fn store<S: Store>(ground: &Ground, one: &S) -> Part {
    let (grade, cipher, usable) = one.concluded();
    let mut because = Vec::new();
    let mut facts = vec![("at-rest", said(grade, &mut because, "at-rest"))];
    if cipher.value().is_some() {
        facts.push(("cipher", said(cipher, &mut because, "cipher")));
    }
    match &usable.state {
        State::Known(usable) => facts.push(("key-usable", usable.to_string())),
        State::Absent => {}
        State::Unknown(reason) => because.push(open("key-usable", reason)),
    }
    for id in keys_of(&ground.inventory, one) {
        let key = ground.inventory.all::<Key>().iter().find(|key| key.head.id.value() == Some(&id));
        let Some(key) = key else { continue };
        match &key.decrypters.state {
            State::Known(list) => {
                facts.push(("may-decrypt", list.items.join(" ")));
                because.extend(list.more.iter().map(|reason| open("may-decrypt", reason)));
            }
            State::Absent => {}
            State::Unknown(reason) => because.push(open("may-decrypt", reason)),
        }
    }
    if let Some(transit) = one.in_transit() {
        facts.push(("in-transit", said(transit, &mut because, "in-transit")));
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

/// Whether the management events of every region of every account are kept.
#[must_use]
pub fn audited(ground: &Ground) -> Answer {
    let mut parts = Vec::new();
    for account in ground.inventory.all::<Account>() {
        let subject = account.head.id.value().map_or_else(|| "account".to_owned(), |id| format!("account {id}"));
        let fact = &account.audit_gaps;
        let (verdict, facts, because) = match &fact.state {
            State::Known(list) => {
                let facts: Vec<(&'static str, String)> =
                    list.items.iter().map(|gap| ("not-kept", gap.to_string())).collect();
                let because: Vec<Open> = list.more.iter().map(|reason| open("actiontrail.trail", reason)).collect();
                let verdict = match (facts.is_empty(), because.is_empty()) {
                    (false, _) => Verdict::No,
                    (true, true) => Verdict::Yes,
                    (true, false) => Verdict::Undecided,
                };
                (verdict, facts, because)
            }
            State::Absent => (Verdict::Undecided, vec![], vec![]),
            State::Unknown(reason) => (Verdict::Undecided, vec![], vec![open("actiontrail.trail", reason)]),
        };
        parts.push(Part { subject, verdict, facts, packet: None, hops: Vec::new(), because });
    }
    let verdict = all(&parts, &[]);
    ground.answer(Question::Audited, verdict, parts, Vec::new())
}
