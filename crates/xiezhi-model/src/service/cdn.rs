//! Content delivery: CDN and DCDN (dynamic acceleration).

use crate::record::{record, resource};
use crate::{List, Text};

resource! {
    /// A CDN domain.
    Domain = "cdn.domain", Global {
        /// Whether it serves. Source: Cdn DescribeUserDomains `DomainStatus` (`online`).
        online: bool,
        /// The name that DNS must point to.
        cname: Text,
        /// Whether it serves HTTPS. Source: Cdn DescribeCdnDomainDetail `ServerCertificateStatus` (`on`).
        https: bool,
        /// When its certificate ends (RFC 3339); absent without one. Source: Cdn DescribeDomainCertificateInfo `CertExpireTime`.
        certificate_expires: Text,
        /// The origins. Source: DescribeCdnDomainDetail `SourceModels`.
        sources: List<OriginServer>,
        /// The functions that are set. Source: Cdn DescribeCdnDomainConfigs.
        functions: List<Function>,
        /// The ways around it that are proven: the case of the catalogue (network semantics §6.2) with the packet that reaches the origin, or what of it does not act. Empty when none exists.
        [derived] bypasses: List<Text>,
        /// The buckets among its origins that the account does not have: they are gone, or somebody else's.
        [derived] missing_buckets: List<Text>,
    }
}

record! {
    /// An origin of a CDN or DCDN domain.
    OriginServer = "cdn.origin" {
        /// `ipaddr`, `domain`, `oss`, `fc_domain`, `common`.
        kind: Text,
        /// The address or name.
        content: Text,
    }
}

record! {
    /// A function of a CDN domain.
    Function = "cdn.function" {
        /// The name: `https_force`, `https_tls_version`, `aliauth`, `referer_white_list_set`, …
        name: Text,
        /// The arguments as `name=value`.
        arguments: List<Text>,
    }
}

resource! {
    /// A DCDN domain.
    DynamicDomain = "dcdn.domain", Global {
        /// Whether it serves. Source: dcdn DescribeDcdnUserDomains `DomainStatus` (`online`).
        online: bool,
        /// The name that DNS must point to. Source: dcdn DescribeDcdnUserDomains `Cname`.
        cname: Text,
        /// Whether it serves HTTPS. Source: `SSLProtocol` (`on`).
        https: bool,
        /// The origins. Source: dcdn DescribeDcdnDomainDetail `Sources`.
        sources: List<OriginServer>,
        /// The functions that are set. Source: dcdn DescribeDcdnDomainConfigs.
        functions: List<Function>,
        /// Whether the WAF of DCDN protects it. Source: dcdn DescribeDcdnWafDomains.
        waf: bool,
        /// The ways around it that are proven: the case of the catalogue (network semantics §6.2) with the packet that reaches the origin, or what of it does not act. Empty when none exists.
        [derived] bypasses: List<Text>,
        /// The buckets among its origins that the account does not have: they are gone, or somebody else's.
        [derived] missing_buckets: List<Text>,
    }
}
