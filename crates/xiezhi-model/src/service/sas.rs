//! Security Center (SAS; `threat_detection` in Terraform).

use crate::record::{record, resource};
use crate::{List, Text};

resource! {
    /// Security Center of an account: edition and what is switched on.
    Center = "sas.center", Account {
        /// The edition: `basic` (free), `anti-virus`, `advanced`, `enterprise`, `ultimate`, `multi-version` (different for each server), or `value-added` (only single functions). Source: Sas DescribeVersionConfig `Version` (1 basic, 3 enterprise, 5 advanced, 6 anti-virus, 7 ultimate, 8 multi-version, 10 value-added).
        edition: Text,
        /// Whether host protection is paid as used. Source: DescribeVersionConfig `IsPostpay`.
        pay_as_you_go: bool,
        /// When the paid edition ends (RFC 3339); absent for the free one. Source: DescribeVersionConfig `ReleaseTime`.
        expires: Text,
        /// The servers on which no agent is installed, by instance id or UUID. Source: Sas ListUninstallAegisMachines.
        servers_without_agent: List<Text>,
        /// What is notified and how. Source: Sas DescribeNoticeConfig.
        notices: List<Notice>,
        /// Which kinds of vulnerabilities are scanned for. Source: Sas DescribeVulConfig.
        vulnerability_scans: List<Switch>,
        /// The urgencies of vulnerabilities that are shown: `asap` (high), `later` (medium), `nntf` (low). Source: Sas DescribeConcernNecessity.
        vulnerability_levels: List<Text>,
        /// Whether malware is quarantined by itself (anti-virus, "auto breaking"). Source: Sas DescribeSuspiciousOverallConfig of `auto_breaking`.
        auto_quarantine: bool,
        /// Whether web servers are searched for web shells. Source: Sas DescribeSuspiciousOverallConfig of type `webshell`.
        webshell_detection: bool,
        /// Which kinds of logs are delivered for analysis. Source: Sas DescribeLogMeta.
        logs: List<Switch>,
        /// Whether the service-linked role for configuration assessment is authorised. Source: Sas DescribeServiceLinkedRoleStatus.
        role_authorized: bool,
        /// The baseline risks found, one for each kind of baseline. Source: Sas DescribeCheckWarningSummary.
        baselines: List<Baseline>,
        /// The strategies that run baseline checks. Source: Sas DescribeStrategy.
        strategies: List<Strategy>,
        /// How often each kind of asset fingerprint is collected. Source: Sas GetPropertyScheduleConfig.
        fingerprints: List<Switch>,
    }
}

record! {
    /// A notification setting.
    Notice = "sas.center.notice" {
        /// What is notified: `yundun_aegis_AV_true`, `health`, `weeklyreport`, … Source: DescribeNoticeConfig `Project`.
        project: Text,
        /// Whether anything is sent at all. Source: `Route` (0: nothing; else a sum of SMS 1, mail 2, message 4).
        on: bool,
    }
}

record! {
    /// A named switch.
    Switch = "sas.center.switch" {
        /// The name, as the API writes it, lower case.
        name: Text,
        /// Whether it is on.
        on: bool,
    }
}

record! {
    /// The result of one kind of baseline over all servers.
    Baseline = "sas.center.baseline" {
        /// The name of the baseline.
        name: Text,
        /// The class of the baseline, as the console shows it. Source: `TypeAlias`.
        class: Text,
        /// How many servers fail it. Source: `WarningMachineCount`.
        failing_servers: i64,
        /// How many failed items of high risk. Source: `HighWarningCount`.
        high_risks: i64,
        /// How many failed items of medium risk. Source: `MediumWarningCount`.
        medium_risks: i64,
        /// When it was last found (RFC 3339). Source: `LastFoundTime`.
        last_found: Text,
    }
}

record! {
    /// A baseline check strategy.
    Strategy = "sas.center.strategy" {
        /// The name, as its maker wrote it.
        name: Text,
        /// Every how many days it runs. Source: DescribeStrategy `CycleDays`.
        cycle_days: i64,
        /// How many servers it covers. Source: DescribeStrategy `EcsCount`.
        servers: i64,
        /// Which share of the checks passed, in percent. Source: DescribeStrategy `PassRate`.
        pass_rate: i64,
    }
}

resource! {
    /// A server as Security Center sees it.
    Asset = "sas.asset", Global {
        /// The ECS instance id, or the id in another cloud. Source: Sas DescribeCloudCenterInstances `InstanceId`.
        instance: Text,
        /// The id under which the agent knows it. Source: `Uuid`.
        uuid: Text,
        /// Whether it is an ECS instance of this cloud. Source: `Vendor` 0.
        ecs: bool,
        /// Whether it runs. Source: `Status`.
        running: bool,
        /// Whether the agent is online. Source: `ClientStatus` (`online`, `offline`, `pause`, `uninstall`).
        agent_online: bool,
        /// How the server is bound to an edition: `basic`, `anti-virus`, `advanced`, `enterprise`, `ultimate`. Source: `AuthVersion`.
        edition: Text,
        /// How many baseline items it fails. Source: `HealthCheckCount`.
        baseline_risks: i64,
        /// How many vulnerabilities it has. Source: `VulCount`.
        vulnerabilities: i64,
        /// How many alerts are open on it. Source: `SafeEventCount`.
        alerts: i64,
    }
}

resource! {
    /// A vulnerability found on servers or images, grouped.
    Vulnerability = "sas.vulnerability", Global {
        /// The kind: `cve` (Linux), `sys` (Windows), `cms` (web), `app`, `emg` (emergency), `image`. Source: Sas DescribeGroupedVul `Type`.
        kind: Text,
        /// How many servers or images must be fixed with high urgency. Source: `AsapCount`.
        high: i64,
        /// With medium urgency. Source: `LaterCount`.
        medium: i64,
        /// With low urgency. Source: `NntfCount`.
        low: i64,
        /// How many were dealt with. Source: `HandledCount`.
        handled: i64,
    }
}

resource! {
    /// A vulnerability that was found in a container image.
    ImageVulnerability = "sas.image-vulnerability", Global {
        /// The image, as `namespace/repository:tag`. Source: Sas DescribeImageVulList `RepoNamespace`, `RepoName`, `Tag`.
        image: Text,
        /// How urgent the fix is: `asap` (high), `later` (medium) or `nntf` (low). Source: Sas DescribeImageVulList `Necessity`.
        urgency: Text,
        /// Whether it was fixed. Source: Sas DescribeImageVulList `Status` (1 not fixed, 7 fixed).
        fixed: bool,
    }
}

resource! {
    /// A rule against password guessing.
    BruteForceRule = "sas.brute-force-rule", Global {
        /// Whether it applies to servers that no other rule names. Source: Sas DescribeAntiBruteForceRules `DefaultRule`.
        default: bool,
        /// How many failures block. Source: `FailCount`.
        failures: i64,
        /// Within how many minutes. Source: `Span`.
        minutes: i64,
        /// The servers that it protects, by UUID. Source: `UuidList`.
        servers: List<Text>,
    }
}

resource! {
    /// An alert: something suspicious that Security Center saw.
    Alert = "sas.alert", Global {
        /// The instance that it concerns, or the UUID of a server elsewhere; absent when it concerns none. Source: Sas DescribeSuspEvents `InstanceId`, `Uuid`.
        instance: Text,
        /// How grave it is: `serious`, `suspicious` or `remind`. Source: Sas DescribeSuspEvents `Level`.
        level: Text,
        /// Whether nobody dealt with it yet: it waits, or somebody is at it. Ignored, confirmed, marked as false, handled and expired ones are not open. Source: Sas DescribeSuspEvents `EventStatus` (1 and 16; 2, 4, 8, 32, 64, 604).
        open: bool,
        /// What kind it is, as the API writes it. Source: Sas DescribeSuspEvents `AlarmEventType`.
        class: Text,
    }
}
