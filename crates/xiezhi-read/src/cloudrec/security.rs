//! Security products, keys, certificates and trails. Source: CloudRec, collector for Alibaba Cloud, `cloudcenter`,
//! `cloudfw`, `waf`, `ddos`, `yundun`, `kms`, `cas`, `actiontrail`.

use super::asset::{Asset, asset, list, member, whole};

pub(super) const ASSETS: &[Asset] = &[
    asset(&["Trail"], ("Trail", "Name"), "Name", &[member("Trail", "actiontrail:DescribeTrails", "TrailList")]),
    asset(
        &["CertificateOrder"],
        ("CertificateOrder", "InstanceId"),
        "InstanceId",
        &[member("CertificateOrder", "cas:ListUserCertificateOrder", "CertificateOrderList")],
    ),
    asset(&["CloudfwVersionInfo"], ("", ""), "", &[whole("CloudfwVersionInfo", "cloudfw:DescribeUserBuyVersion", "")]),
    asset(
        &["Policy.AclUuid|Policy.AclAction"],
        ("Policy", "AclUuid"),
        "AclUuid",
        &[member("Policy", "cloudfw:DescribeControlPolicy", "Policys")],
    ),
    asset(
        &["VpcFirewall"],
        ("VpcFirewall", "VpcFirewallId"),
        "VpcFirewallId",
        &[member("VpcFirewall", "cloudfw:DescribeVpcFirewallList", "VpcFirewalls")],
    ),
    asset(
        &["Instance", "InstanceSpecs|InstanceStatistics", "InstanceDetail"],
        ("Instance", "InstanceId"),
        "InstanceIds",
        &[
            member("Instance", "ddoscoo:DescribeInstances", "Instances"),
            member("InstanceDetail", "ddoscoo:DescribeInstanceDetails", "InstanceDetails").of("InstanceId"),
        ],
    ),
    asset(
        &["Instance", "InstanceAttribute"],
        ("Instance", "InstanceId"),
        "InstanceId",
        &[
            member("Instance", "yundun-bastionhost:DescribeInstances", "Instances"),
            whole("InstanceAttribute", "yundun-bastionhost:DescribeInstanceAttribute", "InstanceAttribute")
                .of("InstanceId"),
        ],
    ),
    asset(
        &["Instance", "Resources"],
        ("Instance", "InstanceId"),
        "InstanceId",
        &[
            whole("Instance", "waf-openapi:DescribeInstance", ""),
            list("Resources[].Resource", "waf-openapi:DescribeDefenseResources", "Resources"),
        ],
    ),
    asset(
        &["Key", "Secret", "Instance"],
        ("", "ResourceId"),
        "ResourceId",
        &[
            whole("Instance", "kms:ListKmsInstances", "KmsInstances.KmsInstance"),
            whole("Key[]", "kms:DescribeKey", "KeyMetadata").with(&[("KeyId", "{KeyId}")]),
            whole("Secret[]", "kms:DescribeSecret", "").with(&[("SecretName", "{SecretName}")]),
        ],
    ),
    // A server as Security Center sees it; the collector asks for servers only.
    asset(
        &["Instance.AuthVersionName|Instance.AuthVersion|Instance.ClientStatus|Instance.ClientSubStatus"],
        ("Instance", "InstanceId"),
        "InstanceId",
        &[member("Instance", "sas:DescribeCloudCenterInstances", "Instances")],
    ),
];
