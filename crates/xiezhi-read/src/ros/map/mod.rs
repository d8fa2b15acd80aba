//! What each ROS resource type means, one file per service. A map reads the properties of one resource, with its
//! functions already worked out, by the same words as any other source: see [`oss`] and [`ecs`] for the pattern.

use crate::terraform::Block;

pub mod actiontrail;
pub mod ecs;
pub mod kms;
pub mod oss;
pub mod polardb;
pub mod rds;
pub mod redis;
pub mod slb;
pub mod vpc;

/// Every resource type that is understood. A new service adds its `BLOCKS` here.
pub const BLOCKS: &[&[Block]] = &[
    actiontrail::BLOCKS,
    ecs::BLOCKS,
    kms::BLOCKS,
    oss::BLOCKS,
    polardb::BLOCKS,
    rds::BLOCKS,
    redis::BLOCKS,
    slb::BLOCKS,
    vpc::BLOCKS,
];
