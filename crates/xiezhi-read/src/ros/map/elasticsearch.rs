//! Elasticsearch in ROS templates. Source: ROS documentation, `ALIYUN::ElasticSearch::Instance`.

use xiezhi_model::Reason;
use xiezhi_model::service::elasticsearch::Instance;

use crate::api::elasticsearch::{conclude, version};
use crate::fields::{Fields, assumed};
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;
use crate::white_list;

/// The resource types of Elasticsearch.
pub const BLOCKS: &[Block] =
    &[Block { name: "ALIYUN::ElasticSearch::Instance", kind: Some(Instance::SCHEMA), read: instance }];

const INSTANCE: &str = "ROS ALIYUN::ElasticSearch::Instance";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("Description");
        instance.version = version(f.text("Version"));
        instance.vswitch = said(f.link("VSwitchId"));
        instance.public_endpoint = f.bool_or("EnablePublic", false, INSTANCE);
        let loopback = assumed("the white list of a public Elasticsearch address starts with 127.0.0.1");
        let kibana = f.opt_texts("KibanaWhitelist");
        let named = kibana.value().is_some_and(|list| !list.items.is_empty());
        instance.public_white_list = white_list::or_default(f.opt_texts("PublicWhitelist"), &loopback);
        instance.kibana_white_list = white_list::or_default(kibana, &loopback);
        instance.kibana_public = f.bool("EnableKibanaPublic");
        if named && instance.kibana_public.reason() == Some(&Reason::NotInEvidence) {
            // The list has no other use.
            instance.kibana_public = assumed("a white list of public Kibana is set for a public Kibana").known(true);
        }
        instance.data_disk_encrypted = f.bool_or("DataNode.DiskEncryption", false, INSTANCE);
        instance.zones = f.int_or("ZoneCount", 1, INSTANCE);
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}
