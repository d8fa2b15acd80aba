//! The words that a field can hold, for fields that are told apart by words: one that is not in the list is not understood,
//! rather than unlike any other. A provider's new word then leaves a verdict open instead of passing or failing it.
//!
//! The lists are of the model's words, which readers write (lower case, mostly), with the API field that they come from. Fields
//! without a list hold whatever the provider says: names, versions, ids, and words of which every other one means the same.

use crate::batch::Batch;
use crate::service::{
    alb, apigateway, bastionhost, clickhouse, cloudfw, cloudsso, cr, dms, ecs, ess, fc, hbase, kms, lindorm, mongodb,
    mse, nas, nat, nlb, oss, ots, polardb, rds, redis, rocketmq, slb, sls, vpc, vpn,
};
use crate::{Fact, Reason, State, Text};

/// A field with a closed list of words.
pub(crate) struct Closed {
    /// `kind.field`, as checks write it.
    pub field: &'static str,
    /// The words.
    pub words: &'static [&'static str],
    /// Leaves what is not among the words not understood.
    hold: fn(&mut Batch, &Closed),
    /// Adds a record whose field holds the word.
    #[cfg(test)]
    example: fn(&mut Batch, &str),
}

/// A field of a resource.
macro_rules! closed {
    ($kind:ty, $field:literal, $($path:ident).+, $words:expr) => {
        Closed {
            field: $field,
            words: $words,
            hold: |batch, closed| batch.for_each(|one: &mut $kind| closed.check(&mut one.$($path).+)),
            #[cfg(test)]
            example: |batch, word| {
                batch.edit(&crate::Key::id("one"), &tests::origin(), |one: &mut $kind| {
                    one.$($path).+ = Fact::known(word.into(), tests::origin());
                });
            },
        }
    };
    // A field of every part in a list.
    ($kind:ty, $field:literal, $list:ident: $part:ty, $path:ident, $words:expr) => {
        Closed {
            field: $field,
            words: $words,
            hold: |batch, closed| {
                batch.for_each(|one: &mut $kind| {
                    if let State::Known(list) = &mut one.$list.state {
                        list.items.iter_mut().for_each(|part| closed.check(&mut part.$path));
                    }
                });
            },
            #[cfg(test)]
            example: |batch, word| {
                batch.edit(&crate::Key::id("one"), &tests::origin(), |one: &mut $kind| {
                    let mut part = <$part>::unknown(&tests::origin());
                    part.$path = Fact::known(word.into(), tests::origin());
                    one.$list = Fact::known(crate::List::complete(vec![part]), tests::origin());
                });
            },
        }
    };
}

/// VPC or the classic network.
const NETWORKS: &[&str] = &["vpc", "classic"];
/// The sides of a load balancer, gateway or address.
const SIDES: &[&str] = &["internet", "intranet"];
const REDUNDANCY: &[&str] = &["LRS", "ZRS"];
const TOKENS: &[&str] = &["optional", "required"];
/// IKE and IPsec ciphers. Source: VPC CreateVpnConnection `IkeEncAlg`, `IpsecEncAlg`; `none` and nothing stand for no cipher.
const CIPHERS: &[&str] = &["aes", "aes192", "aes256", "des", "3des", "none", ""];
/// OSS PutBucketAcl, PutObjectAcl.
const ACLS: &[&str] = &["private", "public-read", "public-read-write", "default"];

/// The fields, by product.
pub(crate) const CLOSED: &[Closed] = &[
    // ALB ListLoadBalancers `AddressType`, `LoadBalancerEdition`; GetListenerAttribute `AclType`; ListListeners `ListenerProtocol`.
    closed!(alb::LoadBalancer, "alb.load-balancer.address_type", address_type, SIDES),
    closed!(alb::LoadBalancer, "alb.load-balancer.edition", edition, &["basic", "standard", "standardwithwaf"]),
    closed!(alb::Listener, "alb.listener.acl_type", acl_type, &["white", "black"]),
    closed!(alb::Listener, "alb.listener.protocol", protocol, &["http", "https", "quic"]),
    // CloudAPI DescribeApi `Visibility`.
    closed!(apigateway::Api, "apigateway.api.visibility", visibility, &["public", "private"]),
    // CloudAPI DescribeInstances `AclType`, `IPV6AclType`.
    closed!(apigateway::Instance, "apigateway.instance.acl_type", acl_type, &["white", "black"]),
    closed!(apigateway::Instance, "apigateway.instance.ipv6_acl_type", ipv6_acl_type, &["white", "black"]),
    // Yundun-bastionhost, Terraform `plan_code`.
    closed!(bastionhost::Instance, "bastionhost.instance.plan", plan, &["cloudbastion", "cloudbastion_ha"]),
    // ClickHouse DescribeDBClusters `Category`.
    closed!(clickhouse::Cluster, "clickhouse.cluster.edition", edition, &["basic", "highavailability"]),
    // Cloudfw DescribeControlPolicy `AclAction`, `Direction`, `Proto`.
    closed!(cloudfw::Policy, "cloudfw.policy.action", action, &["accept", "drop", "log"]),
    closed!(cloudfw::Policy, "cloudfw.policy.direction", direction, &["in", "out"]),
    closed!(cloudfw::Policy, "cloudfw.policy.protocol", protocol, &["tcp", "udp", "icmp", "any"]),
    // CloudSSO GetMFAAuthenticationStatus.
    closed!(
        cloudsso::Directory,
        "cloudsso.directory.mfa",
        mfa,
        &["Enabled", "OnlyRiskyLogin", "Disabled", "Customize"]
    ),
    // terraform-provider-alicloud r/cr_ee_instance `image_scanner`.
    closed!(cr::Instance, "cr.instance.scanner", scanner, &["acr", "sas", "disable"]),
    // DMS ListInstances `EnvType`.
    closed!(
        dms::Instance,
        "dms.instance.environment",
        environment,
        &["product", "dev", "pre", "test", "sit", "uat", "pet", "stag"]
    ),
    // ECS DescribeInstances `InstanceNetworkType`, DescribeImages `ImageOwnerAlias`, DescribeSecurityGroups `SecurityGroupType`,
    // DescribeSecurityGroupAttribute `Direction`, `Policy`, `IpProtocol`; `HttpTokens`.
    closed!(ecs::Instance, "ecs.instance.network_type", network_type, NETWORKS),
    closed!(ecs::Instance, "ecs.instance.metadata_tokens", metadata_tokens, TOKENS),
    closed!(ecs::LaunchTemplate, "ecs.launch-template.network_type", network_type, NETWORKS),
    closed!(ecs::LaunchTemplate, "ecs.launch-template.metadata_tokens", metadata_tokens, TOKENS),
    closed!(ecs::Image, "ecs.image.owner", owner, &["system", "self", "others", "marketplace"]),
    closed!(ecs::SecurityGroup, "ecs.security-group.group_type", group_type, &["normal", "enterprise"]),
    closed!(ecs::SecurityGroup, "ecs.security-group.rules.direction", rules: ecs::Rule, direction, &["ingress", "egress"]),
    closed!(ecs::SecurityGroup, "ecs.security-group.rules.policy", rules: ecs::Rule, policy, &["accept", "drop"]),
    closed!(
        ecs::SecurityGroup,
        "ecs.security-group.rules.protocol",
        rules: ecs::Rule,
        protocol,
        &["tcp", "udp", "icmp", "icmpv6", "gre", "all"]
    ),
    closed!(ess::ScalingConfiguration, "ess.scaling-configuration.metadata_tokens", metadata_tokens, TOKENS),
    // FC GetTrigger `authType`.
    closed!(fc::Trigger, "fc.trigger.auth", auth, &["anonymous", "function", "jwt"]),
    // The `NetworkType` of the database services; NAS DescribeMountTargets `NetworkType`.
    closed!(hbase::Cluster, "hbase.cluster.network", network, NETWORKS),
    closed!(lindorm::Instance, "lindorm.instance.network", network, NETWORKS),
    closed!(mongodb::Instance, "mongodb.instance.network", network, NETWORKS),
    closed!(nas::MountTarget, "nas.mount-target.network", network, NETWORKS),
    closed!(polardb::Cluster, "polardb.cluster.network", network, NETWORKS),
    closed!(rds::Instance, "rds.instance.network", network, NETWORKS),
    closed!(redis::Instance, "redis.instance.network", network, NETWORKS),
    // KMS DescribeKey `Origin`, `ProtectionLevel`.
    closed!(kms::Key, "kms.key.origin", origin, &["aliyun-kms", "external"]),
    closed!(kms::Key, "kms.key.protection_level", protection_level, &["software", "hsm", "external"]),
    // MSE QueryClusterDetail `MseVersion`.
    closed!(mse::Cluster, "mse.cluster.edition", edition, &["mse_basic", "mse_pro", "mse_dev", "mse_serverless"]),
    // NAS DescribeFileSystems `ProtocolType`.
    closed!(nas::FileSystem, "nas.file-system.protocol", protocol, &["nfs", "smb", "cpfs"]),
    // VPC DescribeForwardTableEntries `IpProtocol`, DescribeNatGateways `NetworkType`.
    closed!(nat::ForwardEntry, "nat.forward-entry.protocol", protocol, &["tcp", "udp", "any"]),
    closed!(nat::Gateway, "nat.gateway.network_type", network_type, SIDES),
    // NLB ListLoadBalancers `AddressType`, ListListeners `ListenerProtocol`.
    closed!(nlb::LoadBalancer, "nlb.load-balancer.address_type", address_type, SIDES),
    closed!(nlb::Listener, "nlb.listener.protocol", protocol, &["tcp", "udp", "tcpssl"]),
    // OSS.
    closed!(oss::Bucket, "oss.bucket.acl", acl, ACLS),
    closed!(oss::Object, "oss.object.acl", acl, ACLS),
    closed!(oss::Bucket, "oss.bucket.versioning", versioning, &["Enabled", "Suspended"]),
    closed!(oss::Bucket, "oss.bucket.redundancy", redundancy, REDUNDANCY),
    closed!(ots::Instance, "ots.instance.redundancy", redundancy, REDUNDANCY),
    // PolarDB DescribeDBClusterVersion `DBVersionStatus`, PolarDB-X DescribeDBInstanceAttribute `TopologyType`.
    closed!(polardb::Cluster, "polardb.cluster.version_status", version_status, &["stable", "old", "highrisk"]),
    closed!(polardb::DistributedInstance, "polardb.distributed-instance.topology", topology, &["1azone", "3azones"]),
    // RDS DescribeDBInstances `ConnectionMode`, DescribeDBInstanceHAConfig `SyncMode`.
    closed!(rds::Instance, "rds.instance.connection_mode", connection_mode, &["standard", "safe"]),
    closed!(rds::Instance, "rds.instance.sync_mode", sync_mode, &["sync", "semi-sync", "async"]),
    // Redis DescribeInstances `ArchitectureType`.
    closed!(redis::Instance, "redis.instance.architecture", architecture, &["cluster", "standard", "rwsplit"]),
    // RocketMQ GetInstance `subSeriesCode`.
    closed!(
        rocketmq::Instance,
        "rocketmq.instance.sub_series",
        sub_series,
        &["cluster-ha", "single-node", "serverless"]
    ),
    // SLB DescribeLoadBalancers `AddressType`, `NetworkType`; DescribeLoadBalancerListeners `AclType`.
    closed!(slb::LoadBalancer, "slb.load-balancer.address_type", address_type, SIDES),
    closed!(slb::LoadBalancer, "slb.load-balancer.network_type", network_type, NETWORKS),
    closed!(slb::Listener, "slb.listener.acl_type", acl_type, &["white", "black"]),
    closed!(slb::Listener, "slb.listener.protocol", protocol, &["tcp", "udp", "http", "https"]),
    closed!(sls::Project, "sls.project.redundancy", redundancy, REDUNDANCY),
    // VPC DescribeNetworkAcls `Policy`, `Protocol`, `EntryType`.
    closed!(vpc::NetworkAcl, "vpc.network-acl.ingress.policy", ingress: vpc::AclEntry, policy, &["accept", "drop"]),
    closed!(vpc::NetworkAcl, "vpc.network-acl.egress.policy", egress: vpc::AclEntry, policy, &["accept", "drop"]),
    closed!(
        vpc::NetworkAcl,
        "vpc.network-acl.ingress.protocol",
        ingress: vpc::AclEntry,
        protocol,
        &["tcp", "udp", "icmp", "gre", "all"]
    ),
    closed!(
        vpc::NetworkAcl,
        "vpc.network-acl.egress.protocol",
        egress: vpc::AclEntry,
        protocol,
        &["tcp", "udp", "icmp", "gre", "all"]
    ),
    // VPC DescribeVpnGateways `NetworkType`, DescribeVpnConnections `IkeEncAlg`, `IpsecEncAlg`.
    closed!(vpn::Gateway, "vpn.gateway.network_type", network_type, &["public", "private"]),
    closed!(vpn::Connection, "vpn.connection.ike_encryption", ike_encryption, CIPHERS),
    closed!(vpn::Connection, "vpn.connection.ipsec_encryption", ipsec_encryption, CIPHERS),
    closed!(vpn::Connection, "vpn.connection.tunnels.ike_encryption", tunnels: vpn::Tunnel, ike_encryption, CIPHERS),
    closed!(vpn::Connection, "vpn.connection.tunnels.ipsec_encryption", tunnels: vpn::Tunnel, ipsec_encryption, CIPHERS),
];

/// Holds every field of a batch to its words.
pub(crate) fn hold(batch: &mut Batch) {
    for closed in CLOSED {
        (closed.hold)(batch, closed);
    }
}

impl Closed {
    fn check(&self, fact: &mut Fact<Text>) {
        if let State::Known(word) = &fact.state
            && !self.words.contains(&word.as_str())
        {
            let detail = format!("the word `{word}` of {} beside {}", self.field, self.words.join(", "));
            fact.state = State::Unknown(Reason::not_understood(detail));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Label, Origin, Source, SourceKind};
    use std::sync::Arc;

    pub(super) fn origin() -> Origin {
        Origin::new(Arc::new(Source::new(SourceKind::Api, "a")), 1, Label::UserProvided)
    }

    #[test]
    fn a_word_outside_of_its_list_is_not_understood_and_the_others_stay() {
        for closed in CLOSED {
            let left = |word: &str| {
                let mut batch = Batch::new();
                (closed.example)(&mut batch, word);
                let before = format!("{:?}", batch.records().map(|one| format!("{one:?}")).collect::<Vec<_>>());
                batch.finish();
                let after = format!("{:?}", batch.records().map(|one| format!("{one:?}")).collect::<Vec<_>>());
                (before == after, after.contains("the word `no-such-word` of"))
            };
            for word in closed.words {
                assert_eq!(left(word), (true, false), "{}: {word}", closed.field);
            }
            assert_eq!(left("no-such-word"), (false, true), "{}", closed.field);
        }
    }

    #[test]
    fn every_field_has_one_list() {
        let mut fields: Vec<_> = CLOSED.iter().map(|closed| closed.field).collect();
        fields.sort_unstable();
        let count = fields.len();
        fields.dedup();
        assert_eq!(fields.len(), count);
    }
}
