//! Cloud Config: the record of how resources were configured, and its rules.

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// Cloud Config of an account.
    Recorder = "config.recorder", Account {
        /// Whether configurations are recorded. Source: Config GetConfigurationRecorder `ConfigurationRecorderStatus` (`REGISTERED`).
        recording: bool,
        /// The resource types that are recorded.
        resource_types: List<Text>,
        /// Where records and snapshots are delivered to. Source: Config ListConfigDeliveryChannels `DeliveryChannelTargetArn`.
        deliveries: List<Text>,
    }
}

resource! {
    /// A rule of Cloud Config.
    Rule = "config.rule", Global {
        /// The managed rule that it is made of, or the custom function. Source: Config ListConfigRules `SourceIdentifier`.
        identifier: Text,
        /// Whether it is evaluated. Source: `ConfigRuleState` (`ACTIVE`).
        active: bool,
        /// The result: `COMPLIANT`, `NON_COMPLIANT`, `NOT_APPLICABLE`, `INSUFFICIENT_DATA`. Source: `Compliance.ComplianceType`.
        compliance: Text,
        /// How many resources do not comply. Source: `Compliance.Count`.
        count: i64,
        /// The risk: 1 high, 2 medium, 3 low. Source: `RiskLevel`.
        risk: i64,
    }
}

resource! {
    /// A compliance pack of Cloud Config.
    Pack = "config.pack", Global {
        /// The template that it is made of; absent when it is the customer's own. Source: Config ListCompliancePacks `CompliancePackTemplateId`.
        template: Text,
        /// Whether it is evaluated. Source: `Status` (`ACTIVE`).
        active: bool,
    }
}
