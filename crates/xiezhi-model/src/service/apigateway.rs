//! API Gateway (`cloudapi`) and the cloud-native gateway (`apig`).

use crate::record::{record, resource};
use crate::{Link, List, Text};

resource! {
    /// A dedicated API Gateway instance.
    Instance = "apigateway.instance", Regional {
        /// The zone; a name with `MAZ` spans several. Source: CloudAPI DescribeInstances `ZoneId`.
        zone: Text,
        /// The TLS policy: `HTTPS2_TLS1_0`, `HTTPS2_TLS1_2`, `HTTPS2_TLS1_3`. Source: `HttpsPolicies`, Terraform `https_policy`.
        https_policy: Text,
        /// Whether an access list limits IPv4 callers. Source: `AclStatus` (`on`).
        acl: bool,
        /// The kind of the list: `white` or `black`. Source: `AclType`.
        acl_type: Text,
        /// That list; absent when there is none. Source: CloudAPI DescribeInstances `AclId`.
        acl_list: Link<Acl>,
        /// Whether IPv6 callers may come in. Source: `SupportIpv6`.
        ipv6: bool,
        /// Whether an access list limits IPv6 callers. Source: `IPV6AclStatus` (`on`).
        ipv6_acl: bool,
        /// The kind of the list for IPv6: `white` or `black`; absent when there is none. Source: `IPV6AclType`.
        ipv6_acl_type: Text,
        /// That list; absent when there is none. Source: CloudAPI DescribeInstances `IPV6AclId`.
        ipv6_acl_list: Link<Acl>,
        /// The address through which the gateway is reached from the internet; absent when there is none.
        internet_address: Text,
    }
}

resource! {
    /// An access list of dedicated API Gateway instances.
    Acl = "apigateway.acl", Regional {
        /// Its ranges. Source: CloudAPI DescribeAccessControlListAttribute `AclEntrys.AclEntry[].AclEntryIp`.
        entries: List<Text>,
    }
}

resource! {
    /// An API group: the APIs behind one set of domains.
    Group = "apigateway.group", Regional {
        /// The dedicated instance; absent for the shared one.
        instance: Link<Instance>,
        /// The TLS policy. Source: CloudAPI DescribeApiGroup `HttpsPolicy`.
        https_policy: Text,
        /// The customer's domains bound to the group. Source: DescribeApiGroup `CustomDomains`.
        domains: List<CustomDomain>,
        /// The second-level domain that the service gives the group, for tests. Source: `SubDomain`.
        default_domain: Text,
        /// Whether a WAF that blocks stands before every name under which the internet reaches it; absent when the internet does not reach it.
        [derived] waf: bool,
        /// Whether calls are kept, by the log configuration of its region.
        [derived] call_logged: bool,
    }
}

record! {
    /// A customer's domain bound to an API group.
    CustomDomain = "apigateway.group.domain" {
        /// The name, as its maker wrote it.
        name: Text,
        /// The certificate; absent when there is none. Source: `CertificateId`.
        certificate: Text,
        /// Whether HTTP callers are sent to HTTPS. Source: `IsHttpRedirectToHttps`.
        https_forced: bool,
        /// Where it answers: `internet` or `intranet`. Source: `CustomDomainType`.
        network: Text,
    }
}

resource! {
    /// Where the call logs of a region's API gateways go.
    LogConfig = "apigateway.log-config", Regional {
        /// The log project. Source: CloudAPI DescribeLogConfig `SlsProject`.
        project: Text,
        /// The Logstore. Source: CloudAPI DescribeLogConfig `SlsLogStore`.
        logstore: Text,
    }
}

resource! {
    /// An API.
    Api = "apigateway.api", Regional {
        /// The group that it is in.
        group: Link<Group>,
        /// Who may call it: `app` (registered applications), `openid` (application with OpenID Connect), `anonymous`. Source: CloudAPI DescribeApi `AuthType`.
        auth: Text,
        /// What OpenID Connect does in it: `checks-token` (callers bring an ID token) or `issues-token` (callers fetch one); absent without it. Source: CloudAPI DescribeApi `OpenIdConnectConfig.OpenIdApiType`.
        openid: Text,
        /// How it is called: `http`, `https`. Source: `RequestConfig.RequestProtocol`.
        protocols: List<Text>,
        /// Whether it is listed on the market: `public` or `private`. Source: `Visibility`.
        visibility: Text,
        /// The types of the plugins bound to it: `jwtAuth`, `ipControl`, … Source: CloudAPI DescribePluginsByApi.
        plugins: List<Text>,
    }
}

resource! {
    /// A cloud-native API gateway.
    NativeGateway = "apigateway.native-gateway", Regional {
        /// Whether it can be reached from the internet. Source: apig ListGateways `loadBalancers[].addressType`.
        internet: bool,
        /// Its addresses.
        addresses: List<Text>,
        /// Whether a WAF that blocks stands before it; absent when the internet does not reach it.
        [derived] waf: bool,
    }
}

resource! {
    /// A domain of the cloud-native API gateways.
    NativeDomain = "apigateway.native-domain", Regional {
        /// The name. Source: apig ListDomains `name`.
        name: Text,
        /// `http` or `https`. Source: apig ListDomains `protocol`.
        protocol: Text,
        /// Whether HTTP callers are sent to HTTPS. Source: apig ListDomains `forceHttps`.
        https_forced: bool,
        /// The oldest TLS that it accepts, as `TLS 1.2`; absent when it speaks none. Source: apig ListDomains `tlsMin`.
        tls_min: Text,
    }
}
