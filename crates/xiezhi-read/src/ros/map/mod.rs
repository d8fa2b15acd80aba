//! What each ROS resource type means, one file per service. A map reads the properties of one resource, with its
//! functions already worked out, by the same words as any other source: see [`oss`] and [`ecs`] for the pattern.

use crate::terraform::Block;

pub mod ack;
pub mod actiontrail;
pub mod adb;
pub mod balancers;
pub mod clickhouse;
pub mod ecs;
pub mod elasticsearch;
pub mod ess;
pub mod fc;
pub mod gpdb;
pub mod hbase;
pub mod kafka;
pub mod kms;
pub mod lindorm;
pub mod maxcompute;
pub mod mongodb;
pub mod nas;
pub mod network;
pub mod oss;
pub mod ots;
pub mod parameter;
pub mod polardb;
pub mod polardbx;
pub mod ram;
pub mod rds;
pub mod redis;
pub mod rocketmq;
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
    ecs::BLOCKS,
    elasticsearch::BLOCKS,
    ess::BLOCKS,
    fc::BLOCKS,
    gpdb::BLOCKS,
    hbase::BLOCKS,
    kafka::BLOCKS,
    kms::BLOCKS,
    lindorm::BLOCKS,
    maxcompute::BLOCKS,
    mongodb::BLOCKS,
    nas::BLOCKS,
    network::BLOCKS,
    oss::BLOCKS,
    ots::BLOCKS,
    parameter::BLOCKS,
    polardb::BLOCKS,
    polardbx::BLOCKS,
    ram::BLOCKS,
    rds::BLOCKS,
    redis::BLOCKS,
    rocketmq::BLOCKS,
    services::BLOCKS,
    slb::BLOCKS,
    sls::BLOCKS,
    vpc::BLOCKS,
];
