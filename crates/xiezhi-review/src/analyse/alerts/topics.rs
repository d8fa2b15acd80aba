//! What an alert can be about: the events of ActionTrail that it has to fire on. Source: CIS Alibaba Cloud Foundations
//! Benchmark 2.0, recommendations 2.10 to 2.22 (the events of each query there, without those that no API has); fields of
//! an event: network semantics §12.2, EV-1 (sign-in), EV-5 (refusals).

use xiezhi_model::Fact;
use xiezhi_model::service::account::Account;

use super::search::Held::{self, Nothing, Something, Text};

/// One thing to be alerted of.
pub(super) struct Topic {
    /// The fact of the account that says so.
    pub fact: fn(&mut Account) -> &mut Fact<bool>,
    /// The events, every one of which has to be selected.
    pub events: Events,
    /// Whether a threshold above one event is meant as well: attempts are counted.
    pub burst: bool,
}

/// Events by what they differ in.
pub(super) enum Events {
    /// Calls of a service that succeed, by name.
    Calls(&'static str, &'static [&'static str]),
    /// Calls that are refused, by error code.
    Refused(&'static [&'static str]),
    /// Sign-ins, with what each holds.
    SignIns(&'static [&'static [(&'static str, Held)]]),
}

/// One event: what the answer calls it, and what it holds.
pub(super) struct Event {
    pub name: &'static str,
    held: Vec<(&'static str, Held)>,
}

impl Event {
    /// What the event holds under a key as Log Service indexes it; none for what nobody knows.
    pub(super) fn holds(&self, key: &str) -> Option<Held> {
        self.held.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, held)| *held)
    }
}

impl Events {
    pub(super) fn all(&self) -> Vec<Event> {
        let call = |service: Option<&'static str>, name: Option<&'static str>, error: Held| {
            let mut held = vec![
                ("event.eventType", Text("ApiCall")),
                ("event.eventCategory", Text("Management")),
                ("event.errorCode", error),
            ];
            held.extend(service.map(|service| ("event.serviceName", Text(service))));
            held.extend(name.map(|name| ("event.eventName", Text(name))));
            held
        };
        match self {
            Events::Calls(service, names) => {
                names.iter().map(|name| Event { name, held: call(Some(service), Some(name), Nothing) }).collect()
            }
            Events::Refused(codes) => {
                codes.iter().map(|code| Event { name: code, held: call(None, None, Text(code)) }).collect()
            }
            Events::SignIns(kinds) => kinds
                .iter()
                .map(|more| {
                    let mut held =
                        vec![("event.eventName", Text("ConsoleSignin")), ("event.eventType", Text("ConsoleSignin"))];
                    held.extend_from_slice(more);
                    Event { name: "ConsoleSignin", held }
                })
                .collect(),
        }
    }
}

const USER: (&str, Held) = ("event.userIdentity.type", Text("ram-user"));
const ROOT: (&str, Held) = ("event.userIdentity.type", Text("root-account"));
const OK: (&str, Held) = ("event.errorCode", Nothing);

/// Every topic, in the order of the benchmark.
pub(super) const TOPICS: &[Topic] = &[
    Topic {
        fact: |account| &mut account.alert_ram_policy,
        events: Events::Calls(
            "Ram",
            &["CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion"],
        ),
        burst: false,
    },
    Topic {
        fact: |account| &mut account.alert_cloud_firewall,
        events: Events::Calls(
            "Cloudfw",
            &["CreateVpcFirewallControlPolicy", "DeleteVpcFirewallControlPolicy", "ModifyVpcFirewallControlPolicy"],
        ),
        burst: false,
    },
    Topic {
        fact: |account| &mut account.alert_routes,
        events: Events::Calls(
            "Vpc",
            &[
                "CreateRouteEntry",
                "DeleteRouteEntry",
                "ModifyRouteEntry",
                "AssociateRouteTable",
                "UnassociateRouteTable",
            ],
        ),
        burst: false,
    },
    Topic {
        fact: |account| &mut account.alert_vpc,
        events: Events::Calls(
            "Vpc",
            &[
                "CreateVpc",
                "DeleteVpc",
                "DisableVpcClassicLink",
                "EnableVpcClassicLink",
                "AssociateVpcCidrBlock",
                "UnassociateVpcCidrBlock",
                "RevokeInstanceFromCen",
                "CreateVSwitch",
                "DeleteVSwitch",
            ],
        ),
        burst: false,
    },
    Topic {
        fact: |account| &mut account.alert_bucket_acl,
        // Access lists of single objects are data events or access logs of OSS.
        events: Events::Calls("Oss", &["PutBucketAcl"]),
        burst: false,
    },
    Topic {
        fact: |account| &mut account.alert_rds,
        events: Events::Calls(
            "Rds",
            &[
                "ModifyHASwitchConfig",
                "ModifyDBInstanceHAConfig",
                "SwitchDBInstanceHA",
                "ModifyDBInstanceSpec",
                "MigrateSecurityIPMode",
                "ModifySecurityIps",
                "ModifyDBInstanceSSL",
                "MigrateToOtherZone",
                "UpgradeDBInstanceKernelVersion",
                "UpgradeDBInstanceEngineVersion",
                "ModifyDBInstanceMaintainTime",
                "ModifyDBInstanceAutoUpgradeMinorVersion",
                "AllocateInstancePublicConnection",
                "ModifyDBInstanceConnectionString",
                "ModifyDBInstanceNetworkExpireTime",
                "ReleaseInstancePublicConnection",
                "SwitchDBInstanceNetType",
                "ModifyDBInstanceNetworkType",
                "ModifyDTCSecurityIpHostsForSQLServer",
                "ModifySecurityGroupConfiguration",
                "CreateBackup",
                "ModifyBackupPolicy",
                "DeleteBackup",
                "CreateDdrInstance",
                "ModifyInstanceCrossBackupPolicy",
            ],
        ),
        burst: false,
    },
    Topic {
        fact: |account| &mut account.alert_refused_calls,
        events: Events::Refused(&[
            "NoPermission",
            "Forbidden",
            "InvalidAccessKeyId",
            "InvalidSecurityToken",
            "SignatureDoesNotMatch",
            "InvalidAuthorization",
            "AccessForbidden",
            "NotAuthorized",
        ]),
        burst: true,
    },
    Topic {
        fact: |account| &mut account.alert_sign_in_without_mfa,
        // EV-1: users and the owner have the field under different names, the container is spelt in two ways.
        events: Events::SignIns(&[
            &[
                USER,
                OK,
                ("event.additionalEventData.mfaChecked", Text("false")),
                ("event.additionalEventData.isMFAChecked", Text("false")),
                ("event.addionalEventData.mfaChecked", Text("false")),
                ("event.addionalEventData.isMFAChecked", Text("false")),
                ("addionalEventData.loginAccount", Something),
            ],
            &[
                ROOT,
                OK,
                ("event.additionalEventData.isMFAChecked", Text("false")),
                ("event.addionalEventData.isMFAChecked", Text("false")),
                ("addionalEventData.loginAccount", Something),
            ],
        ]),
        burst: false,
    },
    Topic { fact: |account| &mut account.alert_root_sign_in, events: Events::SignIns(&[&[ROOT, OK]]), burst: false },
    Topic {
        fact: |account| &mut account.alert_failed_sign_in,
        events: Events::SignIns(&[&[("event.errorCode", Something)]]),
        burst: true,
    },
    Topic {
        fact: |account| &mut account.alert_key_disabled,
        events: Events::Calls("Kms", &["DisableKey", "ScheduleKeyDeletion", "DeleteKeyMaterial"]),
        burst: false,
    },
    Topic {
        fact: |account| &mut account.alert_bucket_policy,
        events: Events::Calls(
            "Oss",
            &[
                "PutBucketLifecycle",
                "PutBucketPolicy",
                "PutBucketCors",
                "PutBucketEncryption",
                "PutBucketReplication",
                "DeleteBucketPolicy",
                "DeleteBucketCors",
                "DeleteBucketLifecycle",
                "DeleteBucketEncryption",
                "DeleteBucketReplication",
            ],
        ),
        burst: false,
    },
    Topic {
        fact: |account| &mut account.alert_security_group,
        events: Events::Calls(
            "Ecs",
            &[
                "CreateSecurityGroup",
                "AuthorizeSecurityGroup",
                "AuthorizeSecurityGroupEgress",
                "RevokeSecurityGroup",
                "RevokeSecurityGroupEgress",
                "JoinSecurityGroup",
                "LeaveSecurityGroup",
                "DeleteSecurityGroup",
                "ModifySecurityGroupPolicy",
            ],
        ),
        burst: false,
    },
];
