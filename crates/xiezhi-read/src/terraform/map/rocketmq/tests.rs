use super::*;
use crate::testing::{blocks, only};

#[test]
fn newer_and_older_white_lists_are_read() {
    let open = |body: &str| {
        let estate = blocks(&[("alicloud_rocketmq_instance.r", body)]);
        only::<Instance>(&estate).internet_white_list_open.value().copied()
    };
    let internet = r#""network_info":[{"internet_info":[{"internet_spec":"enable","ip_whitelist":["10.0.0.0/8"]}]}]"#;
    assert_eq!(open(&format!("{{{internet}}}")), Some(false));
    assert_eq!(open(&format!(r#"{{{internet},"ip_whitelists":["0.0.0.0/0"]}}"#)), Some(true));
    assert_eq!(open("{}"), Some(true));
}
