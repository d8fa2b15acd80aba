//! ECI in ROS templates. Source: ROS documentation, `ALIYUN::ECI::ContainerGroup`.

use xiezhi_model::service::eci::ContainerGroup;
use xiezhi_model::service::ram::Role;

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::ecs::texts_of_records;
use crate::words::target;

/// The resource types of ECI.
pub const BLOCKS: &[Block] =
    &[Block { name: "ALIYUN::ECI::ContainerGroup", kind: Some(ContainerGroup::SCHEMA), read: container_group }];

fn container_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ContainerGroupId"), |g: &mut ContainerGroup| {
        g.head.name = f.opt_text("ContainerGroupName");
        g.security_group = f.link("SecurityGroupId");
        g.vswitch = f.link("VSwitchId");
        // An EIP that exists may be bound by its id; the type makes none.
        g.auto_create_eip = f.known(false);
        if !f.has("EipInstanceId") {
            g.public_ip = documented("ROS ALIYUN::ECI::ContainerGroup").absent();
        }
        g.ram_role = target(f.link::<Role>("RamRoleName"));
        g.images = texts_of_records(f, "Container", "Image");
        g.volumes = texts_of_records(f, "Volume", "Name");
    });
}
