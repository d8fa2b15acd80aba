//! Platform for AI in ROS templates. Source: ROS documentation, `ALIYUN::PAI::Service`.

use xiezhi_model::service::pai::Service;

use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Platform for AI.
pub const BLOCKS: &[Block] = &[Block { name: "ALIYUN::PAI::Service", kind: Some(Service::SCHEMA), read: service }];

/// The configuration is a map here, where Terraform takes JSON.
fn service(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ServiceName"), |service: &mut Service| {
        service.head.name = f.text("ServiceConfig.name");
        service.replicas = f.int("ServiceConfig.metadata.instance");
    });
}
