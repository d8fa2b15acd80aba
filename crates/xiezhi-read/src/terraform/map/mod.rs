//! What each Terraform resource type means, one file per service.

use super::Block;

pub mod account;
pub mod alb;
pub mod cen;
pub mod eci;
pub mod ecs;
pub mod eip;
pub mod ens;
pub mod ess;
pub mod expressconnect;
pub mod gwlb;
pub mod kms;
pub mod mongodb;
pub mod nat;
pub mod nlb;
pub mod oss;
pub mod polardb;
pub mod privatelink;
pub mod ram;
pub mod rds;
pub mod redis;
pub mod slb;
pub mod vpc;
pub mod vpn;

/// Every resource type that is understood. A new service adds its `BLOCKS` here.
pub const BLOCKS: &[&[Block]] = &[
    account::BLOCKS,
    alb::BLOCKS,
    cen::BLOCKS,
    eci::BLOCKS,
    ecs::BLOCKS,
    eip::BLOCKS,
    ens::BLOCKS,
    ess::BLOCKS,
    expressconnect::BLOCKS,
    gwlb::BLOCKS,
    kms::BLOCKS,
    mongodb::BLOCKS,
    polardb::BLOCKS,
    redis::BLOCKS,
    rds::BLOCKS,
    nat::BLOCKS,
    nlb::BLOCKS,
    oss::BLOCKS,
    privatelink::BLOCKS,
    ram::BLOCKS,
    slb::BLOCKS,
    vpc::BLOCKS,
    vpn::BLOCKS,
];
