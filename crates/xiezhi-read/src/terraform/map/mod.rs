//! What each Terraform resource type means, one file per service.

use xiezhi_model::{Schema, service};

use super::Block;

pub mod account;
pub mod ack;
pub mod actiontrail;
pub mod adb;
pub mod alb;
pub mod alidns;
pub mod apigateway;
pub mod cdn;
pub mod cen;
pub mod clickhouse;
pub mod cloudfw;
pub mod config;
pub mod cr;
pub mod csg;
pub mod ddos;
pub mod dts;
pub mod eci;
pub mod ecs;
pub mod eip;
pub mod elasticsearch;
pub mod ens;
pub mod esa;
pub mod ess;
pub mod expressconnect;
pub mod fc;
pub mod flink;
pub mod gpdb;
pub mod gwlb;
pub mod hbase;
pub mod hbr;
pub mod hologram;
pub mod kafka;
pub mod kms;
pub mod lindorm;
pub mod maxcompute;
pub mod mns;
pub mod mongodb;
pub mod mse;
pub mod nas;
pub mod nat;
pub mod nlb;
pub mod oceanbase;
pub mod organisation;
pub mod oss;
pub mod ots;
pub mod pai;
pub mod polardb;
pub mod privatelink;
pub mod ram;
pub mod rds;
pub mod redis;
pub mod rocketmq;
pub mod ros;
mod sae;
pub(crate) mod sas;
pub mod security_group;
pub mod slb;
pub mod sls;
pub mod vpc;
pub mod vpn;
pub mod waf;

/// Every resource type that is understood. A new service adds its `BLOCKS` here.
pub const BLOCKS: &[&[Block]] = &[
    account::BLOCKS,
    ack::BLOCKS,
    actiontrail::BLOCKS,
    adb::BLOCKS,
    alb::BLOCKS,
    alidns::BLOCKS,
    apigateway::BLOCKS,
    cdn::BLOCKS,
    cen::BLOCKS,
    clickhouse::BLOCKS,
    cloudfw::BLOCKS,
    config::BLOCKS,
    cr::BLOCKS,
    csg::BLOCKS,
    ddos::BLOCKS,
    dts::BLOCKS,
    eci::BLOCKS,
    ecs::BLOCKS,
    eip::BLOCKS,
    elasticsearch::BLOCKS,
    ens::BLOCKS,
    esa::BLOCKS,
    ess::BLOCKS,
    expressconnect::BLOCKS,
    fc::BLOCKS,
    flink::BLOCKS,
    gpdb::BLOCKS,
    gwlb::BLOCKS,
    hbase::BLOCKS,
    hbr::BLOCKS,
    hologram::BLOCKS,
    kafka::BLOCKS,
    kms::BLOCKS,
    lindorm::BLOCKS,
    maxcompute::BLOCKS,
    mns::BLOCKS,
    mongodb::BLOCKS,
    mse::BLOCKS,
    nas::BLOCKS,
    nat::BLOCKS,
    nlb::BLOCKS,
    oceanbase::BLOCKS,
    organisation::BLOCKS,
    oss::BLOCKS,
    ots::BLOCKS,
    pai::BLOCKS,
    polardb::BLOCKS,
    privatelink::BLOCKS,
    ram::BLOCKS,
    rds::BLOCKS,
    redis::BLOCKS,
    rocketmq::BLOCKS,
    ros::BLOCKS,
    sae::BLOCKS,
    sas::BLOCKS,
    security_group::BLOCKS,
    slb::BLOCKS,
    sls::BLOCKS,
    vpc::BLOCKS,
    vpn::BLOCKS,
    waf::BLOCKS,
];

/// Types that nothing reads and that make resources of a kind: a configuration with one of them has more than was read.
/// A segment makes addresses in a row; an endpoint group brings the internet to a server by addresses of Global
/// Accelerator, as a load balancer does. Source: terraform-provider-alicloud, the pages of these resources.
pub const MAKES: &[(&str, &Schema)] = &[
    ("alicloud_auto_provisioning_group", service::ecs::Instance::SCHEMA),
    ("alicloud_ecs_instance_set", service::ecs::Instance::SCHEMA),
    ("alicloud_eip_segment_address", service::eip::Eip::SCHEMA),
    ("alicloud_ga_endpoint_group", service::slb::LoadBalancer::SCHEMA),
];
