//! Asset documents of CloudRec's collector: one asset, and beside it what the detail calls said of it.
//!
//! Source: CloudRec, collector for Alibaba Cloud (its `*Detail` structs name the response type of each member). A member
//! that is `null` says that the call failed or that there was nothing, and nobody can tell which: it says nothing here.
//! A document becomes a bundle of the calls that it was made of, each on the line on which its member stood.

use std::fmt::Write as _;

use crate::bundle;
use crate::json::{Entries, Raw};

/// One kind of asset document.
struct Asset {
    /// The members by which it is known.
    known_by: &'static [&'static str],
    /// Where the asset's id stands: a member, and a key inside it; empty for what every account has once.
    id: (&'static str, &'static str),
    /// The parameter that names the asset in a request.
    param: &'static str,
    /// The calls that its members come from.
    parts: &'static [Part],
}

/// One member, and the call whose answer it is.
struct Part {
    member: &'static str,
    /// `product:Action`.
    call: &'static str,
    /// Where the member stood in the answer: a dotted path; empty for the answer itself.
    at: &'static str,
    form: Form,
}

/// How a member came out of the answer.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// As it stands.
    Whole,
    /// One member of the list at the path.
    Member,
    /// A list whose members hold the answer's members under this key.
    Under(&'static str),
    /// A list of answers of their own.
    Answers,
    /// What stands under this key of the member.
    Of(&'static str),
    /// As it stands, when the member beside it with that name is `true`.
    When(&'static str),
}

const fn whole(member: &'static str, call: &'static str, at: &'static str) -> Part {
    Part { member, call, at, form: Form::Whole }
}

const fn member(member: &'static str, call: &'static str, at: &'static str) -> Part {
    Part { member, call, at, form: Form::Member }
}

const fn under(member: &'static str, key: &'static str, call: &'static str, at: &'static str) -> Part {
    Part { member, call, at, form: Form::Under(key) }
}

const fn answers(member: &'static str, call: &'static str) -> Part {
    Part { member, call, at: "", form: Form::Answers }
}

/// The assets that are understood. The first that fits is meant.
const ASSETS: &[Asset] = &[
    Asset {
        known_by: &["AccountSummary", "SecurityPreference", "PasswordPolicy"],
        id: ("", ""),
        param: "",
        parts: &[
            whole("PasswordPolicy", "ims:GetPasswordPolicy", "PasswordPolicy"),
            whole("SecurityPreference", "ims:GetSecurityPreference", "SecurityPreference"),
            whole(
                "AccountSecurityPracticeReport",
                "ims:GetAccountSecurityPracticeReport",
                "AccountSecurityPracticeInfo",
            ),
            whole("UserSsoSettings", "ims:GetUserSsoSettings", "UserSsoSettings"),
        ],
    },
    Asset {
        known_by: &["UserDetail", "ConsoleLogin"],
        id: ("User", "UserName"),
        param: "UserName",
        parts: &[
            member("User", "ram:ListUsers", "Users.User"),
            whole("UserDetail", "ram:GetUser", "User"),
            // A document of a user without a profile may hold an empty one.
            Part {
                member: "LoginProfile",
                call: "ims:GetLoginProfile",
                at: "LoginProfile",
                form: Form::When("ConsoleLogin"),
            },
            under("AccessKeys", "AccessKey", "ram:ListAccessKeys", "AccessKeys.AccessKey"),
            under("Policies", "Policy", "ram:ListPoliciesForUser", "Policies.Policy"),
            answers("Policies", "ram:GetPolicy"),
        ],
    },
    Asset {
        known_by: &["Role", "Policies"],
        id: ("Role", "RoleName"),
        param: "RoleName",
        parts: &[
            whole("Role", "ram:GetRole", "Role"),
            under("Policies", "Policy", "ram:ListPoliciesForRole", "Policies.Policy"),
            answers("Policies", "ram:GetPolicy"),
        ],
    },
    Asset {
        known_by: &["BucketProperties"],
        id: ("BucketProperties", "Name"),
        param: "BucketName",
        parts: &[
            member("BucketProperties", "oss:ListBuckets", "Buckets.Bucket"),
            Part {
                member: "BucketInfo",
                call: "oss:GetBucketAcl",
                at: "AccessControlList.Grant",
                form: Form::Of("ACL"),
            },
            whole("LoggingEnabled", "oss:GetBucketLogging", "LoggingEnabled"),
            whole("SSEDefaultRule", "oss:GetBucketEncryption", "ApplyServerSideEncryptionByDefault"),
            whole("VersioningConfig", "oss:GetBucketVersioning", ""),
        ],
    },
    Asset {
        known_by: &["Instance", "NetworkInterfaceSet"],
        id: ("Instance", "InstanceId"),
        param: "InstanceIds",
        parts: &[
            member("Instance", "ecs:DescribeInstances", "Instances.Instance"),
            whole("Disks", "ecs:DescribeDisks", "Disks.Disk"),
            whole("NetworkInterfaceSet", "ecs:DescribeNetworkInterfaces", "NetworkInterfaceSets.NetworkInterfaceSet"),
        ],
    },
    Asset {
        known_by: &["Image"],
        id: ("Image", "ImageId"),
        param: "ImageId",
        parts: &[member("Image", "ecs:DescribeImages", "Images.Image")],
    },
    Asset {
        known_by: &["Instance", "InstanceInstalledAegis"],
        id: ("Instance", "InstanceId"),
        param: "InstanceId",
        parts: &[member("Instance", "ens:DescribeInstances", "Instances.Instance")],
    },
    Asset {
        known_by: &["NatGateway"],
        id: ("NatGateway", "NatGatewayId"),
        param: "NatGatewayId",
        parts: &[
            member("NatGateway", "vpc:DescribeNatGateways", "NatGateways.NatGateway"),
            whole("ForwardTableEntry", "vpc:DescribeForwardTableEntries", "ForwardTableEntries.ForwardTableEntry"),
            whole("SnatTableEntry", "vpc:DescribeSnatTableEntries", "SnatTableEntries.SnatTableEntry"),
        ],
    },
    Asset {
        known_by: &["FileSystem", "NfsAcl"],
        id: ("FileSystem", "FileSystemId"),
        param: "FileSystemId",
        parts: &[
            member("FileSystem", "nas:DescribeFileSystems", "FileSystems.FileSystem"),
            whole("AccessPoint", "nas:DescribeAccessPoints", "AccessPoints"),
            whole("NfsAcl", "nas:DescribeNfsAcl", "Acl"),
            whole("SmbAcl", "nas:DescribeSmbAcl", "Acl"),
        ],
    },
    Asset {
        known_by: &["DBInstanceAttribute", "DBInstanceSSL", "LogAuditStatus"],
        id: ("DBInstanceAttribute", "DBInstanceId"),
        param: "DBInstanceId",
        parts: &[
            member("DBInstance", "dds:DescribeDBInstances", "DBInstances.DBInstance"),
            member("DBInstanceAttribute", "dds:DescribeDBInstanceAttribute", "DBInstances.DBInstance"),
            whole("SecurityIpGroups", "dds:DescribeSecurityIps", "SecurityIpGroups.SecurityIpGroup"),
            whole("DBInstanceSSL", "dds:DescribeDBInstanceSSL", ""),
            whole("TDEInfo", "dds:DescribeDBInstanceTDEInfo", ""),
            whole("LogAuditStatus", "dds:DescribeAuditPolicy", "LogAuditStatus"),
        ],
    },
    Asset {
        known_by: &["DBInstance", "DBInstanceNetInfos"],
        id: ("DBInstance", "DBInstanceId"),
        param: "DBInstanceId",
        parts: &[
            member("DBInstance", "gpdb:DescribeDBInstances", "Items.DBInstance"),
            member("DBInstanceAttribute", "gpdb:DescribeDBInstanceAttribute", "Items.DBInstanceAttribute"),
            whole("DBInstanceIPArray", "gpdb:DescribeDBInstanceIPArrayList", "Items.DBInstanceIPArray"),
            whole("DBInstanceNetInfos", "gpdb:DescribeDBInstanceNetInfo", "DBInstanceNetInfos"),
        ],
    },
    Asset {
        known_by: &["DBInstanceAttribute", "DBInstanceSSL"],
        id: ("DBInstanceAttribute", "DBInstanceId"),
        param: "DBInstanceId",
        parts: &[
            member("DBInstance", "rds:DescribeDBInstances", "Items.DBInstance"),
            member("DBInstanceAttribute", "rds:DescribeDBInstanceAttribute", "Items.DBInstanceAttribute"),
            whole("DBInstanceIPArray", "rds:DescribeDBInstanceIPArrayList", "Items.DBInstanceIPArray"),
            whole("DBInstanceSSL", "rds:DescribeDBInstanceSSL", ""),
            whole("DBInstanceTDE", "rds:DescribeDBInstanceTDE", ""),
            whole("BackupPolicy", "rds:DescribeBackupPolicy", ""),
            whole("SQLCollectorPolicy", "rds:DescribeSQLCollectorPolicy", ""),
        ],
    },
    Asset {
        known_by: &["KVStoreInstance"],
        id: ("KVStoreInstance", "InstanceId"),
        param: "InstanceId",
        parts: &[
            member("KVStoreInstance", "r-kvstore:DescribeInstances", "Instances.KVStoreInstance"),
            whole("DBInstanceAttribute", "r-kvstore:DescribeInstanceAttribute", "Instances.DBInstanceAttribute"),
            whole("InstanceNetInfo", "r-kvstore:DescribeDBInstanceNetInfo", "NetInfoItems.InstanceNetInfo"),
            whole("SecurityIpGroups", "r-kvstore:DescribeSecurityIps", "SecurityIpGroups.SecurityIpGroup"),
            whole("InstanceSSL", "r-kvstore:DescribeInstanceSSL", ""),
            whole("TDEStatus", "r-kvstore:DescribeInstanceTDEStatus", ""),
            whole("AuditLogConfig", "r-kvstore:DescribeAuditLogConfig", ""),
            whole("BackupPolicy", "r-kvstore:DescribeBackupPolicy", ""),
        ],
    },
    Asset {
        known_by: &["DBCluster", "DBClusterAccessWhitelist"],
        id: ("DBCluster", "DBClusterId"),
        param: "DBClusterId",
        parts: &[
            member("DBCluster", "polardb:DescribeDBClusters", "Items.DBCluster"),
            whole("DBClusterAttribute", "polardb:DescribeDBClusterAttribute", ""),
            whole("DBClusterEndpoints", "polardb:DescribeDBClusterEndpoints", "Items"),
            whole("DBClusterAccessWhitelist", "polardb:DescribeDBClusterAccessWhitelist", ""),
            whole("DBClusterSSL", "polardb:DescribeDBClusterSSL", "Items"),
            whole("DBClusterTDE", "polardb:DescribeDBClusterTDE", ""),
            whole("DBClusterAuditLogCollector", "polardb:DescribeDBClusterAuditLogCollector", ""),
            whole("LogBackupPolicy", "polardb:DescribeLogBackupPolicy", ""),
        ],
    },
    Asset {
        known_by: &["DBCluster", "NetInfoItem"],
        id: ("DBCluster", "DBClusterId"),
        param: "DBClusterId",
        parts: &[
            member("DBCluster", "clickhouse:DescribeDBClusters", "DBClusters.DBCluster"),
            whole("NetInfoItem", "clickhouse:DescribeDBClusterNetInfoItems", "NetInfoItems.NetInfoItem"),
            whole("IPArray", "clickhouse:DescribeDBClusterAccessWhiteList", "DBClusterAccessWhiteList.IPArray"),
        ],
    },
    Asset {
        known_by: &["Instance", "InstanceDetail", "SnapshotSetting"],
        id: ("InstanceDetail", "instanceId"),
        param: "InstanceId",
        parts: &[
            member("Instance", "elasticsearch:ListInstance", "Result"),
            whole("InstanceDetail", "elasticsearch:DescribeInstance", "Result"),
            whole("SnapshotSetting", "elasticsearch:DescribeSnapshotSetting", "Result"),
        ],
    },
    Asset {
        known_by: &["Function", "Triggers"],
        id: ("Function", "functionName"),
        param: "functionName",
        parts: &[whole("Function", "fc:GetFunction", ""), whole("Triggers", "fc:ListTriggers", "triggers")],
    },
    Asset {
        known_by: &["Project", "GetProjectResponseBodyData"],
        id: ("Project", "name"),
        param: "projectName",
        parts: &[
            member("Project", "maxcompute:ListProjects", "data.projects"),
            whole("GetProjectResponseBodyData", "maxcompute:GetProject", "data"),
        ],
    },
    Asset {
        known_by: &["LoadBalancer", "LoadBalancerAttribute", "Listeners", "EipAddress"],
        id: ("LoadBalancer", "LoadBalancerId"),
        param: "LoadBalancerId",
        parts: &[
            member("LoadBalancer", "slb:DescribeLoadBalancers", "LoadBalancers.LoadBalancer"),
            whole("LoadBalancerAttribute", "slb:DescribeLoadBalancerAttribute", ""),
            under("Listeners", "Listener", "slb:DescribeLoadBalancerListeners", "Listeners"),
        ],
    },
    Asset {
        known_by: &["LoadBalancer", "LoadBalancerAttribute", "Listeners", "Endpoint"],
        id: ("LoadBalancer", "LoadBalancerId"),
        param: "LoadBalancerIds",
        parts: &[
            member("LoadBalancer", "alb:ListLoadBalancers", "LoadBalancers"),
            whole("LoadBalancerAttribute", "alb:GetLoadBalancerAttribute", ""),
            under("Listeners", "Listener", "alb:ListListeners", "Listeners"),
        ],
    },
    Asset {
        known_by: &["LoadBalancer", "LoadBalancerAttribute", "Listeners"],
        id: ("LoadBalancer", "LoadBalancerId"),
        param: "LoadBalancerIds",
        parts: &[
            member("LoadBalancer", "nlb:ListLoadBalancers", "LoadBalancers"),
            whole("LoadBalancerAttribute", "nlb:GetLoadBalancerAttribute", ""),
            under("Listeners", "Listener", "nlb:ListListeners", "Listeners"),
        ],
    },
    Asset {
        known_by: &["Cluster", "AssociatedResource"],
        id: ("Cluster", "cluster_id"),
        param: "ClusterId",
        parts: &[whole("Cluster", "cs:DescribeClusterDetail", "")],
    },
    Asset {
        known_by: &["ContainerGroup", "SecurityGroup"],
        id: ("ContainerGroup", "ContainerGroupId"),
        param: "ContainerGroupId",
        parts: &[member("ContainerGroup", "eci:DescribeContainerGroups", "ContainerGroups")],
    },
];

/// The bundle that an asset document stands for; `None` when the text is none that is understood.
pub(crate) fn bundle(text: &str) -> Option<String> {
    let entries = Raw::whole(text).entries();
    let asset = ASSETS.iter().find(|asset| asset.known_by.iter().all(|name| entries.get(name).is_some()))?;
    if entries.error.is_some() {
        return None;
    }
    let id = id_of(asset, &entries);
    let mut out = format!(r#"{{"format":"{}","manifest":{{"tool":"CloudRec"}}}}"#, bundle::FORMAT);
    let mut line = 1_u32;
    for (name, raw) in &entries.list {
        for part in asset.parts.iter().filter(|part| part.member == name) {
            for (value, at) in values(part, *raw, &entries) {
                // The answer stands on the line on which it stood.
                while line < at {
                    out.push('\n');
                    line = line.saturating_add(1);
                }
                record(&mut out, part, asset.param, &id, &value);
                let breaks = value.bytes().filter(|byte| *byte == b'\n').count();
                line = line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            }
        }
    }
    Some(out)
}

/// The asset's id as JSON text; one that says nothing where the document does not name it, so that no answer is taken for
/// a listing of all there is.
fn id_of(asset: &Asset, entries: &Entries<'_>) -> String {
    let (member, key) = asset.id;
    let named = entries.get(member).and_then(|raw| raw.entries().plain(key).map(|id| id.into_owned()));
    serde_json::Value::String(named.unwrap_or_default()).to_string()
}

/// The answers that a member is, each with the line that it stood on; none for `null`, which says nothing.
fn values(part: &Part, raw: Raw<'_>, entries: &Entries<'_>) -> Vec<(String, u32)> {
    if raw.text.trim() == "null" {
        return Vec::new();
    }
    match part.form {
        Form::Whole => vec![(raw.text.to_owned(), raw.line)],
        Form::Member => vec![(format!("[{}]", raw.text), raw.line)],
        Form::Under(key) => {
            let (members, _) = raw.members();
            let inner: Vec<&str> =
                members.iter().filter_map(|member| member.entries().get(key)).map(|raw| raw.text).collect();
            // A member without the key would be lost, and the list taken for whole.
            if inner.len() < members.len() { Vec::new() } else { vec![(format!("[{}]", inner.join(",")), raw.line)] }
        }
        Form::Of(key) => raw.entries().get(key).map(|raw| (raw.text.to_owned(), raw.line)).into_iter().collect(),
        Form::When(other) if entries.plain(other).as_deref() == Some("true") => vec![(raw.text.to_owned(), raw.line)],
        Form::When(_) => Vec::new(),
        Form::Answers => raw.members().0.iter().map(|member| (member.text.to_owned(), member.line)).collect(),
    }
}

/// One call of the bundle.
fn record(out: &mut String, part: &Part, param: &str, id: &str, value: &str) {
    let (product, action) = part.call.split_once(':').unwrap_or((part.call, ""));
    let _ = write!(out, r#"{{"product":"{product}","action":"{action}","#);
    if !param.is_empty() {
        let _ = write!(out, r#""params":{{"{param}":{id}}},"#);
    }
    let path: Vec<&str> = part.at.split('.').filter(|key| !key.is_empty()).collect();
    let open: String = path.iter().map(|key| format!(r#"{{"{key}":"#)).collect();
    let _ = write!(out, r#""answer":{open}{value}{}}}"#, "}".repeat(path.len()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_of_the_table_has_an_adapter() {
        for part in ASSETS.iter().flat_map(|asset| asset.parts) {
            let (product, action) = part.call.split_once(':').unwrap();
            assert!(crate::api::calls(product, action).next().is_some(), "{}", part.call);
        }
    }

    #[test]
    fn a_document_becomes_its_calls_and_each_keeps_its_line() {
        let text = "{\n \"BucketProperties\": {\"Name\": \"b\"},\n \"BucketInfo\": {\n  \"ACL\": \"private\"\n },\n \"LoggingEnabled\": null\n}";
        let bundle = bundle(text).unwrap();
        let lines: Vec<&str> = bundle.lines().collect();
        assert!(lines[1].contains(
            r#""action":"ListBuckets","params":{"BucketName":"b"},"answer":{"Buckets":{"Bucket":[{"Name": "b"}]}}"#
        ));
        assert!(lines[3].contains(r#""action":"GetBucketAcl""#) && lines[3].contains("private"), "{bundle}");
        assert!(!bundle.contains("GetBucketLogging"), "null says nothing");
    }

    #[test]
    fn what_is_no_asset_document_stays_what_it_is() {
        assert_eq!(bundle(r#"{"Instances": {"Instance": []}, "TotalCount": 0}"#), None);
        assert_eq!(
            bundle(r#"{"BucketProperties": {"Name": "b""#),
            None,
            "a broken document is reported by its own reader"
        );
    }
}
