//! The oldest TLS that every kind of listener accepts, and listeners that speak in the clear. Source: network semantics
//! §11.4, the table of policies below TLS 1.2.

use xiezhi_model::service::{alb, apigateway, cdn, ddos, esa, fc, nlb, oss, rds, redis, slb, vpn, waf};
use xiezhi_model::{Fact, Head, Link, List, Reason, Resource, State, Text};
use xiezhi_rule::min_tls;

use super::coverage::{gaps, open};
use super::logs::names;
use super::{Ground, Open, Part, Verdict};

/// TLS 1.2, times ten.
const FLOOR: i64 = 12;

/// What a listener speaks.
enum Speaks {
    /// TLS from this version on, times ten.
    Tls(i64),
    /// In the clear.
    Plain,
    /// Under a cipher that no longer keeps a secret.
    Weak,
    /// Neither: it is no web listener, or it only redirects.
    Nothing,
}

type Row<'a> = (&'a Head, Result<Speaks, Reason>);

fn word(fact: &Fact<Text>) -> Result<Option<&str>, Reason> {
    match &fact.state {
        State::Known(word) => Ok(Some(word.as_str())),
        State::Absent => Ok(None),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

fn policy(fact: &Fact<Text>) -> Result<Speaks, Reason> {
    let Some(name) = word(fact)? else { return Ok(Speaks::Nothing) };
    let lowest = min_tls(name).ok_or_else(|| Reason::not_understood(format!("the TLS policy `{name}`")))?;
    Ok(Speaks::Tls(lowest))
}

/// The lowest of several versions.
fn versions(list: &List<Text>) -> Result<Speaks, Reason> {
    let mut lowest = None;
    for version in &list.items {
        let own = min_tls(version).ok_or_else(|| Reason::not_understood(format!("the TLS version `{version}`")))?;
        lowest = Some(lowest.map_or(own, |known: i64| known.min(own)));
    }
    match (lowest, &list.more) {
        (Some(lowest), _) if lowest < FLOOR => Ok(Speaks::Tls(lowest)),
        (_, Some(reason)) => Err(reason.clone()),
        (Some(lowest), None) => Ok(Speaks::Tls(lowest)),
        (None, None) => Ok(Speaks::Nothing),
    }
}

/// A part for each kind of listener of which there is something in evidence, and why there may be more.
pub(super) fn parts(ground: &Ground) -> (Vec<Part>, Vec<Open>) {
    let mut told = Told { ground, parts: Vec::new(), unseen: Vec::new() };
    told.of(|one: &slb::Listener| (&one.head, classic(ground, one)));
    told.of(|one: &alb::Listener| (&one.head, application(ground, one)));
    told.of(|one: &nlb::Listener| (&one.head, network(ground, one)));
    told.of(|one: &waf::Domain| {
        let https = one.https_ports.value().is_none_or(|ports| !ports.items.is_empty() || ports.more.is_some());
        (&one.head, if https { policy(&one.tls_min) } else { Ok(Speaks::Nothing) })
    });
    told.of(|one: &ddos::Domain| (&one.head, number(&one.tls_min)));
    told.of(|one: &cdn::Domain| (&one.head, delivery(&one.https, &one.functions, Ok(Speaks::Tls(10)))));
    // What DCDN accepts when nobody says it no page that was read states.
    told.of(|one: &cdn::DynamicDomain| (&one.head, delivery(&one.https, &one.functions, Err(Reason::NotInEvidence))));
    told.of(|one: &esa::Site| (&one.head, site(ground, one)));
    told.of(|one: &fc::CustomDomain| (&one.head, policy(&one.tls_min)));
    told.of(|one: &apigateway::Group| (&one.head, policy(&one.https_policy)));
    told.of(|one: &apigateway::NativeDomain| (&one.head, native(one)));
    told.of(|one: &vpn::Connection| (&one.head, tunnel(one)));
    told.of(|one: &vpn::SslServer| (&one.head, word(&one.cipher).map(enciphered)));
    told.of(|one: &oss::Bucket| {
        let accepted = match &one.tls_versions.state {
            State::Known(list) => versions(list),
            State::Absent => Ok(Speaks::Nothing),
            State::Unknown(reason) => Err(reason.clone()),
        };
        (&one.head, accepted)
    });
    // Of databases only these say the version; whether they offer TLS at all stands with the store.
    told.of(|one: &rds::Instance| (&one.head, database(&one.ssl, &one.tls_min)));
    told.of(|one: &redis::Instance| (&one.head, database(&one.ssl, &one.tls_min)));
    (told.parts, told.unseen)
}

/// A version as a number: `1.2`.
fn number(fact: &Fact<Text>) -> Result<Speaks, Reason> {
    let Some(version) = word(fact)? else { return Ok(Speaks::Nothing) };
    let lowest = min_tls(&format!("tls{version}"));
    Ok(Speaks::Tls(lowest.ok_or_else(|| Reason::not_understood(format!("the TLS version `{version}`")))?))
}

fn database(offered: &Fact<bool>, lowest: &Fact<Text>) -> Result<Speaks, Reason> {
    match &offered.state {
        State::Known(true) if lowest.is_absent() => Err(Reason::NotInEvidence),
        State::Known(true) => number(lowest),
        State::Known(false) | State::Absent => Ok(Speaks::Nothing),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// What a listener's policy accepts: the platform's by its name, the tenant's own by the versions that it lists.
fn chosen<P: Resource>(
    ground: &Ground,
    head: &Head,
    named: &Fact<Text>,
    own: &Fact<Link<P>>,
    of: impl Fn(&P) -> &Fact<List<Text>>,
) -> Result<Speaks, Reason> {
    let State::Known(link) = &own.state else { return policy(named) };
    let found = ground.inventory.follow_as::<P>(Some(head), &link.target).ok_or(Reason::NotCollected)?;
    match &of(found).state {
        State::Known(list) => versions(list),
        State::Absent => Err(Reason::NotInEvidence),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

fn classic(ground: &Ground, one: &slb::Listener) -> Result<Speaks, Reason> {
    match word(&one.protocol)? {
        Some("https") => {
            chosen(ground, &one.head, &one.tls_policy, &one.custom_tls_policy, |own: &slb::TlsPolicy| &own.versions)
        }
        Some("http") => match &one.redirects.state {
            State::Known(true) => Ok(Speaks::Nothing),
            State::Known(false) | State::Absent => Ok(Speaks::Plain),
            State::Unknown(reason) => Err(reason.clone()),
        },
        _ => Ok(Speaks::Nothing),
    }
}

fn application(ground: &Ground, one: &alb::Listener) -> Result<Speaks, Reason> {
    match word(&one.protocol)? {
        Some("https" | "quic") => {
            chosen(ground, &one.head, &one.security_policy, &one.own_policy, |own: &alb::TlsPolicy| &own.versions)
        }
        // What every rule of it redirects is not served in the clear.
        Some("http") => match &one.action_types.state {
            State::Known(list) if list.items.iter().any(|action| action != "redirect") => Ok(Speaks::Plain),
            State::Known(List { more: Some(reason), .. }) | State::Unknown(reason) => Err(reason.clone()),
            State::Known(list) if list.items.is_empty() => Err(Reason::NotInEvidence),
            State::Known(_) => Ok(Speaks::Nothing),
            State::Absent => Err(Reason::NotInEvidence),
        },
        _ => Ok(Speaks::Nothing),
    }
}

fn network(ground: &Ground, one: &nlb::Listener) -> Result<Speaks, Reason> {
    match word(&one.protocol)? {
        Some("tcpssl") => {
            chosen(ground, &one.head, &one.security_policy, &one.own_policy, |own: &nlb::TlsPolicy| &own.versions)
        }
        _ => Ok(Speaks::Nothing),
    }
}

/// A function switches versions off; `unset` is what holds without it. Source: CDN, `https_tls_version`: TLS 1.0 and later
/// are on unless they are switched off.
fn delivery(
    https: &Fact<bool>,
    functions: &Fact<List<cdn::Function>>,
    unset: Result<Speaks, Reason>,
) -> Result<Speaks, Reason> {
    match &https.state {
        State::Known(true) => {}
        State::Known(false) | State::Absent => return Ok(Speaks::Nothing),
        State::Unknown(reason) => return Err(reason.clone()),
    }
    let list = match &functions.state {
        State::Known(list) => list,
        State::Absent => return unset,
        State::Unknown(reason) => return Err(reason.clone()),
    };
    let mut mine = list
        .items
        .iter()
        .filter(|function| function.name.value().is_some_and(|name| name == "https_tls_version"))
        .peekable();
    if mine.peek().is_none() && list.more.is_none() {
        return unset;
    }
    let off: Vec<&str> = mine
        .filter_map(|function| function.arguments.value())
        .flat_map(|arguments| &arguments.items)
        .filter_map(|argument| argument.strip_suffix("=off"))
        .collect();
    let on = [("tls10", 10), ("tls11", 11), ("tls12", 12)].into_iter().find(|(name, _)| !off.contains(name));
    match (on.map_or(13, |(_, version)| version), &list.more) {
        (lowest, Some(reason)) if lowest < FLOOR => Err(reason.clone()),
        (lowest, _) => Ok(Speaks::Tls(lowest)),
    }
}

/// The oldest TLS of a site's global configuration and of the rules that are on. What holds before anybody configures it
/// two documents say differently.
fn site(ground: &Ground, site: &esa::Site) -> Result<Speaks, Reason> {
    let mut accepted = List::complete(vec![]);
    let mut global = false;
    for rule in ground.inventory.all::<esa::HttpsRule>() {
        let named =
            rule.site.value().and_then(|link| ground.inventory.follow_as::<esa::Site>(Some(&rule.head), &link.target));
        if named.is_none_or(|named| !std::ptr::eq(named, site)) {
            continue;
        }
        global |= rule.global.value() == Some(&true);
        // One that is off, or serves no HTTPS, accepts nothing.
        if rule.enabled.value() == Some(&false) || rule.https.value() == Some(&false) {
            continue;
        }
        let doubt = rule.enabled.reason().or(rule.https.reason()).or(rule.tls_versions.reason());
        accepted.more = accepted.more.or_else(|| doubt.cloned());
        if let (None, Some(list)) = (doubt, rule.tls_versions.value()) {
            accepted.items.extend(list.items.iter().cloned());
            accepted.more = accepted.more.or_else(|| list.more.clone());
        }
    }
    if !global {
        accepted.more.get_or_insert(Reason::NotCollected);
    }
    versions(&accepted)
}

fn native(one: &apigateway::NativeDomain) -> Result<Speaks, Reason> {
    match (word(&one.protocol)?, &one.https_forced.state) {
        (Some("https"), State::Known(true)) => policy(&one.tls_min),
        // Without the redirect HTTP is served beside HTTPS.
        (Some("https"), State::Known(false) | State::Absent) | (Some("http"), _) => Ok(Speaks::Plain),
        (Some("https"), State::Unknown(reason)) => Err(reason.clone()),
        (Some(other), _) => Err(Reason::not_understood(format!("the protocol `{other}`"))),
        (None, _) => Err(Reason::NotInEvidence),
    }
}

/// The weakest cipher of both phases of every tunnel.
fn tunnel(one: &vpn::Connection) -> Result<Speaks, Reason> {
    let tunnels = match &one.tunnels.state {
        State::Known(list) => list,
        State::Absent => &List::complete(vec![]),
        State::Unknown(reason) => return Err(reason.clone()),
    };
    let own = [&one.ike_encryption, &one.ipsec_encryption];
    let theirs = tunnels.items.iter().flat_map(|tunnel| [&tunnel.ike_encryption, &tunnel.ipsec_encryption]);
    let (mut found, mut doubt) = (Speaks::Nothing, tunnels.more.clone());
    for cipher in own.into_iter().chain(theirs) {
        match word(cipher).map(enciphered) {
            Ok(Speaks::Weak) => found = Speaks::Weak,
            Ok(Speaks::Plain) => return Ok(Speaks::Plain),
            Ok(_) => {}
            Err(reason) => doubt = doubt.or(Some(reason)),
        }
    }
    match (found, doubt) {
        (Speaks::Nothing, Some(reason)) => Err(reason),
        (found, _) => Ok(found),
    }
}

/// What a cipher of a VPN is worth: DES and its triple form no longer keep a secret, `none` never did. Source: VPC
/// CreateVpnConnection `IkeEncAlg` (aes, aes192, aes256, des, 3des), CreateSslVpnServer `Cipher` (none among them).
fn enciphered(cipher: Option<&str>) -> Speaks {
    match cipher {
        Some("none") => Speaks::Plain,
        Some("des" | "3des") => Speaks::Weak,
        _ => Speaks::Nothing,
    }
}

struct Told<'g> {
    ground: &'g Ground,
    parts: Vec<Part>,
    unseen: Vec<Open>,
}

impl<'g> Told<'g> {
    fn of<R: Resource>(&mut self, row: impl Fn(&'g R) -> Row<'g>) {
        let rows: Vec<Row<'g>> = self.ground.inventory.all::<R>().iter().map(row).collect();
        self.parts.extend(summary(R::SCHEMA.kind, &rows));
        self.unseen.extend(gaps::<R>(self.ground));
    }
}

fn summary(kind: &str, rows: &[Row<'_>]) -> Option<Part> {
    let (mut good, mut old, mut plain, mut weak, mut because) = (0_usize, vec![], vec![], vec![], vec![]);
    for (head, speaks) in rows {
        match speaks {
            Ok(Speaks::Tls(lowest)) if *lowest < FLOOR => old.push(*head),
            Ok(Speaks::Tls(_)) => good = good.saturating_add(1),
            Ok(Speaks::Plain) => plain.push(*head),
            Ok(Speaks::Weak) => weak.push(*head),
            Ok(Speaks::Nothing) => {}
            Err(reason) => because.push(open(&format!("{kind} tls-floor"), reason)),
        }
    }
    if good == 0 && old.is_empty() && plain.is_empty() && weak.is_empty() && because.is_empty() {
        return None;
    }
    because.sort();
    because.dedup();
    let mut facts = Vec::new();
    // A tunnel is kept by its ciphers; TLS has no versions there.
    if !kind.starts_with("vpn.") {
        facts.push(("tls-from-1-2", good.to_string()));
    }
    if !old.is_empty() {
        facts.push(("tls-below-1-2", names(&old)));
    }
    if !plain.is_empty() {
        facts.push(("in-the-clear", names(&plain)));
    }
    if !weak.is_empty() {
        facts.push(("weak-cipher", names(&weak)));
    }
    let verdict = match (old.is_empty() && plain.is_empty() && weak.is_empty(), because.is_empty()) {
        (false, _) => Verdict::No,
        (true, false) => Verdict::Undecided,
        (true, true) => Verdict::Yes,
    };
    Some(Part { subject: kind.to_owned(), verdict, facts, packet: None, hops: Vec::new(), because })
}
