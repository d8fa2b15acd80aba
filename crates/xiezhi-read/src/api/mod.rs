//! API answers as JSON, as the `aliyun` CLI prints them: one file per service says what each call's answer means.

use xiezhi_model::{Fact, List, Reason, Schema, State};

use crate::fields::Fields;
use crate::sink::Sink;

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
mod cms;
pub mod config;
pub mod cr;
mod credential_report;
pub mod csg;
mod database;
pub mod ddos;
pub mod dms;
pub mod driver;
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
pub mod name;
pub mod nas;
pub mod nat;
pub mod nlb;
mod none;
pub mod oceanbase;
pub mod organisation;
pub mod oss;
pub mod ots;
pub mod outcome;
mod paging;
pub mod pai;
mod parts;
pub mod polardb;
pub mod privatelink;
pub mod ram;
pub mod rds;
pub mod redis;
pub mod rocketmq;
pub mod ros;
mod sae;
pub mod sas;
pub mod sddp;
pub mod slb;
pub mod sls;
pub mod vpc;
pub mod vpn;
pub mod waf;

/// How the answer of one call is read.
pub struct Call {
    /// The product code as the CLI writes it, lower case: `ecs`, `oss`.
    pub product: &'static str,
    /// The operation: `DescribeInstances`.
    pub action: &'static str,
    /// The dotted path of the list whose members are read one by one; empty when the answer is one object.
    pub list: &'static str,
    /// The kind of which this call is the listing, if it is one.
    pub lists: Option<&'static Schema>,
    /// Reads one member of the list, or the whole answer.
    pub read: fn(&Fields<'_>, &mut Sink<'_>),
}

impl Call {
    /// A call whose answer is read as one object.
    pub const fn answer(product: &'static str, action: &'static str, read: fn(&Fields<'_>, &mut Sink<'_>)) -> Self {
        Self { product, action, list: "", lists: None, read }
    }

    /// A call whose answer holds a list, read member by member, that is not the listing of a kind.
    pub const fn each(
        product: &'static str,
        action: &'static str,
        list: &'static str,
        read: fn(&Fields<'_>, &mut Sink<'_>),
    ) -> Self {
        Self { product, action, list, lists: None, read }
    }

    /// A call that is the listing of a kind.
    pub const fn listing(
        product: &'static str,
        action: &'static str,
        list: &'static str,
        lists: &'static Schema,
        read: fn(&Fields<'_>, &mut Sink<'_>),
    ) -> Self {
        Self { product, action, list, lists: Some(lists), read }
    }
}

/// Every call whose answer is understood. A new service adds its `CALLS` here.
pub const CALLS: &[&[Call]] = &[
    account::CALLS,
    ack::CALLS,
    actiontrail::CALLS,
    adb::CALLS,
    alb::CALLS,
    alidns::CALLS,
    apigateway::CALLS,
    cdn::CALLS,
    cen::CALLS,
    clickhouse::CALLS,
    cloudfw::CALLS,
    cms::CALLS,
    config::CALLS,
    cr::CALLS,
    csg::CALLS,
    ddos::CALLS,
    dms::CALLS,
    dts::CALLS,
    eci::CALLS,
    ecs::CALLS,
    eip::CALLS,
    elasticsearch::CALLS,
    ens::CALLS,
    esa::CALLS,
    ess::CALLS,
    expressconnect::CALLS,
    fc::CALLS,
    flink::CALLS,
    gpdb::CALLS,
    gwlb::CALLS,
    hbase::CALLS,
    hbr::CALLS,
    hologram::CALLS,
    kafka::CALLS,
    kms::CALLS,
    lindorm::CALLS,
    maxcompute::CALLS,
    mns::CALLS,
    mongodb::CALLS,
    mse::CALLS,
    nas::CALLS,
    nat::CALLS,
    nlb::CALLS,
    oceanbase::CALLS,
    organisation::CALLS,
    oss::CALLS,
    ots::CALLS,
    pai::CALLS,
    polardb::CALLS,
    privatelink::CALLS,
    ram::CALLS,
    rds::CALLS,
    redis::CALLS,
    rocketmq::CALLS,
    ros::CALLS,
    sae::CALLS,
    sas::CALLS,
    sddp::CALLS,
    slb::CALLS,
    sls::CALLS,
    vpc::CALLS,
    vpn::CALLS,
    waf::CALLS,
];

/// The calls with that product and action (letter case is ignored: the CLI takes both).
pub fn calls(product: &str, action: &str) -> impl Iterator<Item = &'static Call> {
    CALLS
        .iter()
        .flat_map(|calls| calls.iter())
        .filter(move |call| call.product.eq_ignore_ascii_case(product) && call.action.eq_ignore_ascii_case(action))
}

/// A list of which the answer says by `TotalCount` that it goes on, on pages that this answer does not hold.
pub(crate) fn whole<T>(f: &Fields<'_>, mut fact: Fact<List<T>>) -> Fact<List<T>> {
    if let (State::Known(list), Some(total)) = (&mut fact.state, f.int("TotalCount").value())
        && usize::try_from(*total).is_ok_and(|total| total > list.items.len())
    {
        list.more.get_or_insert(Reason::NotAsked("further pages".into()));
    }
    fact
}
