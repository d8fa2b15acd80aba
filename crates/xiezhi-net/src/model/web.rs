//! What stands before web applications: WAF, CDN, Anti-DDoS; and names and serverless applications
//! (reference, section 6).

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Id, Listing, Seen};

/// Everything about web protection.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Web {
    /// WAF, CDN and Anti-DDoS configurations.
    pub guards: Listing<Guard>,
    /// Names of the estate's zones and where they point.
    pub names: Listing<Name>,
    /// Public addresses with Anti-DDoS beyond the free basic protection (EDGE-6).
    pub ddos: Listing<DdosCover>,
    /// Addresses to which Anti-DDoS Proxy relays single ports, which have no domain and so no guard here.
    pub relayed: Listing<IpAddr>,
    /// From how much traffic on basic protection and Anti-DDoS Origin scrub an address, and give it up.
    pub thresholds: Vec<Threshold>,
    /// Applications without an address of their own in the network.
    pub apps: Listing<WebApp>,
}

/// The kinds of protection before an application (section 6.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GuardKind {
    /// WAF as a reverse proxy for a domain (CNAME mode).
    WafProxy,
    /// WAF inside a product: ALB, MSE, function, API gateway.
    WafNative,
    /// WAF on redirected ports of an address (transparent mode, EDGE-2).
    WafTransparent,
    /// CDN, DCDN or ESA before origins (EDGE-7).
    Cdn,
    /// Anti-DDoS Pro or Premium as a proxy (EDGE-6).
    AntiDdosProxy,
}

/// Whether rules of a guard act (EDGE-1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleState {
    /// No enabled rule: connected, not protected.
    None,
    /// Every enabled rule only observes.
    Observing,
    /// At least one rule blocks.
    Enforcing,
}

/// One configuration that stands before an application.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Guard {
    /// The id of the configuration.
    pub id: Id,
    /// Its kind.
    pub kind: GuardKind,
    /// The name that it protects (EDGE-3).
    #[serde(default)]
    pub domain: Option<String>,
    /// The load balancer, interface, instance or application that a native or transparent guard protects.
    #[serde(default)]
    pub resource: Option<Id>,
    /// The ports it takes: listening ports of a proxy, redirected ports of transparent mode.
    #[serde(default)]
    pub ports: Seen<Vec<u16>>,
    /// The origins of a proxy.
    #[serde(default)]
    pub origins: Seen<Vec<Origin>>,
    /// The addresses from which a proxy talks to origins; absent counts as not collected.
    #[serde(default)]
    pub egress: Seen<Vec<IpNet>>,
    /// Whether other tenants use the same addresses towards their origins.
    #[serde(default)]
    pub shared_egress: Seen<bool>,
    /// Whether it marks requests with a header that the origin checks.
    #[serde(default)]
    pub marks_requests: Seen<bool>,
    /// Whether public DNS of the domain points at it (`DNSStatus` cnameMatched, vipMatched or wafVip);
    /// absent counts as not collected.
    #[serde(default)]
    pub dns: Seen<bool>,
    /// Whether it works: not paused, not expired, forwarding; absent counts as not collected.
    #[serde(default)]
    pub running: Seen<bool>,
    /// Whether its rules act; meaningful for WAF, absent counts as not collected.
    #[serde(default)]
    pub rules: Seen<RuleState>,
    /// The guard to which this one forwards, in a chain.
    #[serde(default)]
    pub forwards_to: Option<Id>,
    /// Whether it takes requests only from the guard before it in a chain.
    #[serde(default)]
    pub only_from_upstream: Seen<bool>,
}

/// An origin of a proxy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Origin {
    /// Where it is.
    pub to: RecordTo,
    /// The ports on which the proxy talks to it.
    pub ports: Vec<u16>,
}

/// Where a name or an origin points.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordTo {
    /// An address.
    Address(IpAddr),
    /// Another name.
    Name(String),
}

/// A name of a zone of the estate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Name {
    /// The full name.
    pub name: String,
    /// Where it points.
    pub records: Seen<Vec<RecordTo>>,
}

/// What covers a public address where it is (EDGE-6).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DdosKind {
    /// Anti-DDoS Origin.
    #[default]
    Origin,
    /// The enhanced protection of an EIP (`AntiDDoS_Enhanced`).
    Enhanced,
}

/// A public address under Anti-DDoS Origin or enhanced protection (EDGE-6).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DdosCover {
    /// The address.
    pub address: IpAddr,
    /// What covers it.
    #[serde(default)]
    pub by: DdosKind,
}

/// The traffic at which an address is scrubbed, and at which it goes into the black hole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Threshold {
    /// The address.
    pub address: IpAddr,
    /// Where scrubbing begins, in Mbit/s.
    #[serde(default)]
    pub scrubbing: Seen<u32>,
    /// Where the black hole begins, in Mbit/s.
    #[serde(default)]
    pub black_hole: Seen<u32>,
}

/// The kinds of applications without an address in the network.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppKind {
    /// A function with an HTTP trigger.
    Function,
    /// An API gateway.
    ApiGateway,
    /// An OSS bucket that anyone reads (OSS-1: its endpoint is always on the internet, its policy decides).
    Bucket,
    /// A gateway of MSE.
    Application,
}

/// An application that the internet reaches by name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WebApp {
    /// Its id.
    pub id: Id,
    /// Its kind.
    pub kind: AppKind,
    /// Its own domains.
    pub domains: Seen<Vec<String>>,
    /// Whether the provider's default domain, or the application's own address, answers strangers from the internet;
    /// absent counts as not collected.
    #[serde(default)]
    pub default_domain: Seen<bool>,
}
