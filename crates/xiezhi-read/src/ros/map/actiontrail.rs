//! ActionTrail in ROS templates. Source: ROS documentation, `ALIYUN::ACTIONTRAIL::*`.

use xiezhi_model::service::actiontrail::Trail;

use crate::api::actiontrail::{all_regions, events, named_role, project};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of ActionTrail.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::ACTIONTRAIL::Trail", kind: Some(Trail::SCHEMA), read: trail },
    Block { name: "ALIYUN::ACTIONTRAIL::TrailLogging", kind: None, read: logging },
];

/// A trail that nobody starts records nothing: `TrailLogging` starts it. Source: ActionTrail CreateTrail, StartLogging.
const NOT_STARTED: &str = "ActionTrail CreateTrail: a new trail is not started";

fn trail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Name"), |trail: &mut Trail| {
        trail.head.name = f.text("Name");
        trail.enabled = documented(NOT_STARTED).known(false);
        trail.all_regions = all_regions(f.text("TrailRegion"));
        trail.regions = f.text("TrailRegion");
        trail.events = events(f.text("EventRW"));
        trail.organization = f.bool("IsOrganizationTrail");
        trail.bucket = f.link("OssBucketName");
        trail.bucket_prefix = f.opt_text("OssKeyPrefix");
        trail.project = project(f.opt_text("SlsProjectArn"));
        trail.bucket_role = named_role(f.link("RoleName"));
        trail.project_role = named_role(f.link("SlsWriteRoleArn"));
    });
}

fn logging(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("Name"), |trail: &mut Trail| trail.enabled = f.bool("Enable"));
}
