//! Web Application Firewall (WAF), versions 2 and 3.

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// A WAF instance. An account has at most one in the mainland centre and one in the international centre.
    Instance = "waf.instance", Global {
        /// The version of the product: 2 or 3.
        version: i64,
        /// The edition as the API names it.
        edition: Text,
        /// Whether it is in service, not expired or released. Source: waf-openapi DescribeInstance `Status` (1), `PayInfo.Status`, DescribeInstanceInfo.
        active: bool,
        /// Whether somebody paused it: it forwards and inspects nothing; absent in version 2, which has no such switch. Source: waf-openapi DescribePauseProtectionStatus `PauseStatus` (1).
        paused: bool,
        /// When it ends (RFC 3339); absent when it is paid as used.
        expires: Text,
        /// Whether the log service of the instance is on. Source: waf-openapi DescribeUserWafLogStatus `LogStatus` (`open`), DescribeSlsLogStoreStatus `ExistStatus`.
        log_service: bool,
        /// For how many days the log service keeps logs. Source: waf-openapi DescribeSlsLogStore `Ttl`.
        log_days: i64,
        /// Where the instance is run from: `mainland` (`cn-hangzhou`) or `international` (`ap-southeast-1`).
        center: Text,
        /// Which protection scenes have an enabled template: `waf_base`, `cc`, `ip_blacklist`, `custom_acl`, … Source: DescribeDefenseTemplates `DefenseScene`, `TemplateStatus`.
        scenes: List<Text>,
        /// The address ranges from which WAF talks to origins. Source: waf-openapi DescribeWafSourceIpSegment `WafSourceIp`.
        source_ranges: List<Text>,
    }
}

resource! {
    /// A protected object: a domain, or a cloud product instance and port, that WAF stands before.
    ProtectedObject = "waf.protected-object", Global {
        /// The name of the object in WAF (`example.com-waf`, `alb-…-alb`).
        name: Text,
        /// The group of protected objects that it is in: templates apply to groups too; absent when in none. Source: DescribeDefenseResources `ResourceGroup`.
        group: Text,
        /// How it was onboarded: `cname` for a domain by CNAME, else the product: `ecs`, `clb4`, `clb7`, `alb`, `nlb`, `mse`, `fc`, `apig`, `sae`.
        product: Text,
        /// The domain, for objects that are domains; absent for the others.
        domain: Text,
        /// The instance id, for cloud product objects; absent for domains. Source: DescribeDefenseResources `Detail`, DescribeCloudResources `ResourceInstance`.
        instance: Text,
        /// The ports of the instance that go through WAF. Source: DescribeCloudResourceAccessedPorts `Http`, `Https`; DescribeCloudResourceList `Port`; the name that WAF gives objects, `<instance>-<port>-<product>`.
        ports: List<Text>,
        /// Whether WAF inspects it (not switched off). Source: DescribeDefenseResources `ResourceOrigin`, WAF 2 `WafStatus`.
        protected: bool,
        /// Whether its requests are logged. Source: DescribeResourceLogStatus `Status`.
        logged: bool,
        /// The ways around it that are proven: the case of the catalogue (network semantics §6.2) with the packet that reaches the origin, or what of it does not act. Empty when none exists.
        [derived] bypasses: List<Text>,
    }
}

resource! {
    /// A domain that goes through WAF by CNAME.
    Domain = "waf.domain", Global {
        /// The domain name; may begin with `*.`.
        domain: Text,
        /// The name that DNS must point to. Source: DescribeDomains `Cname`.
        cname: Text,
        /// Whether public DNS leads to WAF, as WAF itself looked it up. Source: DescribeDomainDNSRecord `DNSStatus`: `cnameMatched`, `vipMatched` and `wafVip` do, `unRecord` and `unUsed` do not.
        dns_matched: bool,
        /// Whether a cluster of the customer's own serves it (hybrid cloud) instead of WAF's. Source: DescribeHybridCloudResources; DescribeDomains lists those of WAF's clusters.
        hybrid: bool,
        /// The HTTP ports. Source: `ListenPorts.Http`.
        http_ports: List<Text>,
        /// The HTTPS ports. Source: `ListenPorts.Https`.
        https_ports: List<Text>,
        /// The origins: addresses or names of the servers behind WAF. Source: `Backeds` (so spelt), DescribeDomainDetail `Redirect.Backends`.
        origins: List<Text>,
        /// The oldest TLS that clients may use: `tlsv1`, `tlsv1.1`, `tlsv1.2`. Source: DescribeDomainDetail `Listen.TLSVersion`.
        tls_min: Text,
        /// Whether HTTP visitors are sent to HTTPS. Source: DescribeDomainDetail `Listen.FocusHttps`.
        https_forced: bool,
        /// The names of the request headers that WAF sets to a fixed value towards origins, by which an origin can tell its own requests; never the values. Source: DescribeDomainDetail `Redirect.RequestHeaders[].Key`.
        marks: List<Text>,
        /// The ways around it that are proven: the case of the catalogue (network semantics §6.2) with the packet that reaches the origin, or what of it does not act. Empty when none exists.
        [derived] bypasses: List<Text>,
        /// What stays open although the origin admits WAF's ranges only (case 14 of the catalogue): the origins that other tenants of WAF reach through ranges that they share. Empty when requests are marked or nothing is locked. An inference: the platform is not probed.
        [derived] shared_with: List<Text>,
        /// The origins that refuse some of WAF's own ranges (case 13 of the catalogue), with those ranges: requests are lost there.
        [derived] refusals: List<Text>,
    }
}

resource! {
    /// A protection rule.
    Rule = "waf.rule", Global {
        /// The scene: `waf_base`, `waf_group`, `antiscan`, `ip_blacklist`, `custom_acl`, `whitelist`, `region_block`, `cc`, `tamperproof`, `dlp`, … Source: DescribeDefenseRules `DefenseScene`.
        scene: Text,
        /// Whether it is on. Source: `Status` 1.
        enabled: bool,
        /// What happens on a match: `block`, `monitor`, `js`, `captcha`, `captcha_strict`, `filter`. Source: `Config` (JSON) `ruleAction`/`action`.
        action: Text,
        /// The template that it belongs to.
        template: Text,
        /// The source ranges outside which the rule acts on every request: its only condition is `IP` `not-contain`. Absent when it asks for anything else. Source: `Config` (JSON) `conditions`.
        outside: List<Text>,
    }
}

resource! {
    /// A protection template.
    Template = "waf.template", Global {
        /// The scene, as in rules.
        scene: Text,
        /// Whether it is on. Source: DescribeDefenseTemplates `TemplateStatus` 1.
        enabled: bool,
        /// Whether it applies to every protected object without another one. Source: `TemplateType` (`user_default`).
        default: bool,
        /// The protected objects that it applies to, when it is not the default. Source: DescribeTemplateResources.
        objects: List<Text>,
        /// The groups of protected objects that it applies to. Source: DescribeTemplateResources with `ResourceType` `group`.
        groups: List<Text>,
    }
}
