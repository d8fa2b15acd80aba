//! MaxCompute in ROS templates. Source: ROS documentation, `ALIYUN::MaxCompute::Project`.

use xiezhi_model::List;
use xiezhi_model::service::maxcompute::Project;

use crate::api::maxcompute::{conclude, key_of};
use crate::fields::{Fields, documented};
use crate::keys::named;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of MaxCompute.
pub const BLOCKS: &[Block] =
    &[Block { name: "ALIYUN::MaxCompute::Project", kind: Some(Project::SCHEMA), read: project }];

const PROJECT: &str = "ROS ALIYUN::MaxCompute::Project";

fn project(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Name"), |project: &mut Project| {
        project.head.name = f.text("Name");
        project.white_list = f.in_block(
            "IpWhiteList",
            |list| list.opt_texts("IpList"),
            || documented(PROJECT).known(List::complete(vec![])),
        );
        project.encrypted = f.in_block(
            "Properties",
            |properties| properties.bool_or("Encryption.Enable", false, PROJECT),
            || documented(PROJECT).known(false),
        );
        project.encryption_algorithm = f.word("Properties.Encryption.Algorithm");
        (project.encryption, project.encryption_key) =
            key_of(&project.encrypted, named(f, "Properties.Encryption.Key"));
    });
    sink.batch.conclude(Project::SCHEMA.kind, conclude);
}
