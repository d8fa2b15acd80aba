//! Servers, edge servers, functions and containers. Source: CloudRec, collector for Alibaba Cloud, `ecs`, `ens`, `ess`,
//! `fc`, `ack`, `acr`, `eci`.

use super::asset::{Asset, Part, asset, member, whole};

/// A security group and its rules: a document of its own, and a member of a server's.
const SECURITY_GROUP: Asset = asset(
    &["SecurityGroup.SecurityGroupId|SecurityGroup.SecurityGroupName", "Permissions"],
    ("SecurityGroup", "SecurityGroupId"),
    "SecurityGroupId",
    &[
        member("SecurityGroup", "ecs:DescribeSecurityGroups", "SecurityGroups.SecurityGroup"),
        whole("Permissions", "ecs:DescribeSecurityGroupAttribute", "Permissions.Permission"),
    ],
);

/// A server of ENS, and the security groups beside it.
const EDGE_SERVER: Part = member("Instance", "ens:DescribeInstances", "Instances.Instance");
const EDGE_GROUP: Part = whole("SecurityGroups[]", "ens:DescribeSecurityGroupAttribute", "")
    .with(&[("SecurityGroupId", "{SecurityGroupId}")]);

pub(super) const ASSETS: &[Asset] = &[
    asset(
        &["Instance", "NetworkInterfaceSet|Disks"],
        ("Instance", "InstanceId"),
        "InstanceIds",
        &[
            member("Instance", "ecs:DescribeInstances", "Instances.Instance"),
            whole("Disks", "ecs:DescribeDisks", "Disks.Disk").of("InstanceId"),
            whole("NetworkInterfaceSet", "ecs:DescribeNetworkInterfaces", "NetworkInterfaceSets.NetworkInterfaceSet")
                .of("InstanceId"),
            member("InstanceRamRole", "ecs:DescribeInstanceRamRole", "InstanceRamRoleSets.InstanceRamRoleSet")
                .of("InstanceId"),
        ],
    )
    .with_inside(&[("SecurityGroups[]", &SECURITY_GROUP)]),
    SECURITY_GROUP,
    asset(
        &["Image.ImageId|Image.ImageName|Image.ImageOwnerAlias"],
        ("Image", "ImageId"),
        "ImageId",
        &[member("Image", "ecs:DescribeImages", "Images.Image")],
    ),
    asset(
        &["Snapshot.SnapshotId|Snapshot.SourceDiskId"],
        ("Snapshot", "SnapshotId"),
        "SnapshotIds",
        &[member("Snapshot", "ecs:DescribeSnapshots", "Snapshots.Snapshot")],
    ),
    // The collector keeps the record itself; an answer to a call about one interface carries a request id.
    asset(
        &["NetworkInterfaceId", "PrivateIpSets", "!RequestId"],
        ("", "NetworkInterfaceId"),
        "NetworkInterfaceIds",
        &[member("", "ecs:DescribeNetworkInterfaces", "NetworkInterfaceSets.NetworkInterfaceSet")],
    ),
    // Security Center keeps a server of ENS under its instance id. What a rule links is the whole document of the linked
    // asset, and the record stands inside it.
    asset(
        &["Instance", "InstanceInstalledAegis.Instance"],
        ("Instance", "InstanceId"),
        "InstanceId",
        &[
            EDGE_SERVER,
            EDGE_GROUP,
            member("InstanceInstalledAegis.Instance", "sas:DescribeCloudCenterInstances", "Instances").of("InstanceId"),
        ],
    ),
    asset(
        &["Instance", "InstanceInstalledAegis|SecurityGroups|Instance.EnsRegionId"],
        ("Instance", "InstanceId"),
        "InstanceId",
        &[
            EDGE_SERVER,
            EDGE_GROUP,
            member("InstanceInstalledAegis", "sas:DescribeCloudCenterInstances", "Instances").of("InstanceId"),
        ],
    ),
    asset(
        &["ScalingGroup.ScalingGroupId|ScalingGroup.ScalingGroupName"],
        ("ScalingGroup", "ScalingGroupId"),
        "ScalingGroupIds",
        &[
            member("ScalingGroup", "ess:DescribeScalingGroups", "ScalingGroups"),
            // Those of every group of the region.
            whole("EcsConfigurations", "ess:DescribeScalingConfigurations", "ScalingConfigurations"),
        ],
    ),
    asset(
        &["Function", "Triggers"],
        ("Function", "functionName"),
        "functionName",
        &[whole("Function", "fc:GetFunction", ""), whole("Triggers", "fc:ListTriggers", "triggers")],
    ),
    asset(
        &["Cluster", "AssociatedResource"],
        ("Cluster", "cluster_id"),
        "ClusterId",
        &[member("Cluster", "cs:DescribeClustersV1", "clusters")],
    ),
    asset(
        &["Instance", "InstanceInternetEndpoint|Repositories"],
        ("Instance", "InstanceId"),
        "InstanceId",
        &[
            member("Instance", "cr:ListInstance", "Instances"),
            whole("InstanceInternetEndpoint", "cr:GetInstanceEndpoint", "").with(&[("EndpointType", "internet")]),
            whole("Repositories", "cr:ListRepository", "Repositories").of("InstanceId"),
        ],
    ),
    asset(
        &[
            "ContainerGroup.ContainerGroupId|ContainerGroup.ContainerGroupName|ContainerGroup.Containers|SecurityGroup",
            "ContainerGroup",
        ],
        ("ContainerGroup", "ContainerGroupId"),
        "ContainerGroupId",
        &[member("ContainerGroup", "eci:DescribeContainerGroups", "ContainerGroups")],
    ),
];
