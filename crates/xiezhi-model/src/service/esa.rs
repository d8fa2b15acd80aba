//! Edge Security Acceleration (ESA): sites and their DNS records, which are proxied or only answered.

use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// A site: a domain whose names ESA answers for.
    Site = "esa.site", Global {
        /// The domain. Source: ESA ListSites `SiteName`.
        domain: Text,
        /// Whether its names are answered by ESA. Source: ESA ListSites `Status` (`active`; `pending`, `offline` and `moved` are not).
        active: bool,
        /// What the managed rules of ESA's own WAF do for the site: `block`, `observe`, or `none` when none is on. Source: ESA ListWafRules of `Phase` `http_managed`: `Status`, `Action`.
        waf: Text,
        /// How names reach ESA: `ns` (ESA is the name server) or `cname` (each name points there from elsewhere). Source: ESA ListSites `AccessType`.
        access: Text,
    }
}

resource! {
    /// A DNS record of a site.
    Record = "esa.record", Global {
        /// The site. Source: ESA ListRecords `SiteId`.
        site: Link<Site>,
        /// The full name. Source: ESA ListRecords `RecordName`.
        name: Text,
        /// Whether requests go through ESA; else it only answers DNS. Source: ESA ListRecords `Proxied`.
        proxied: bool,
        /// What kind of origin stands behind it: `address`, `domain`, `load-balancer`, `pool`, `oss`, `s3`, or `other` for records that are no origins. Source: ESA ListRecords `RecordType`, `RecordSourceType`.
        source: Text,
        /// The addresses or names of the servers behind it. Source: ESA ListRecords `Data.Value`.
        origins: List<Text>,
        /// The name that DNS must point to, for sites by CNAME; absent for the others. Source: ESA ListRecords `RecordCname`.
        cname: Text,
        /// The ways around it that are proven: the case of the catalogue (network semantics §6.2) with the packet that reaches the origin, or what of it does not act. Empty when none exists.
        [derived] bypasses: List<Text>,
    }
}

resource! {
    /// How a site speaks HTTPS: its global configuration, or a rule for some requests.
    HttpsRule = "esa.https-rule", Global {
        /// The site. Source: ESA ListHttpsBasicConfigurations `SiteId`.
        site: Link<Site>,
        /// Whether it holds for all requests that no rule takes: the global configuration. Source: ESA ListHttpsBasicConfigurations `ConfigType` (`global`, `rule`).
        global: bool,
        /// Whether it is on; the global configuration always is. Source: ESA ListHttpsBasicConfigurations `RuleEnable`.
        enabled: bool,
        /// Whether HTTPS is served. Source: ESA ListHttpsBasicConfigurations `Https`.
        https: bool,
        /// The versions of TLS that are accepted, as `tls1.2`; open when one is neither on nor off: two documents differ on what holds then. Source: ESA ListHttpsBasicConfigurations `Tls10` to `Tls13`.
        tls_versions: List<Text>,
    }
}
