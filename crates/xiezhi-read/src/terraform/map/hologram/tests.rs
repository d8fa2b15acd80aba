use super::*;
use crate::testing::{blocks, only};

#[test]
fn the_endpoint_blocks_are_listed() {
    let estate =
        blocks(&[("alicloud_hologram_instance.h", r#"{"endpoints":[{"type":"Intranet"},{"type":"Internet"}]}"#)]);
    assert_eq!(only::<Instance>(&estate).endpoints.value().unwrap().items, ["intranet", "internet"]);
}
