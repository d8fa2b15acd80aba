//! The account itself: what holds once for all its resources, seen or attested.

use crate::record::{record, resource};
use crate::{List, Text};

resource! {
    /// An Alibaba Cloud account: its root identity and what is set once for the whole account.
    Account = "account", Account {
        /// Whether the root identity logs on with MFA. Source: Ims GetAccountSecurityPracticeReport `BindMfa`, GetAccountMFAInfo, credential report `mfa_active` of `<root>`.
        root_mfa: bool,
        /// How many AccessKeys of the root identity can be used: the active ones by the credential report; where only Ims GetAccountSecurityPracticeReport is at hand, every key that it counts (`RootWithAccessKey`), since none is shown to be disabled.
        root_access_keys: i64,
        /// How many AccessKeys of the root identity exist and were never or long not called. Source: Ims GetAccountSecurityPracticeReport `UnusedAkNum`.
        root_unused_access_keys: i64,
        /// When the root identity last logged on to the console (RFC 3339); absent when it never did. Source: credential report `user_last_logon` of `<root>`.
        root_last_login: Text,
        /// Whether OSS blocks public access for the whole account. Source: OSS GetPublicAccessBlock (service level).
        oss_block_public_access: bool,
        /// When RAM users must give a second factor to log on: `mandatory`, `adaptive` (only at unusual logons) or `independent` (each user's own setting). Source: Ims GetSecurityPreference `MFAOperationForLogin`; the older `EnforceMFAForLogin` true is `mandatory`, false is `independent`.
        mfa_for_login: Text,
        /// The address ranges from which RAM users may log on to the console; empty means from anywhere. Source: Ims GetSecurityPreference `LoginNetworkMasks`.
        login_networks: List<Text>,
        /// How long a console session lasts, in hours. Source: Ims GetSecurityPreference `LoginSessionDuration`.
        login_session_hours: i64,
        /// Whether RAM users may make and delete their own AccessKeys. Source: Ims GetSecurityPreference `AllowUserToManageAccessKeys`.
        users_manage_access_keys: bool,
        /// Whether RAM users may bind and unbind their own MFA devices. Source: Ims GetSecurityPreference `AllowUserToManageMFADevices`.
        users_manage_mfa: bool,
        /// Whether a browser that gave a second factor is trusted for seven days. Source: Ims GetSecurityPreference `EnableSaveMFATicket`.
        mfa_remembered: bool,
        /// Whether RAM users log on through an identity provider (user SSO); password logon is then off. Source: Ims GetUserSsoSettings `SsoEnabled`.
        user_sso: bool,
        /// The AccessKeys of this account that were found in public, handled or not. Source: Sas DescribeAccesskeyLeakList.
        leaked_access_keys: List<LeakedKey>,
        /// The systems of this account in the sense of MLPS, with their levels. Source: `attest.toml`; GB/T 22240-2020 (how levels are determined).
        mlps_systems: List<MlpsSystem>,
        /// Whether the data of this account is classified and graded, and the register is kept. Source: `attest.toml`; Data Security Law art. 21, Personal Information Protection Law art. 51.
        data_classified: bool,
        /// When the classification register was last reviewed (RFC 3339 date). Source: `attest.toml`.
        data_classified_on: Text,
        /// Whether personal or important data of this account leaves the mainland of China, remote access from abroad included. Source: `attest.toml`; Personal Information Protection Law art. 38, Data Security Law art. 31.
        data_leaves_mainland: bool,
        /// The legal basis of each transfer abroad. Source: `attest.toml`; Personal Information Protection Law art. 38.
        transfers: List<Transfer>,
        /// Whether the impact assessment that personal information processing asks for was made and is kept for three years. Source: `attest.toml`; Personal Information Protection Law art. 55 and 56.
        impact_assessed: bool,
        /// The regions in which the organisation lets this account have resources. Source: `attest.toml`, `[rules] regions`.
        rule_regions: List<Text>,
        /// The VPCs in which the organisation lets this account have NAT gateways, by id. Source: `attest.toml`, `[rules] nat_vpcs`.
        rule_nat_vpcs: List<Text>,
        /// The roles that the organisation wants in this account, by name. Source: `attest.toml`, `[rules] roles`.
        rule_roles: List<Text>,
        /// The ports that the organisation wants closed to the internet, as `tcp/9000` or `udp/161`. Source: `attest.toml`, `[rules] closed_ports`.
        rule_closed_ports: List<Text>,
        /// The resources that stand in a region outside of `rule_regions`, as `kind id (region)`; absent without that rule.
        [derived] outside_regions: List<Text>,
        /// The NAT gateways in VPCs outside of `rule_nat_vpcs`; absent without that rule.
        [derived] nat_elsewhere: List<Text>,
        /// The security groups that open one of `rule_closed_ports` to the whole internet, as `group port`; absent without that rule.
        [derived] closed_ports_open: List<Text>,
        /// The region that records the events of global services (RAM, logons): `cn-hangzhou` or `ap-southeast-1`. Source: Actiontrail GetGlobalEventsStorageRegion `StorageRegion`.
        global_events_region: Text,
        /// The regions and classes of management events that no trail keeps, as `cn-hangzhou read`, `global write` for those of global services; empty when every region's reads and writes are delivered to a target that is there and not public.
        [derived] audit_gaps: List<Text>,
        /// For how many days the management events of every region are kept, by the trail that keeps each longest; 3650 means for ever. Absent when some are not kept at all.
        [derived] audit_days: i64,
        /// In what ways the management events that are kept can be lost or read by others, although they are kept: `bucket logs: not versioned`. Empty when a trail keeps them in a place that is private, versioned or under retention, and logged. Source: network semantics §12.1(6).
        [derived] audit_risks: List<Text>,
        /// The regions with buckets of which no trail delivers the reads and writes of objects (data events of OSS).
        [derived] data_event_gaps: List<Text>,
        /// Whether a trail that delivers looks for unusual activity (insight events).
        [derived] insights: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when RAM policies are made, deleted or changed. Source: CIS 2.0, 2.10.
        [derived] alert_ram_policy: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when control policies of the VPC firewall are changed. Source: CIS 2.0, 2.11.
        [derived] alert_cloud_firewall: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when routes of a VPC are changed. Source: CIS 2.0, 2.12.
        [derived] alert_routes: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when VPCs or vSwitches are made, deleted or joined. Source: CIS 2.0, 2.13.
        [derived] alert_vpc: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when the ACL of a bucket is changed. Source: CIS 2.0, 2.14.
        [derived] alert_bucket_acl: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when the configuration of an RDS instance is changed. Source: CIS 2.0, 2.15.
        [derived] alert_rds: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when calls are refused. Source: CIS 2.0, 2.16.
        [derived] alert_refused_calls: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when somebody signs in to the console without a second factor. Source: CIS 2.0, 2.17.
        [derived] alert_sign_in_without_mfa: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when the account owner signs in. Source: CIS 2.0, 2.18.
        [derived] alert_root_sign_in: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when sign-ins to the console fail. Source: CIS 2.0, 2.19.
        [derived] alert_failed_sign_in: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when a key of KMS is disabled or deleted. Source: CIS 2.0, 2.20.
        [derived] alert_key_disabled: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when the policy, lifecycle, encryption, replication or CORS rules of a bucket are changed. Source: CIS 2.0, 2.21.
        [derived] alert_bucket_policy: bool,
        /// Whether an enabled alert on the Logstore of a trail fires when security groups are changed. Source: CIS 2.0, 2.22.
        [derived] alert_security_group: bool,
    }
}

record! {
    /// An AccessKey that was found in public.
    LeakedKey = "account.leaked-key" {
        /// The AccessKey id (never the secret).
        access_key: Text,
        /// The RAM user that owns it; absent when the answer names none.
        user: Text,
        /// Whether somebody dealt with it: disabled, deleted or marked as handled. Source: Sas DescribeAccesskeyLeakList `Status`, `DealTime`.
        handled: bool,
    }
}

record! {
    /// A system (classified protection object) and its MLPS level.
    MlpsSystem = "account.mlps-system" {
        /// The name of the system.
        name: Text,
        /// The level, 1 to 5. Source: GB/T 22240-2020 §4.
        level: i64,
        /// Where the determination is recorded: the grading report and its expert review. Source: Administrative Measures for MLPS, art. 10.
        record: Text,
        /// The filing number of the public security organ, level 2 and above; absent when it is not filed. Source: Administrative Measures for MLPS, art. 15.
        filing: Text,
        /// When it was last assessed (RFC 3339 date); absent when never. Source: Administrative Measures for MLPS, art. 14 (level 3: every year).
        assessed_on: Text,
    }
}

record! {
    /// One flow of data out of the mainland and the basis on which it rests.
    Transfer = "account.transfer" {
        /// What flows, from where to where.
        flow: Text,
        /// The basis: `security-assessment`, `standard-contract`, `certification` or `exemption`; absent when there is none. Source: Personal Information Protection Law art. 38; Provisions on Promoting and Regulating Cross-border Data Flows (2024) art. 3-8.
        basis: Text,
        /// The reference of the approval, filing or certificate, or which exemption.
        reference: Text,
        /// Until when the basis is valid (RFC 3339 date); absent when it does not end.
        valid_until: Text,
    }
}
