//! AnalyticDB for PostgreSQL in ROS templates. Source: ROS documentation, `ALIYUN::GPDB::*`.

use xiezhi_model::State;
use xiezhi_model::service::gpdb::Instance;

use crate::api::gpdb::conclude;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::store::{one_port, said};
use crate::terraform::Block;
use crate::{keys, white_list};

/// The resource types of AnalyticDB for PostgreSQL.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::GPDB::DBInstance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "ALIYUN::GPDB::ElasticDBInstance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "ALIYUN::GPDB::InstancePublicConnection", kind: None, read: public_connection },
];

const INSTANCE: &str = "ROS ALIYUN::GPDB::DBInstance";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = keys::key(f, "EncryptionKey");
    keys::assume_customer_key(sink, &key);
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("DBInstanceDescription");
        instance.vpc = said(f.link("VPCId"));
        instance.public_endpoint = documented("ROS ALIYUN::GPDB::InstancePublicConnection").known(false);
        instance.white_list = white_list::or_default(f.opt_texts("SecurityIPList"), &documented(INSTANCE));
        // A key means encrypted disks: `EncryptionType` has the one value `CloudDisk`.
        instance.disk_encryption = match keys::holder(f, "EncryptionKey", "") {
            none if none.value().is_some_and(|word| word.is_empty()) => documented(INSTANCE).known("none".into()),
            stated => stated,
        };
        instance.disk_key = key;
        let standby = f.opt_text("StandbyZoneId");
        instance.multi_zone = match standby.state {
            State::Known(_) => f.known(true),
            State::Absent => documented(INSTANCE).known(false),
            State::Unknown(reason) => f.unknown(reason),
        };
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn public_connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("DBInstanceId"), |instance: &mut Instance| {
        instance.public_endpoint = f.known(true);
        instance.public_ports = one_port(f.int("Port"));
    });
}
