//! What each ROS resource type means, one file per service. A map reads the properties of one resource, with its
//! functions already worked out, by the same words as any other source: see [`oss`] and [`ecs`] for the pattern.

use xiezhi_model::{Schema, service};

use crate::terraform::Block;

pub mod ack;
pub mod actiontrail;
pub mod adb;
pub mod balancers;
pub mod clickhouse;
pub mod eci;
pub mod ecs;
pub mod elasticsearch;
pub mod ess;
pub mod fc;
pub mod gpdb;
pub mod hbase;
pub mod hbr;
pub mod kafka;
pub mod kms;
pub mod lindorm;
pub mod maxcompute;
pub mod mongodb;
pub mod nas;
pub mod network;
pub mod organisation;
pub mod oss;
pub mod ots;
pub mod pai;
pub mod parameter;
pub mod polardb;
pub mod polardbx;
pub mod ram;
pub mod rds;
pub mod redis;
pub mod rocketmq;
pub mod routes;
pub mod security_group;
pub mod services;
pub mod slb;
pub mod sls;
pub mod vpc;

/// Every resource type that is understood. A new service adds its `BLOCKS` here.
pub const BLOCKS: &[&[Block]] = &[
    ack::BLOCKS,
    actiontrail::BLOCKS,
    adb::BLOCKS,
    balancers::BLOCKS,
    clickhouse::BLOCKS,
    eci::BLOCKS,
    ecs::BLOCKS,
    elasticsearch::BLOCKS,
    ess::BLOCKS,
    fc::BLOCKS,
    gpdb::BLOCKS,
    hbase::BLOCKS,
    hbr::BLOCKS,
    kafka::BLOCKS,
    kms::BLOCKS,
    lindorm::BLOCKS,
    maxcompute::BLOCKS,
    mongodb::BLOCKS,
    nas::BLOCKS,
    network::BLOCKS,
    organisation::BLOCKS,
    oss::BLOCKS,
    ots::BLOCKS,
    pai::BLOCKS,
    parameter::BLOCKS,
    polardb::BLOCKS,
    polardbx::BLOCKS,
    ram::BLOCKS,
    rds::BLOCKS,
    redis::BLOCKS,
    rocketmq::BLOCKS,
    routes::BLOCKS,
    security_group::BLOCKS,
    services::BLOCKS,
    slb::BLOCKS,
    sls::BLOCKS,
    vpc::BLOCKS,
];

/// Types that nothing reads and that make resources of a kind: a template with one of them has more than was read.
/// Source: ROS documentation, "Resource types".
pub const MAKES: &[(&str, &Schema)] = &[
    ("ALIYUN::CS::AnyCluster", service::ack::Cluster::SCHEMA),
    ("ALIYUN::CS::ManagedEdgeKubernetesCluster", service::ack::Cluster::SCHEMA),
    ("ALIYUN::CS::ServerlessKubernetesCluster", service::ack::Cluster::SCHEMA),
    ("ALIYUN::ECS::CopyImage", service::ecs::Image::SCHEMA),
    ("ALIYUN::ECS::CustomImage", service::ecs::Image::SCHEMA),
    ("ALIYUN::ECS::InstanceClone", service::ecs::Instance::SCHEMA),
    ("ALIYUN::ECS::InstanceGroupClone", service::ecs::Instance::SCHEMA),
    ("ALIYUN::ECS::SecurityGroupClone", service::ecs::SecurityGroup::SCHEMA),
    ("ALIYUN::ECS::Snapshot", service::ecs::Snapshot::SCHEMA),
    ("ALIYUN::GA::EndpointGroup", service::slb::LoadBalancer::SCHEMA),
    ("ALIYUN::MONGODB::ServerlessInstance", service::mongodb::Instance::SCHEMA),
    ("ALIYUN::OTS::Table", service::ots::Table::SCHEMA),
    ("ALIYUN::RDS::DBInstanceClone", service::rds::Instance::SCHEMA),
    ("ALIYUN::SLB::LoadBalancerClone", service::slb::LoadBalancer::SCHEMA),
    ("ALIYUN::VPC::EIPPro", service::eip::Eip::SCHEMA),
    ("ALIYUN::VPC::EIPSegment", service::eip::Eip::SCHEMA),
];

#[cfg(test)]
mod tests {
    /// A type that something reads lists what it makes itself.
    #[test]
    fn no_type_that_is_read_counts_as_one_that_nothing_reads() {
        for (blocks, makes) in
            [(super::BLOCKS, super::MAKES), (crate::terraform::map::BLOCKS, crate::terraform::map::MAKES)]
        {
            for (name, _) in makes {
                assert!(blocks.iter().flat_map(|blocks| blocks.iter()).all(|block| block.name != *name), "{name}");
            }
        }
    }
}
