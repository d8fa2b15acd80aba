use super::*;
use crate::testing::{answers, only, text};

#[test]
fn an_empty_white_list_of_a_public_endpoint_admits_everyone() {
    let instance = |list: &str| {
        let answer = format!(
            r#"{{"data":{{"instanceId":"rmq-1","seriesCode":"professional","subSeriesCode":"cluster_ha",
                "networkInfo":{{"internetInfo":{{"internetSpec":"enable","ipWhitelist":[{list}]}},"vpcInfo":{{"vpcId":"vpc-1"}}}}}}}}"#
        );
        only::<Instance>(&answers(&[("rocketmq:GetInstance", "", &answer)])).clone()
    };
    assert_eq!(instance("").internet_white_list_open.value(), Some(&true));
    assert_eq!(instance(r#""10.0.0.0/8""#).internet_white_list_open.value(), Some(&false));
    assert_eq!(text(&instance("").sub_series), "cluster-ha");
}
