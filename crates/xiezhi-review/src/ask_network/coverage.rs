//! Encryption of every store, and the record of every account's events.

use xiezhi_model::service::account::Account;
use xiezhi_model::service::{adb, clickhouse, ecs, gpdb, hbr, kafka, mongodb, nas, oss, ots, polardb, rds, redis, sls};
use xiezhi_model::{Fact, Reason, Resource, State, Text};

use super::{Answer, Ground, Open, Part, Question, Verdict, all};

/// Whether every store is encrypted under a key that can be used, with grade, cipher and TLS of each.
#[must_use]
pub fn encrypted(ground: &Ground) -> Answer {
    let mut parts = Vec::new();
    let mut unseen = Vec::new();
    macro_rules! stores {
        ($($kind:ty $(, $transit:ident)?;)+) => {$(
            for one in ground.inventory.all::<$kind>() {
                #[allow(unused_mut, unused_assignments)]
                let mut transit: Option<&Fact<Text>> = None;
                $(transit = Some(&one.$transit);)?
                parts.push(store(<$kind>::SCHEMA.kind, one, [&one.at_rest, &one.at_rest_cipher], &one.at_rest_key_usable, transit));
            }
            unseen.extend(gaps::<$kind>(ground));
        )+};
    }
    stores! {
        ecs::Disk; oss::Bucket; rds::Instance, in_transit; polardb::Cluster, in_transit; redis::Instance, in_transit;
        mongodb::Instance, in_transit; nas::FileSystem; sls::Logstore; kafka::Instance; clickhouse::Cluster;
        gpdb::Instance, in_transit; adb::Cluster, in_transit; ots::Table; hbr::Vault;
    }
    unseen.sort();
    unseen.dedup();
    let verdict = all(&parts, &unseen);
    ground.answer(Question::Encrypted, verdict, parts, unseen)
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

fn store<R: Resource>(
    kind: &str,
    one: &R,
    [grade, cipher]: [&Fact<Text>; 2],
    usable: &Fact<bool>,
    transit: Option<&Fact<Text>>,
) -> Part {
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
    if let Some(transit) = transit {
        facts.push(("in-transit", said(transit, &mut because, "in-transit")));
    }
    because.dedup();
    let verdict = match (grade.value().map(Text::as_str), usable.value(), usable.reason()) {
        (Some("none"), _, _) | (_, Some(false), _) => Verdict::No,
        (Some(_), Some(true), _) | (Some(_), None, None) => Verdict::Yes,
        _ => Verdict::Undecided,
    };
    let name = crate::analyse::called(one.head());
    Part { subject: format!("{kind} {name}"), verdict, facts, packet: None, hops: Vec::new(), because }
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
