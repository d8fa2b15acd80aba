//! Function Compute (FC), versions 2 (services with functions) and 3 (functions alone).

use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// What holds settings of role, network and log: a service of FC 2, or a function of FC 3 itself.
    Service = "fc.service", Regional {
        /// The version of the product: 2 (a service) or 3 (a function).
        version: i64,
        /// The ARN of the RAM role that it runs with; absent when it runs without one. Source: FC GetService, GetFunction `role`.
        role: Text,
        /// Whether it can reach the internet. Source: `internetAccess`.
        internet_access: bool,
        /// The VPC that it is bound to; absent when to none. Source: `vpcConfig.vpcId`.
        vpc: Text,
        /// The log project that its logs go to; absent when none. Source: `logConfig.project`.
        log_project: Text,
        /// The logstore that its logs go to; absent when none. Source: `logConfig.logstore`.
        logstore: Text,
        /// Whether an environment variable holds something that looks like an AccessKey. The values are never kept.
        environment_has_access_key: bool,
    }
}

resource! {
    /// A function.
    Function = "fc.function", Regional {
        /// The version of the product: 2 or 3.
        version: i64,
        /// The runtime: `python3.10`, `nodejs18`, `custom-container`, … Source: FC ListFunctions, GetFunction `runtime`.
        runtime: Text,
        /// The service that it is in (FC 2), or itself (FC 3).
        service: Link<Service>,
        /// Whether an environment variable holds something that looks like an AccessKey. The values are never kept.
        environment_has_access_key: bool,
    }
}

resource! {
    /// A trigger of a function.
    Trigger = "fc.trigger", Regional {
        /// The kind: `http`, `oss`, `log`, `timer`, … Source: FC ListTriggers `triggerType`.
        kind: Text,
        /// Who may call an HTTP trigger: `anonymous`, `function`, `jwt`; absent for other kinds. Source: `triggerConfig` `authType`.
        auth: Text,
        /// Whether an HTTP trigger's internet address is switched off; absent for other kinds. Source: `triggerConfig` `disableURLInternet`.
        internet_disabled: bool,
        /// The function that it calls, by name.
        function: Text,
        /// Whether a WAF that blocks stands before every name under which the internet reaches it; absent when the internet does not reach it.
        [derived] waf: bool,
    }
}

resource! {
    /// A customer's domain for functions.
    CustomDomain = "fc.custom-domain", Regional {
        /// The domain name.
        domain: Text,
        /// The protocols: `http`, `https`. Source: FC GetCustomDomain `protocol`.
        protocols: List<Text>,
        /// The name of the certificate; absent when there is none. Source: `certConfig.certName`.
        certificate: Text,
        /// The oldest TLS that clients may use: `TLSv1.0` to `TLSv1.3`; absent when none is set. Source: `tlsConfig.minVersion`.
        tls_min: Text,
        /// The services or functions that its paths lead to, by name. Source: `routeConfig.routes`.
        targets: List<Text>,
    }
}
