//! Simple Log Service (SLS).

use crate::record::{record, resource};
use crate::{Link, List, Text};

resource! {
    /// A log project. Its name is its id.
    Project = "sls.project", Regional {
        /// The description; absent when there is none.
        description: Text,
        /// How the data is stored: `LRS` (one zone) or `ZRS` (three zones). Source: Sls GetProject `dataRedundancyType`.
        redundancy: Text,
        /// The project policy as JSON; absent when there is none. Source: Sls GetProjectPolicy.
        policy: Text,
        /// The project that keeps the operation logs of this one; absent when it logs nothing of itself. Source: Sls GetLogging.
        logging_project: Text,
        /// Whether the project policy lets everyone do something without condition.
        [derived] policy_grants_anyone: bool,
        /// Whether the project policy allows anything to principals of other accounts.
        [derived] policy_grants_other_accounts: bool,
    }
}

resource! {
    /// A logstore, known as `project:logstore`.
    Logstore = "sls.logstore", Regional {
        /// The project that it is in.
        project: Link<Project>,
        /// How long logs are kept, in days; 3650 means for ever. Source: Sls GetLogStore `ttl`.
        ttl_days: i64,
        /// How long logs stay in hot storage, in days; absent when always. Source: Sls GetLogStore `hot_ttl`.
        hot_ttl_days: i64,
        /// Whether logs are encrypted with KMS. Source: Sls GetLogStore `encrypt_conf.enable`.
        encrypted: bool,
        /// The customer's KMS key that encrypts; absent when the service's own key does or nothing does. Source: `encrypt_conf.user_cmk_info.cmk_key_id`.
        encryption_key: Text,
        /// The cipher: `aes` (the default) or `sm4`; absent when nothing is encrypted. Source: `encrypt_conf.encrypt_type` (`default`, `m4`).
        encryption_algorithm: Text,
        /// How many shards it has. Source: Sls GetLogStore `shardCount`.
        shards: i64,
        /// Whether anyone on the internet may write logs to it without credentials (web tracking). Source: Sls GetLogStore `enable_tracking`.
        web_tracking: bool,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
        /// TLS towards clients: `off`, `offered` or `enforced`.
        [derived] in_transit: Text,
    }
}

resource! {
    /// An alert rule, known as `project:alert`.
    Alert = "sls.alert", Regional {
        /// The project that it is in.
        project: Link<Project>,
        /// Whether the rule is evaluated. Source: Sls ListAlerts `status` (`ENABLED`), `state`.
        enabled: bool,
        /// The queries that the rule evaluates; absent for a rule that is made from a template. Source: `configuration.queryList`.
        queries: List<AlertQuery>,
        /// When the rule fires, each for a severity: one is enough. Source: `configuration.severityConfigurations[].evalCondition`, of older rules `configuration.condition`.
        triggers: List<AlertTrigger>,
        /// How many times in a row the conditions have to hold before the rule fires. Source: `configuration.threshold`, 1 unless set.
        consecutive: i64,
    }
}

record! {
    /// One query of an alert rule.
    AlertQuery = "sls.alert.query" {
        /// The search, and behind `|` the analysis. Source: `query`.
        query: Text,
        /// The project of the Logstore; absent when it is that of the rule. Source: `project`.
        project: Link<Project>,
        /// The Logstore. Source: `store`, of older rules `logStore`.
        store: Text,
    }
}

record! {
    /// When an alert rule fires.
    AlertTrigger = "sls.alert.trigger" {
        /// What a row of the result has to hold: `cnt > 0`; absent when any row does. Source: `condition`.
        condition: Text,
        /// How many such rows there have to be: `__count__ > 0`; absent when one is enough. Source: `countCondition`.
        count: Text,
    }
}

resource! {
    /// A rule that collects the logs of one cloud product into a central project (log audit).
    CollectionPolicy = "sls.collection-policy", Global {
        /// Whether it collects. Source: Sls ListCollectionPolicies `enabled`.
        enabled: bool,
        /// The product whose logs it collects, lower case: `actiontrail`, `oss`, `rds`. Source: `productCode`.
        product: Text,
        /// Which of the product's logs: `access_log`, `audit_log`. Source: `dataCode`.
        data: Text,
        /// Whether the logs go to a central project. Source: `centralizeEnabled`.
        centralized: bool,
    }
}
