//! What each ROS resource type means, one file per service. A map reads the properties of one resource, with its
//! functions already worked out, by the same words as any other source: see [`oss`] and [`ecs`] for the pattern.

use crate::terraform::Block;

pub mod actiontrail;
pub mod adb;
pub mod clickhouse;
pub mod ecs;
pub mod elasticsearch;
pub mod gpdb;
pub mod hbase;
pub mod kafka;
pub mod kms;
pub mod lindorm;
pub mod maxcompute;
pub mod mongodb;
pub mod nas;
pub mod oss;
pub mod ots;
pub mod polardb;
pub mod polardbx;
pub mod rds;
pub mod redis;
pub mod rocketmq;
pub mod slb;
pub mod vpc;

/// Every resource type that is understood. A new service adds its `BLOCKS` here.
pub const BLOCKS: &[&[Block]] = &[
    actiontrail::BLOCKS,
    ecs::BLOCKS,
    kms::BLOCKS,
    oss::BLOCKS,
    polardbx::BLOCKS,
    maxcompute::BLOCKS,
    ots::BLOCKS,
    adb::BLOCKS,
    clickhouse::BLOCKS,
    gpdb::BLOCKS,
    lindorm::BLOCKS,
    hbase::BLOCKS,
    rocketmq::BLOCKS,
    kafka::BLOCKS,
    elasticsearch::BLOCKS,
    nas::BLOCKS,
    mongodb::BLOCKS,
    polardb::BLOCKS,
    rds::BLOCKS,
    redis::BLOCKS,
    slb::BLOCKS,
    vpc::BLOCKS,
];
