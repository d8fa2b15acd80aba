use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{Inventory, Reason};

use crate::ros::read_template;

/// Two buckets of which nothing says whether they are versioned, beside a nested stack that is given something.
fn versioned(given: &str) -> [Option<Reason>; 2] {
    let text = format!(
        "Parameters:\n  Prefix: {{Type: String}}\nResources:\n  A:\n    Type: ALIYUN::OSS::Bucket\n    Properties: {{BucketName: shop-pictures}}\n  B:\n    Type: ALIYUN::OSS::Bucket\n    Properties: {{BucketName: !Sub '${{Prefix}}-logs'}}\n  I:\n    Type: ALIYUN::ECS::Instance\n    Properties: {{InstanceName: !GetAtt A.Name}}\n  N:\n    Type: ALIYUN::ROS::Stack\n    Properties:\n      TemplateURL: 'oss://shop-pictures/t.yaml'\n      Parameters: {given}\n"
    );
    let inventory = Inventory::join(vec![read_template("stack", "stack.yaml", &text)]);
    let gap = inventory.gaps(Bucket::SCHEMA);
    assert!(gap.iter().any(|gap| gap.reason == Reason::unresolved("N")), "the nested stack may make more: {gap:?}");
    ["A", "B"].map(|name| {
        let bucket = inventory.all::<Bucket>().iter().find(|bucket| bucket.head.address == name).unwrap();
        bucket.block_public_access.reason().cloned()
    })
}

#[test]
fn a_nested_stack_opens_the_resources_that_its_parameters_lead_to_and_no_others() {
    let open = || Some(Reason::unresolved("N"));
    for (given, expected) in [
        ("{}", [None, None]),
        ("{Zone: cn-hangzhou-h}", [None, None]),
        ("{Bucket: !Ref A}", [open(), None]),
        ("{Bucket: !GetAtt [A, Name]}", [open(), None]),
        ("{Bucket: !Sub '${A}/x'}", [open(), None]),
        ("{Bucket: !GetAtt I.InstanceName}", [open(), None]),
        ("{Names: [shop-pictures]}", [open(), None]),
        ("{Prefix: !Ref Prefix}", [None, open()]),
        ("{All: !Join [',', [!Ref A, !GetAtt B.Name]]}", [open(), open()]),
    ] {
        assert_eq!(versioned(given), expected, "{given}");
    }
}

#[test]
fn references_that_lead_to_themselves_end() {
    let text = "Resources:\n  A:\n    Type: ALIYUN::OSS::Bucket\n    Properties: {BucketName: !GetAtt B.BucketName}\n  B:\n    Type: ALIYUN::OSS::Bucket\n    Properties: {BucketName: !GetAtt A.BucketName}\n  N:\n    Type: ALIYUN::ROS::Stack\n    Properties: {Parameters: {X: !GetAtt A.BucketName}}\n";
    let inventory = Inventory::join(vec![read_template("stack", "stack.yaml", text)]);
    assert_eq!(inventory.all::<Bucket>().len(), 2);
}
