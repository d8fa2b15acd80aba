use super::*;
use crate::testing::{answers, only, text};

#[test]
fn an_instance_lets_the_internet_in_when_the_list_says_so() {
    let instance = |list: &str| {
        let answer = format!(r#"{{"InstanceName":"i","NetworkTypeACL":{list},"StorageType":"OTS_SSD_ZRS"}}"#);
        only::<Instance>(&answers(&[("tablestore:GetInstance", "", &answer)])).clone()
    };
    assert_eq!(instance(r#"["VPC","INTERNET"]"#).internet_access.value(), Some(&true));
    assert_eq!(instance(r#"["VPC"]"#).internet_access.value(), Some(&false));
    assert_eq!(text(&instance("[]").redundancy), "ZRS");
}

#[test]
fn a_table_tells_who_holds_its_key() {
    let table = |details: &str| {
        let answer = format!(r#"{{"sseDetails":{details}}}"#);
        let estate = answers(&[("ots:DescribeTable", "InstanceName=i,TableName=t", &answer)]);
        only::<Table>(&estate).encryption.clone()
    };
    assert_eq!(text(&table(r#"{"enable":false}"#)), "none");
    assert_eq!(text(&table(r#"{"enable":true,"keyType":"SSE_KMS_SERVICE","keyId":"k"}"#)), "service-key");
    assert_eq!(text(&table(r#"{"enable":true,"keyType":"SSE_BYOK","keyId":"k"}"#)), "kms-key");
    assert!(table("{}").reason().is_some());
}

#[test]
fn only_the_answer_about_one_instance_says_whether_it_has_a_policy() {
    let policy = |call: &str, rest: &str| {
        let answer = match call {
            "tablestore:ListInstances" => format!(r#"{{"Instances":[{{"InstanceName":"i"{rest}}}]}}"#),
            _ => format!(r#"{{"InstanceName":"i"{rest}}}"#),
        };
        only::<Instance>(&answers(&[(call, "", &answer)])).policy.clone()
    };
    assert_eq!(text(&policy("tablestore:GetInstance", r#","PolicyVersion":1,"Policy":"{}""#)), "{}");
    assert!(policy("tablestore:GetInstance", r#","PolicyVersion":0,"Policy":"""#).is_absent());
    assert!(policy("tablestore:GetInstance", "").reason().is_some());
    assert!(policy("tablestore:ListInstances", "").reason().is_some());
}
