//! What templates say of a resource in a block beside it.

use xiezhi_model::service::ecs::{Disk, Image, Instance, PrefixList, SecurityGroup};
use xiezhi_model::service::mongodb;
use xiezhi_model::service::oss::{Bucket, Object};
use xiezhi_model::service::rds;
use xiezhi_model::{Inventory, List, Reason, Resource, Text};

use super::read_template;

fn read(resources: &str) -> Inventory {
    let batch = read_template("stack", "stack.yaml", &format!("Resources:\n{resources}"));
    assert_eq!(batch.problems, vec![], "{resources}");
    assert!(batch.not_read.is_empty(), "{:?}", batch.not_read);
    Inventory::join(vec![batch])
}

fn one<R: Resource + Clone>(inventory: &Inventory) -> R {
    let [one] = inventory.all::<R>() else { panic!("one {}", R::SCHEMA.kind) };
    one.clone()
}

fn words(list: &List<Text>) -> Vec<&str> {
    list.items.iter().map(Text::as_str).collect()
}

#[test]
fn several_rules_may_be_written_for_a_group_at_once() {
    let inventory = read(
        "  G:
    Type: ALIYUN::ECS::SecurityGroup
    Properties: {VpcId: vpc-1}
  In:
    Type: ALIYUN::ECS::SecurityGroupIngresses
    Properties:
      SecurityGroupId: {Ref: G}
      Permissions:
        - {IpProtocol: tcp, PortRange: 22/22, SourceCidrIp: 0.0.0.0/0}
        - {IpProtocol: all, PortRange: -1/-1, Ipv6SourceCidrIp: '::/0', Policy: drop}
  Out:
    Type: ALIYUN::ECS::SecurityGroupEgresses
    Properties:
      SecurityGroupId: {'Fn::GetAtt': [G, SecurityGroupId]}
      Permissions: [{IpProtocol: all, PortRange: -1/-1, DestCidrIp: 10.0.0.0/8}]
",
    );
    let group: SecurityGroup = one(&inventory);
    let rules = group.rules.value().unwrap();
    assert_eq!(rules.more, None);
    let shown: Vec<_> = rules
        .items
        .iter()
        .map(|rule| {
            let far = rule.cidr.value().or(rule.ipv6_cidr.value()).unwrap();
            (rule.direction.value().unwrap().as_str(), far.as_str(), rule.policy.value().unwrap().as_str())
        })
        .collect();
    assert_eq!(
        shown,
        [("ingress", "0.0.0.0/0", "accept"), ("ingress", "::/0", "drop"), ("egress", "10.0.0.0/8", "accept")]
    );
}

#[test]
fn rules_that_are_not_resolved_leave_those_of_the_group_open() {
    let inventory = read(
        "  G:
    Type: ALIYUN::ECS::SecurityGroup
    Properties: {VpcId: vpc-1}
  In:
    Type: ALIYUN::ECS::SecurityGroupIngresses
    Properties:
      SecurityGroupId: {Ref: G}
      Permissions: {Ref: 'ALIYUN::StackName'}
",
    );
    let group: SecurityGroup = one(&inventory);
    assert!(group.rules.value().is_none_or(|rules| rules.more.is_some()), "{:?}", group.rules);
}

#[test]
fn instances_get_groups_roles_and_keys_from_blocks_beside_them() {
    let inventory = read(
        "  I:
    Type: ALIYUN::ECS::Instance
    Properties: {InstanceType: ecs.c6.large, SecurityGroupId: sg-1}
  Join:
    Type: ALIYUN::ECS::JoinSecurityGroup
    Properties: {SecurityGroupId: sg-2, InstanceIdList: [{Ref: I}]}
  Role:
    Type: ALIYUN::ECS::RamRoleAttachment
    Properties: {RamRoleName: reader, InstanceIds: [{'Fn::GetAtt': [I, InstanceId]}]}
  Pair:
    Type: ALIYUN::ECS::SSHKeyPair
    Properties: {KeyPairName: ops}
  Key:
    Type: ALIYUN::ECS::SSHKeyPairAttachment
    Properties: {KeyPairName: ops, InstanceIds: [{Ref: I}]}
",
    );
    let instance: Instance = one(&inventory);
    let groups: Vec<_> =
        instance.security_groups.value().unwrap().items.iter().map(|link| link.target.as_str()).collect();
    assert_eq!(groups, ["sg-1", "sg-2"]);
    assert_eq!(instance.ram_role.value().map(Text::as_str), Some("reader"));
    assert_eq!(instance.key_pair.value().map(Text::as_str), Some("ops"));
}

#[test]
fn a_role_for_an_instance_that_nobody_names_may_be_that_of_each() {
    let inventory = read(
        "  I:
    Type: ALIYUN::ECS::Instance
    Properties: {InstanceType: ecs.c6.large}
  Role:
    Type: ALIYUN::ECS::RamRoleAttachment
    Properties: {RamRoleName: reader, InstanceIds: [{Ref: 'ALIYUN::StackId'}]}
",
    );
    assert_eq!(one::<Instance>(&inventory).ram_role.value(), None);
}

#[test]
fn a_prefix_list_and_a_shared_image_are_what_the_template_says() {
    let inventory = read(
        "  P:
    Type: ALIYUN::ECS::PrefixList
    Properties: {PrefixListName: everyone, AddressFamily: IPv4, MaxEntries: 1, Entries: [{Cidr: 0.0.0.0/0}]}
  S:
    Type: ALIYUN::ECS::ImageSharePermission
    Properties: {ImageId: m-1, Accounts: ['1000000000000002'], IsPublic: true}
",
    );
    let list: PrefixList = one(&inventory);
    assert_eq!(words(list.entries.value().unwrap()), ["0.0.0.0/0"]);
    let image: Image = one(&inventory);
    assert_eq!(image.public.value(), Some(&true));
    assert_eq!(words(image.shared_with.value().unwrap()), ["1000000000000002"]);
}

#[test]
fn a_snapshot_policy_that_names_disks_is_theirs() {
    let inventory = read(
        "  D:
    Type: ALIYUN::ECS::Disk
    Properties: {ZoneId: cn-hangzhou-i, Size: 20}
  P:
    Type: ALIYUN::ECS::AutoSnapshotPolicy
    Properties: {RepeatWeekdays: [1], RetentionDays: 30, TimePoints: [1], DiskIds: [{Ref: D}]}
",
    );
    assert!(one::<Disk>(&inventory).auto_snapshot_policy.value().is_some());
}

#[test]
fn white_list_entries_and_parameters_of_a_database_stand_beside_it() {
    let database = |beside: &str| -> rds::Instance {
        one(&read(&format!(
            "  D:
    Type: ALIYUN::RDS::DBInstance
    Properties: {{Engine: PostgreSQL, EngineVersion: '14.0', SecurityIPList: 10.0.0.0/8}}
{beside}"
        )))
    };
    let open = database(
        "  W:
    Type: ALIYUN::RDS::DBInstanceSecurityIps
    Properties: {DBInstanceId: {Ref: D}, DBInstanceIPArrayName: office, DBInstanceIPArrayAttribute: '0.0.0.0/0,192.0.2.1'}
",
    );
    assert_eq!(words(open.white_list.value().unwrap()), ["10.0.0.0/8", "0.0.0.0/0", "192.0.2.1"]);
    let logged = database(
        "  P:
    Type: ALIYUN::RDS::DBInstanceParameterGroup
    Properties: {DBInstanceId: {Ref: D}, Parameters: [{Key: log_connections, Value: 'ON'}]}
",
    );
    let parameters = logged.parameters.value().unwrap();
    assert_eq!(parameters.more, None);
    assert_eq!(parameters.items[0].name.value().unwrap().as_str(), "log_connections");
    assert_eq!(parameters.items[0].value.value().unwrap().as_str(), "on");
}

#[test]
fn the_parameters_of_a_template_of_parameters_are_not_guessed() {
    let database: rds::Instance = one(&read(
        "  D:
    Type: ALIYUN::RDS::DBInstance
    Properties: {Engine: PostgreSQL, DBParamGroupId: rpg-1}
",
    ));
    assert_eq!(database.parameters.reason(), Some(&Reason::not_understood("`DBParamGroupId`")));
}

#[test]
fn a_read_only_copy_of_a_database_is_an_instance_whose_white_list_nobody_states() {
    let copy: rds::Instance = one(&read(
        "  R:
    Type: ALIYUN::RDS::ReadOnlyDBInstance
    Properties: {DBInstanceId: rm-1, EngineVersion: '8.0', ZoneId: cn-hangzhou-i, VSwitchId: vsw-1}
",
    ));
    assert_eq!(copy.role.value().map(Text::as_str), Some("readonly"));
    assert_eq!(copy.network.value().map(Text::as_str), Some("vpc"));
    assert_eq!(copy.white_list.value(), None);
    assert_eq!(copy.deletion_protection.value(), Some(&false));
}

#[test]
fn a_node_of_a_sharded_cluster_with_a_public_address_makes_the_cluster_public() {
    let cluster: mongodb::Instance = one(&read(
        "  S:
    Type: ALIYUN::MONGODB::ShardingInstance
    Properties: {EngineVersion: '4.2', VSwitchId: vsw-1}
  A:
    Type: ALIYUN::MONGODB::ShardingNetworkPublicAddress
    Properties: {DBInstanceId: {Ref: S}, NodeId: s-1}
",
    ));
    assert_eq!(cluster.public_endpoint.value(), Some(&true));
}

#[test]
fn a_bucket_has_the_website_and_the_objects_that_stand_beside_it() {
    let inventory = read(
        "  B:
    Type: ALIYUN::OSS::Bucket
    Properties: {BucketName: b}
  W:
    Type: ALIYUN::OSS::Website
    Properties: {BucketName: {Ref: B}, WebsiteConfiguration: {IndexDocument: {Suffix: index.html}}}
  D:
    Type: ALIYUN::OSS::Domain
    Properties: {BucketName: b, DomainName: www.example.com}
  O:
    Type: ALIYUN::OSS::ObjectAcl
    Properties: {Bucket: {Ref: B}, ObjectKey: a.txt, ObjectAcl: public-read}
",
    );
    let bucket: Bucket = one(&inventory);
    assert_eq!(bucket.website_index.value().map(Text::as_str), Some("index.html"));
    let object: Object = one(&inventory);
    assert_eq!(object.acl.value().map(Text::as_str), Some("public-read"));
}

#[test]
fn a_policy_is_attached_by_itself_and_by_blocks_beside_it() {
    let count = |beside: &str| {
        let inventory = read(&format!(
            "  P:
    Type: ALIYUN::RAM::ManagedPolicy
    Properties: {{PolicyName: p, PolicyDocumentUnchecked: {{Version: '1', Statement: []}}{beside}"
        ));
        let policy: xiezhi_model::service::ram::Policy = one(&inventory);
        assert!(policy.document.value().is_some());
        policy.attachments.value().copied()
    };
    assert_eq!(count("}\n"), Some(0));
    assert_eq!(
        count(", Users: [{Ref: U}, bob]}\n  U:\n    Type: ALIYUN::RAM::User\n    Properties: {UserName: u}\n"),
        Some(1)
    );
    let attach = "}\n  A:\n    Type: ALIYUN::RAM::AttachPolicyToRole\n    Properties: {PolicyName: {Ref: P}, PolicyType: Custom, RoleName: r}\n";
    assert_eq!(count(attach), Some(1));
    assert_eq!(count(", Users: {Ref: 'ALIYUN::StackName'}}\n"), None);
}

#[test]
fn origins_may_be_written_as_json_in_a_text() {
    let domain: xiezhi_model::service::cdn::Domain = one(&read(
        "  C:
    Type: ALIYUN::CDN::Domain
    Properties: {DomainName: a.example.com, CdnType: web, Sources: '[{\"content\":\"192.0.2.1\",\"type\":\"ipaddr\"}]'}
",
    ));
    let sources = domain.sources.value().unwrap();
    assert_eq!(sources.items[0].content.value().map(Text::as_str), Some("192.0.2.1"));
}

#[test]
fn kafka_stands_in_two_zones_when_it_says_so_or_may_choose_from_two_groups() {
    let zones = |option: &str| {
        let instance: xiezhi_model::service::kafka::Instance = one(&read(&format!(
            "  K:\n    Type: ALIYUN::KAFKA::Instance\n    Properties: {{DeployType: 5, DeployOption: {{{option}}}}}\n"
        )));
        instance.multi_zone.value().copied()
    };
    assert_eq!(zones("CrossZone: true"), Some(true));
    assert_eq!(zones("SelectedZones: [[a], [b]]"), Some(true));
    assert_eq!(zones("SelectedZones: [[a], []]"), Some(false));
    assert_eq!(zones("VSwitchId: vsw-1"), None);
}

#[test]
fn the_copies_of_a_model_service_are_counted_in_its_configuration() {
    let inventory = read(
        "  S:
    Type: ALIYUN::PAI::Service
    Properties:
      ServiceConfig: {name: score, metadata: {instance: 1, cpu: 1}}
",
    );
    assert_eq!(one::<xiezhi_model::service::pai::Service>(&inventory).replicas.value(), Some(&1));
}

#[test]
fn whether_automatic_snapshots_go_with_a_disk_is_what_the_disk_or_its_attachment_says() {
    let deletes = |disk: &str, attachment: &str| {
        let disk: xiezhi_model::service::ecs::Disk = one(&read(&format!(
            "  D:\n    Type: ALIYUN::ECS::Disk\n    Properties: {{ZoneId: a, Size: 20{disk}}}\n  A:\n    Type: ALIYUN::ECS::DiskAttachment\n    Properties: {{DiskId: {{Ref: D}}, InstanceId: i-1{attachment}}}\n"
        )));
        disk.delete_auto_snapshots.value().copied()
    };
    assert_eq!(deletes("", ""), None);
    assert_eq!(deletes(", DeleteAutoSnapshot: false", ""), Some(false));
    assert_eq!(deletes("", ", DeleteAutoSnapshot: true"), Some(true));
}
