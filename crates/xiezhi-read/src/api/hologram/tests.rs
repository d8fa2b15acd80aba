use super::*;
use crate::testing::{answers, only};

#[test]
fn the_networks_of_the_endpoints_are_listed() {
    let answer = r#"{"Instance":{"InstanceId":"h","Endpoints":[{"Type":"Internet"},{"Type":"VPCSingleTunnel"}]}}"#;
    let estate = answers(&[("hologram:GetInstance", "", answer)]);
    assert_eq!(only::<Instance>(&estate).endpoints.value().unwrap().items, ["internet", "vpcsingletunnel"]);
}
