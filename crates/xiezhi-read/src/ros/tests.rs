use xiezhi_model::service::ecs::{Disk, Instance, SecurityGroup};
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::service::slb::LoadBalancer;
use xiezhi_model::{Batch, Inventory, ProblemKind, Reason, SourceKind, State};

use super::read_template;

fn read(text: &str) -> Batch {
    read_template("stack", "stack.yaml", text)
}

fn bucket(text: &str) -> Bucket {
    let batch = read(text);
    assert_eq!(batch.problems, vec![], "{text}");
    let inventory = Inventory::join(vec![batch]);
    let all = inventory.all::<Bucket>();
    assert_eq!(all.len(), 1);
    all[0].clone()
}

/// The range of a network whose `CidrBlock` is this, with parameters, mappings and conditions to draw on.
fn text(value: &str) -> String {
    let batch = read(&format!(
        r#"
ROSTemplateFormatVersion: '2015-09-01'
Parameters:
  Acl: {{Type: String, Default: public-read}}
  Unset: {{Type: String}}
  Secret: {{Type: String, Default: hidden, NoEcho: true}}
  List: {{Type: CommaDelimitedList, Default: 'a,b'}}
  Env: {{Type: String, Default: prod}}
Mappings:
  ByEnv: {{prod: {{acl: private}}, test: {{acl: public-read-write}}}}
Conditions:
  IsProd: {{'Fn::Equals': [prod, {{Ref: Env}}]}}
  IsTest: !Not [IsProd]
  Both: {{'Fn::And': [IsProd, {{Condition: IsTest}}]}}
  Open: {{'Fn::Equals': [x, {{Ref: Unset}}]}}
  Either: {{'Fn::Or': [Open, IsProd]}}
  Loop: {{'Fn::Not': Loop}}
Resources:
  V:
    Type: ALIYUN::ECS::VPC
    Properties:
      CidrBlock: {value}
  Other:
    Type: ALIYUN::RAM::User
    Properties: {{UserName: alice}}
"#
    ));
    let inventory = Inventory::join(vec![batch]);
    let [vpc] = inventory.all::<xiezhi_model::service::vpc::Vpc>() else { panic!("one network") };
    match vpc.cidr.state.clone() {
        State::Known(text) => text.to_string(),
        State::Absent => "absent".to_owned(),
        State::Unknown(reason) => format!("[{} {}]", reason.code(), reason.detail()),
    }
}

#[test]
fn functions_parameters_mappings_and_conditions_are_worked_out() {
    for (value, expected) in [
        ("public-read", "public-read"),
        ("{Ref: Acl}", "public-read"),
        ("!Ref Acl", "public-read"),
        ("{'Fn::FindInMap': [ByEnv, {Ref: Env}, acl]}", "private"),
        ("!FindInMap [ByEnv, !Ref Env, acl]", "private"),
        ("{'Fn::Join': ['-', [public, read]]}", "public-read"),
        ("{'Fn::Sub': 'public-${x}${!y}'}", "[unresolved Ref x]"),
        ("{'Fn::Sub': ['${x}-${Env}', {x: q}]}", "q-prod"),
        ("!Sub '${Acl}'", "public-read"),
        ("!Sub '${Other.UserName}'", "alice"),
        ("{'Fn::Select': [1, [a, b]]}", "b"),
        ("{'Fn::Select': ['-1', [a, b]]}", "b"),
        ("{'Fn::Select': [0, {Ref: List}]}", "a"),
        ("{'Fn::If': [IsProd, private, public-read]}", "private"),
        ("!If [IsTest, public-read, private]", "private"),
        ("{'Fn::If': [Both, public-read, private]}", "private"),
        ("{'Fn::If': [Either, x, y]}", "x"),
        ("{'Fn::If': [Open, x, y]}", "[unresolved Ref Unset]"),
        ("{'Fn::If': [Loop, x, y]}", "[unresolved Condition Loop]"),
        ("{'Fn::If': [IsTest, x, {Ref: 'ALIYUN::NoValue'}]}", "172.16.0.0/12"),
        ("{'Fn::Replace': [{a: b}, aXa]}", "bXb"),
        ("{'Fn::Select': [1, {'Fn::Split': ['|', 'a|b']}]}", "b"),
        ("{'Fn::Base64Decode': aGk=}", "hi"),
        ("{'Fn::Str': 5}", "5"),
        ("{Ref: Unset}", "[unresolved Ref Unset]"),
        ("{Ref: Secret}", "[redacted ]"),
        ("{Ref: 'ALIYUN::Region'}", "[unresolved ALIYUN::Region]"),
        ("{Ref: Nowhere}", "[unresolved Ref Nowhere]"),
        ("{'Fn::GetAtt': [Other, UserId]}", "[unresolved Other.UserId]"),
        ("{'Fn::GetAtt': [Other, CreateDate]}", "[unresolved Other.CreateDate]"),
        ("{'Fn::Jq': [First, '.x', {}]}", "[unresolved Fn::Jq]"),
        ("on", "on"),
        ("'175****'", "[redacted ]"),
    ] {
        assert_eq!(text(value), expected, "{value}");
    }
}

#[test]
fn facts_carry_the_line_of_their_property_and_defaults_their_page() {
    let text = "ROSTemplateFormatVersion: '2015-09-01'\nResources:\n  B:\n    Type: ALIYUN::OSS::Bucket\n    Properties:\n      BucketName: b\n      AccessControl: public-read\n";
    let yaml = bucket(text);
    assert_eq!(yaml.acl.origin.to_string(), "stack.yaml:7");
    assert_eq!(yaml.head.address, "B");
    assert_eq!(yaml.acl.origin.source.kind, SourceKind::Ros);
    assert_eq!(yaml.block_public_access.state, State::Known(false));
    assert!(yaml.block_public_access.origin.is_default());
    let json = bucket(
        "{\"ROSTemplateFormatVersion\": \"2015-09-01\",\n \"Resources\": {\"B\": {\"Type\": \"ALIYUN::OSS::Bucket\",\n  \"Properties\": {\"BucketName\": \"b\",\n   \"AccessControl\": \"public-read\"}}}}",
    );
    assert_eq!(json.acl, yaml.acl);
    assert_eq!(json.acl.origin.line, 4);
}

#[test]
fn a_companion_joins_the_bucket_and_a_policy_becomes_json() {
    let bucket = bucket(
        "Resources:\n  B:\n    Type: ALIYUN::OSS::Bucket\n    Properties:\n      BucketName: !Sub '${ALIYUN::StackName}-b'\n      Policy:\n        Version: '1'\n        Statement:\n          - {Effect: Allow, Action: ['oss:GetObject'], Principal: ['*'], Resource: ['*']}\n  P:\n    Type: ALIYUN::OSS::BucketPublicAccessBlock\n    Properties: {BucketName: !GetAtt B.Name, BlockPublicAccess: true}\n",
    );
    assert_eq!(bucket.head.id.reason(), Some(&Reason::unresolved("ALIYUN::StackName")));
    assert_eq!(bucket.block_public_access.state, State::Known(true));
    let policy = bucket.policy.value().unwrap();
    assert_eq!(
        policy.as_str(),
        "{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"oss:GetObject\"],\"Principal\":[\"*\"],\"Resource\":[\"*\"]}]}"
    );
}

#[test]
fn security_groups_have_their_own_rules_and_those_beside_them() {
    let batch = read(
        "Resources:\n  G:\n    Type: ALIYUN::ECS::SecurityGroup\n    Properties:\n      VpcId: vpc-1\n      SecurityGroupIngress:\n        - {IpProtocol: tcp, PortRange: 22/22, SourceCidrIp: 0.0.0.0/0}\n  R:\n    Type: ALIYUN::ECS::SecurityGroupIngress\n    Properties: {SecurityGroupId: {Ref: G}, IpProtocol: udp, PortRange: 53/53, SourceCidrIp: 10.0.0.0/8, Policy: drop, Priority: 5}\n",
    );
    assert_eq!(batch.problems, vec![]);
    let inventory = Inventory::join(vec![batch]);
    let [group] = inventory.all::<SecurityGroup>() else { panic!("one group") };
    let rules = group.rules.value().unwrap();
    assert_eq!(rules.more, None);
    let shown: Vec<_> = rules
        .items
        .iter()
        .map(|rule| {
            let ports = &rule.ports.value().unwrap().items[0];
            (
                rule.protocol.value().unwrap().as_str(),
                *ports.first.value().unwrap(),
                rule.cidr.value().unwrap().as_str(),
                rule.policy.value().unwrap().as_str(),
                *rule.priority.value().unwrap(),
            )
        })
        .collect();
    assert_eq!(shown, [("tcp", 22, "0.0.0.0/0", "accept", 1), ("udp", 53, "10.0.0.0/8", "drop", 5)]);
    assert_eq!(rules.items[0].cidr.origin.line, 7);
}

#[test]
fn count_makes_copies_and_conditions_take_resources_away() {
    let template = |head: &str| {
        Inventory::join(vec![read(&format!(
            "Parameters: {{N: {{Type: Number}}, On: {{Type: String}}}}\nConditions:\n  Yes: {{'Fn::Equals': [a, a]}}\n  No: {{'Fn::Equals': [a, b]}}\n  Open: {{'Fn::Equals': [a, {{Ref: On}}]}}\nResources:\n  B:\n    Type: ALIYUN::OSS::Bucket\n    {head}\n    Properties:\n      BucketName: {{'Fn::Sub': 'b${{ALIYUN::Index}}'}}\n"
        ))])
    };
    for (head, addresses, gap) in [
        ("Count: 2", vec!["B[0]", "B[1]"], None),
        ("Count: 0", vec![], None),
        ("Count: {Ref: N}", vec!["B"], Some("Ref N")),
        ("Count: 100000", vec!["B"], Some("Count of 100000, above 1000")),
        ("Condition: Yes", vec!["B"], None),
        ("Condition: No", vec![], None),
        ("Condition: Open", vec!["B"], Some("Ref On")),
    ] {
        let inventory = template(head);
        let found: Vec<_> = inventory.all::<Bucket>().iter().map(|bucket| bucket.head.address.to_string()).collect();
        assert_eq!(found, addresses, "{head}");
        let listing = inventory.listings().iter().find(|listing| listing.kind == "oss.bucket").unwrap();
        assert_eq!(listing.gap.as_ref().map(Reason::detail).as_deref(), gap, "{head}");
    }
}

#[test]
fn merge_keys_aliases_and_repeated_keys_are_understood() {
    let text = "base: &base\n  AccessControl: public-read\nResources:\n  B:\n    Type: ALIYUN::OSS::Bucket\n    Properties:\n      <<: *base\n      BucketName: b\n";
    assert_eq!(bucket(text).acl.state, State::Known("public-read".into()));
    let twice = read(
        "Resources:\n  B:\n    Type: ALIYUN::OSS::Bucket\n    Properties:\n      AccessControl: private\n      AccessControl: public-read\n",
    );
    assert_eq!(twice.problems.len(), 1);
    assert_eq!((twice.problems[0].kind, twice.problems[0].line), (ProblemKind::Unexpected, 6));
    let inventory = Inventory::join(vec![twice]);
    assert!(inventory.all::<Bucket>()[0].acl.reason().is_some());
}

#[test]
fn hostile_and_broken_templates_are_problems_with_a_line() {
    let bomb = {
        let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for at in 1..30 {
            text.push_str(&format!("a{at}: &a{at} [*a{p},*a{p},*a{p},*a{p},*a{p},*a{p},*a{p},*a{p}]\n", p = at - 1));
        }
        text
    };
    for (text, kinds) in [
        (bomb, vec![ProblemKind::TooLarge]),
        ("[".repeat(100_000), vec![ProblemKind::TooDeep, ProblemKind::BrokenYaml]),
        ("- ".repeat(100_000), vec![ProblemKind::TooDeep]),
        ("a: [1, 2\nb: 3".to_owned(), vec![ProblemKind::BrokenYaml]),
        ("a: &x [*x]".to_owned(), vec![ProblemKind::BrokenYaml]),
        ("? [1]\n: 2".to_owned(), vec![ProblemKind::BrokenYaml]),
        ("just text".to_owned(), vec![ProblemKind::NotRecognised]),
        (String::new(), vec![ProblemKind::BrokenYaml, ProblemKind::NotRecognised]),
        ("Resources: {B: {Type: 'AWS::S3::Bucket'}}".to_owned(), vec![ProblemKind::OtherProvider]),
    ] {
        let batch = read(&text);
        assert_eq!(batch.problems.len(), 1, "{:.60}", text);
        assert!(kinds.contains(&batch.problems[0].kind), "{:.60}: {:?}", text, batch.problems);
    }
    let ring = "Resources:\n  A:\n    Type: ALIYUN::OSS::Bucket\n    Properties: {AccessControl: !Join ['', [!GetAtt B.AccessControl, !GetAtt B.AccessControl]]}\n  B:\n    Type: ALIYUN::OSS::Bucket\n    Properties: {AccessControl: !GetAtt A.AccessControl}\n";
    // Half the stack of a usual thread: evaluation must stop well before.
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(move || read(ring)).unwrap();
    let inventory = Inventory::join(vec![thread.join().unwrap()]);
    assert!(inventory.all::<Bucket>().iter().all(|bucket| bucket.acl.reason().is_some()));
    let conditions = format!(
        "Conditions:\n{}Resources:\n  B:\n    Type: ALIYUN::OSS::Bucket\n    Condition: C4999\n",
        (0..5000).map(|at: i32| format!("  C{at}: {{'Fn::Not': C{}}}\n", at - 1)).collect::<String>()
    );
    assert_eq!(read(&conditions).problems, vec![]);
}

#[test]
fn nested_stacks_leave_the_listing_open_and_terraform_inside_is_read() {
    let batch =
        read("Resources:\n  S:\n    Type: ALIYUN::ROS::Stack\n    Properties: {TemplateURL: 'oss://b/t.yaml'}\n");
    assert_eq!((batch.problems[0].kind, batch.problems[0].line), (ProblemKind::NotFollowed, 3));
    assert!(!Inventory::join(vec![batch]).gaps(Bucket::SCHEMA).is_empty());
    let inside = bucket(
        "ROSTemplateFormatVersion: '2015-09-01'\nTransform: Aliyun::Terraform-v1.5\nWorkspace:\n  main.tf: |\n    resource \"alicloud_oss_bucket\" \"b\" {\n      acl = \"public-read\"\n    }\n",
    );
    assert_eq!(inside.acl.state, State::Known("public-read".into()));
    assert_eq!(inside.acl.origin.to_string(), "stack.yaml/main.tf:2");
}

#[test]
fn databases_and_load_balancers_are_read_with_their_companions() {
    let batch = read(
        "Resources:\n  D:\n    Type: ALIYUN::RDS::DBInstance\n    Properties: {Engine: MySQL, EngineVersion: '8.0', SecurityIPList: '0.0.0.0/0,10.0.0.0/8', VSwitchId: !Ref S, SSLSetting: Disabled}\n  C:\n    Type: ALIYUN::RDS::Connection\n    Properties: {DBInstanceId: !GetAtt D.DBInstanceId}\n  S:\n    Type: ALIYUN::ECS::VSwitch\n    Properties: {VpcId: vpc-1, ZoneId: cn-hangzhou-h, CidrBlock: 10.0.0.0/24}\n  R:\n    Type: ALIYUN::REDIS::Instance\n    Properties: {InstanceClass: redis.master.small.default, VpcPasswordFree: true}\n  B:\n    Type: ALIYUN::SLB::LoadBalancer\n    Properties: {LoadBalancerName: b}\n  L:\n    Type: ALIYUN::SLB::Listener\n    Properties: {LoadBalancerId: !Ref B, ListenerPort: 443, Protocol: https, AclStatus: on}\n",
    );
    assert_eq!(batch.problems, vec![]);
    let inventory = Inventory::join(vec![batch]);
    let [database] = inventory.all::<xiezhi_model::service::rds::Instance>() else { panic!("one database") };
    assert_eq!(database.public_endpoint.state, State::Known(true));
    assert_eq!(database.white_list_open.state, State::Known(true));
    assert_eq!(database.ssl.state, State::Known(false));
    assert_eq!(database.vswitches.value().unwrap().items[0].target, "stack#S");
    let [redis] = inventory.all::<xiezhi_model::service::redis::Instance>() else { panic!("one cache") };
    assert_eq!(redis.password_required.state, State::Known(false));
    let [listener] = inventory.all::<xiezhi_model::service::slb::Listener>() else { panic!("one listener") };
    assert_eq!(listener.acl_enabled.state, State::Known(true));
    assert_eq!(listener.load_balancer.value().unwrap().target, "stack#B");
    let [balancer] = inventory.all::<xiezhi_model::service::slb::LoadBalancer>() else { panic!("one balancer") };
    assert_eq!(balancer.address_type.state, State::Known("internet".into()));
}

#[test]
fn networks_application_load_balancers_and_scaling_are_read_with_their_companions() {
    let inventory = Inventory::join(vec![read(
        r#"
ROSTemplateFormatVersion: '2015-09-01'
Resources:
  Alb:
    Type: ALIYUN::ALB::LoadBalancer
    Properties: {AddressType: Internet, LoadBalancerEdition: Standard, VpcId: vpc-1, ZoneMappings: []}
  Groups:
    Type: ALIYUN::ALB::SecurityGroupAttachment
    Properties: {LoadBalancerId: {'Fn::GetAtt': [Alb, LoadBalancerId]}, SecurityGroupIds: [sg-1]}
  Ip:
    Type: ALIYUN::VPC::EIP
    Properties: {Name: front}
  Bound:
    Type: ALIYUN::VPC::EIPAssociation
    Properties:
      AllocationId: {'Fn::GetAtt': [Ip, AllocationId]}
      InstanceId: lb-1
      InstanceType: SlbInstance
  Acl:
    Type: ALIYUN::VPC::NetworkAcl
    Properties:
      VpcId: vpc-1
      IngressAclEntries:
        - {Protocol: tcp, Port: 22/22, Policy: accept, SourceCidrIp: 0.0.0.0/0}
  Scaling:
    Type: ALIYUN::ESS::ScalingConfiguration
    Properties:
      ScalingGroupId: asg-1
      SecurityGroupIds: [sg-1, sg-2]
      DiskMappings: [{Size: 40}, {Size: 40, SnapshotId: s-1}, {Size: 40, Encrypted: true}]
"#,
    )]);
    let albs = inventory.all::<xiezhi_model::service::alb::LoadBalancer>();
    assert_eq!(albs[0].address_type.value().unwrap(), "internet");
    assert_eq!(albs[0].security_groups.value().unwrap().items[0].target, "sg-1");
    assert!(albs[0].access_log_project.is_absent(), "no log is configured");

    let eips = inventory.all::<xiezhi_model::service::eip::Eip>();
    assert_eq!(eips[0].bound_type.value().unwrap(), "slb-instance");
    assert_eq!(eips[0].bound_to.value().unwrap(), "lb-1");

    let acls = inventory.all::<xiezhi_model::service::vpc::NetworkAcl>();
    let ingress = acls[0].ingress.value().unwrap();
    assert_eq!(ingress.items[0].cidr.value().unwrap(), "0.0.0.0/0");
    assert!(acls[0].egress.reason().is_some(), "what a new ACL begins with is not said");
    assert!(acls[0].vswitches.reason().is_some(), "the template does not say where it applies");

    let scaling = inventory.all::<xiezhi_model::service::ess::ScalingConfiguration>();
    assert_eq!(scaling[0].security_groups.value().unwrap().items.len(), 2);
    let disks = &scaling[0].data_disks.value().unwrap().items;
    assert_eq!(disks[0].encrypted.value(), Some(&false));
    assert!(disks[1].encrypted.reason().is_some(), "a disk from a snapshot inherits what nobody here knows");
    assert_eq!(disks[2].encrypted.value(), Some(&true));
}

#[test]
fn an_instance_of_tablestore_has_no_policy_and_what_that_of_a_secret_says_a_template_cannot_tell() {
    let batch = read(
        "ROSTemplateFormatVersion: '2015-09-01'\nResources:\n  O:\n    Type: ALIYUN::OTS::Instance\n    Properties: {InstanceName: o}\n  \
         S:\n    Type: ALIYUN::KMS::Secret\n    Properties: {SecretName: s, VersionId: v1, SecretData: x}\n",
    );
    assert_eq!(batch.problems, vec![]);
    let inventory = Inventory::join(vec![batch]);
    let instance = &inventory.all::<xiezhi_model::service::ots::Instance>()[0];
    assert!(instance.policy.is_absent());
    let secret = &inventory.all::<xiezhi_model::service::kms::Secret>()[0];
    assert_eq!(secret.policy.reason(), Some(&Reason::NotInEvidence));
}

#[test]
fn an_instance_group_is_instances_that_are_alike_and_its_launch_template_may_say_more() {
    let batch = read(
        "Resources:\n  Web:\n    Type: ALIYUN::ECS::InstanceGroup\n    Properties:\n      MaxAmount: 2\n      VpcId: vpc-1\n      \
         VSwitchId: vsw-1\n      SecurityGroupId: sg-1\n      AllocatePublicIP: false\n  Launched:\n    Type: \
         ALIYUN::ECS::InstanceGroup\n    Properties:\n      MaxAmount: 1\n      LaunchTemplateId: lt-1\n  Lb:\n    Type: \
         ALIYUN::SLB::LoadBalancer\n  Back:\n    Type: ALIYUN::SLB::BackendServerAttachment\n    Properties:\n      \
         LoadBalancerId: !Ref Lb\n      BackendServerList: !GetAtt Web.InstanceIds\n",
    );
    assert_eq!(batch.problems, vec![]);
    let inventory = Inventory::join(vec![batch]);
    let [launched, web] = inventory.all::<Instance>() else { panic!("two groups") };
    assert_eq!(web.network_type.value().map(|word| word.as_str()), Some("vpc"));
    assert_eq!(web.internet_bandwidth_out.value(), Some(&0));
    for reason in [
        launched.network_type.reason(),
        launched.security_groups.reason(),
        launched.internet_bandwidth_out.reason(),
        launched.metadata_tokens.reason(),
    ] {
        assert_eq!(reason, Some(&Reason::unresolved("LaunchTemplateId")));
    }
    let disks = inventory.all::<Disk>();
    let encrypted = |of: &str| disks.iter().find(|disk| disk.head.address.starts_with(of)).unwrap().encrypted.value();
    assert_eq!((encrypted("Web."), encrypted("Launched.")), (Some(&false), None));
    let [lb] = inventory.all::<LoadBalancer>() else { panic!("one balancer") };
    let backends = lb.backends.value().unwrap();
    assert!(backends.more.is_none());
    let targets: Vec<_> = backends.items.iter().filter_map(|backend| backend.server.value()).collect();
    assert!(!targets.is_empty() && targets.iter().all(|server| server.as_str() == "stack#Web"), "{targets:?}");
}

#[test]
fn the_system_disk_of_a_group_is_encrypted_and_kept_as_the_group_says_and_its_launch_template_may_say_more() {
    let of = |properties: &str| {
        let batch = read(&format!(
            "Resources:\n  G:\n    Type: ALIYUN::ECS::InstanceGroup\n    Properties:\n      MaxAmount: 1\n{properties}"
        ));
        assert_eq!(batch.problems, vec![]);
        let inventory = Inventory::join(vec![batch]);
        let [disk] = inventory.all::<Disk>() else { panic!("one disk") };
        disk.clone()
    };
    let said = of(
        "      SystemDiskEncrypted: true\n      SystemDiskKMSKeyId: key-1\n      SystemDiskAutoSnapshotPolicyId: sp-1\n",
    );
    assert_eq!(said.encrypted.value(), Some(&true));
    assert_eq!(said.kms_key.value().map(|key| key.as_str()), Some("key-1"));
    assert!(said.auto_snapshot_policy.value().is_some());
    let silent = of("      ImageId: i\n");
    assert_eq!(silent.encrypted.value(), Some(&false));
    assert!(silent.kms_key.is_absent() && silent.auto_snapshot_policy.is_absent());
    let launched = of("      LaunchTemplateId: lt-1\n");
    let reason = Reason::unresolved("LaunchTemplateId");
    for found in [
        launched.encrypted.reason(),
        launched.kms_key.reason(),
        launched.auto_snapshot_policy.reason(),
        launched.category.reason(),
    ] {
        assert_eq!(found, Some(&reason));
    }
}

#[test]
fn a_type_that_nothing_reads_is_counted_and_opens_the_listing_of_what_it_makes() {
    let batch = read(
        "Resources:\n  Sg:\n    Type: ALIYUN::ECS::SecurityGroupClone\n  Set:\n    Type: ALIYUN::ECS::DeploymentSet\n  Vpc:\n    \
         Type: ALIYUN::ECS::VPC\n",
    );
    assert_eq!(
        batch.not_read.keys().map(|kind| kind.as_str()).collect::<Vec<_>>(),
        ["ALIYUN::ECS::DeploymentSet", "ALIYUN::ECS::SecurityGroupClone"]
    );
    let inventory = Inventory::join(vec![batch]);
    let gap = |kind: &str| inventory.listings().iter().find(|listing| listing.kind == kind).unwrap().gap.clone();
    assert_eq!(gap("ecs.security-group"), Some(Reason::not_understood("`ALIYUN::ECS::SecurityGroupClone`")));
    assert_eq!(gap("vpc.vpc"), None);
}

#[test]
fn the_further_ranges_of_a_network_are_those_that_the_template_gives_it() {
    let ranges = |property: &str| {
        let text = format!(
            "Resources:\n  V:\n    Type: ALIYUN::ECS::VPC\n    Properties:\n      CidrBlock: 10.0.0.0/8\n{property}"
        );
        let inventory = Inventory::join(vec![read(&text)]);
        let [vpc] = inventory.all::<xiezhi_model::service::vpc::Vpc>() else { panic!("one network") };
        vpc.secondary_cidrs.value().unwrap().items.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        ranges("      SecondaryCidrBlocks: [192.168.0.0/16, 172.16.0.0/16]\n"),
        ["192.168.0.0/16", "172.16.0.0/16"]
    );
    assert!(ranges("").is_empty());
}

#[test]
fn a_source_translation_stands_once_for_every_network_segment_that_the_template_lists() {
    use xiezhi_model::service::nat::{Gateway, SnatEntry};
    use xiezhi_model::service::vpc::VSwitch;
    let sources = |properties: &str| {
        let text = format!(
            "Parameters:\n  Given: {{Type: String}}\nResources:\n  N:\n    Type: ALIYUN::VPC::NatGateway\n  A:\n    Type: \
             ALIYUN::ECS::VSwitch\n    Properties: {{CidrBlock: 10.0.1.0/24}}\n  B:\n    Type: \
             ALIYUN::ECS::VSwitch\n    Properties: {{CidrBlock: 10.0.2.0/24}}\n  S:\n    Type: \
             ALIYUN::VPC::SnatEntry\n    Properties:\n      SnatTableId: !GetAtt N.SNatTableId\n      SnatIp: \
             47.0.0.1,47.0.0.2\n{properties}"
        );
        let inventory = Inventory::join(vec![read(&text)]);
        let entries = inventory.all::<SnatEntry>().iter().map(|entry| {
            assert_eq!(entry.addresses.value().unwrap().items, ["47.0.0.1", "47.0.0.2"]);
            let gateway = entry.gateway.value().unwrap();
            assert!(inventory.follow_as::<Gateway>(Some(&entry.head), &gateway.target).is_some());
            match (&entry.source_cidr.state, &entry.source_vswitch.state) {
                (State::Known(cidr), State::Absent) => cidr.to_string(),
                (State::Absent, State::Known(link)) => {
                    let vswitch = inventory.follow_as::<VSwitch>(Some(&entry.head), &link.target).unwrap();
                    vswitch.cidr.value().unwrap().to_string()
                }
                (State::Absent, State::Unknown(reason)) => reason.code().to_owned(),
                other => panic!("{other:?}"),
            }
        });
        let mut entries = entries.collect::<Vec<_>>();
        entries.sort();
        entries
    };
    assert_eq!(sources("      SourceVSwitchIds: [!Ref A]\n"), ["10.0.1.0/24"]);
    assert_eq!(sources("      SourceVSwitchIds: [!Ref A, !Ref B]\n"), ["10.0.1.0/24", "10.0.2.0/24"]);
    assert_eq!(sources("      SourceCIDR: 10.0.0.0/16\n"), ["10.0.0.0/16"]);
    assert_eq!(sources("      SourceVSwitchIds: !Ref Given\n"), ["unresolved"]);
    assert_eq!(sources("      SourceVSwitchIds: [!Ref A, !Ref Given]\n"), ["10.0.1.0/24", "unresolved"]);
}

#[test]
fn the_older_types_of_address_translation_read_like_the_newer_ones() {
    use xiezhi_model::service::nat::{ForwardEntry, Gateway, SnatEntry};
    let text = "Resources:\n  V:\n    Type: ALIYUN::ECS::VSwitch\n    Properties: {CidrBlock: 10.0.1.0/24}\n  N:\n    Type: \
                ALIYUN::ECS::NatGateway\n    Properties: {NatGatewayName: old, VSwitchId: !Ref V}\n  S:\n    Type: \
                ALIYUN::ECS::SNatEntry\n    Properties: {SNatTableId: !GetAtt N.SNatTableId, SNatIp: 47.0.0.1, \
                SourceVSwitchId: !Ref V}\n  F:\n    Type: ALIYUN::ECS::ForwardEntry\n    Properties: {ForwardTableId: \
                !GetAtt N.ForwardTableId, ExternalIp: 47.0.0.2, ExternalPort: 80, IpProtocol: TCP, InternalIp: 10.0.1.5, \
                InternalPort: 8080}\n";
    let inventory = Inventory::join(vec![read(text)]);
    let [gateway] = inventory.all::<Gateway>() else { panic!("one gateway") };
    assert_eq!(gateway.head.name.value().unwrap(), "old");
    assert_eq!(gateway.network_type.value().unwrap(), "internet");
    let [source] = inventory.all::<SnatEntry>() else { panic!("one source translation") };
    let [forward] = inventory.all::<ForwardEntry>() else { panic!("one destination translation") };
    for (head, of) in [(&source.head, &source.gateway), (&forward.head, &forward.gateway)] {
        let named = inventory.follow_as::<Gateway>(Some(head), &of.value().unwrap().target);
        assert_eq!(named.map(|one| &one.head.address), Some(&gateway.head.address));
    }
    assert!(source.source_vswitch.value().is_some());
    assert_eq!(source.addresses.value().unwrap().items, ["47.0.0.1"]);
    assert_eq!(forward.internal_ip.value().unwrap(), "10.0.1.5");
}

#[test]
fn a_destination_translation_belongs_to_the_gateway_whose_table_it_names() {
    use xiezhi_model::service::nat::{ForwardEntry, Gateway};
    let inventory = Inventory::join(vec![read(
        "Resources:\n  N:\n    Type: ALIYUN::VPC::NatGateway\n  F:\n    Type: ALIYUN::VPC::ForwardEntry\n    \
         Properties: {ForwardTableId: !GetAtt N.ForwardTableId, IpProtocol: TCP, ExternalPort: 80}\n",
    )]);
    let [entry] = inventory.all::<ForwardEntry>() else { panic!("one entry") };
    let gateway = entry.gateway.value().unwrap();
    assert!(inventory.follow_as::<Gateway>(Some(&entry.head), &gateway.target).is_some());
}
