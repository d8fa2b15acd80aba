//! Estates of a given number of resources, as evidence: of a hundred, 30 ECS instances with 30 disks, 12 security
//! groups of five rules, 10 OSS buckets, 6 RDS instances, 8 RAM users and 4 elastic addresses.

use std::io::Write;

use serde_json::{Value, json};

const REGION: &str = "cn-hangzhou";
const ACCOUNT: &str = "1000000000000001";
const PAGE: usize = 100;

/// How many of each kind an estate of `size` resources has.
fn share(size: usize, percent: usize) -> usize {
    size * percent / 100
}

/// A bundle of API answers (`xiezhi-evidence/1`).
pub fn dump(size: usize, out: &mut dyn Write) {
    let manifest = json!({"format": "xiezhi-evidence/1", "manifest": {
        "account": ACCOUNT, "regions": {"asked": [REGION], "complete": true}, "tool": "bench",
        "started": "2026-11-25T08:00:00Z", "finished": "2026-11-25T08:10:00Z"}});
    writeln!(out, "{manifest}").unwrap();
    let groups = share(size, 12).max(1);
    let mut call = |product: &str, action: &str, params: Value, answer: Value| {
        let regional = product == "ecs" || product == "rds" || product == "vpc";
        let mut record = json!({"product": product, "action": action, "time": "2026-11-25T08:00:01Z",
            "request_id": "4F2C9D1E-0000-4000-8000-000000000001", "answer": answer});
        if regional {
            record["region"] = json!(REGION);
        }
        if params.as_object().is_some_and(|params| !params.is_empty()) {
            record["params"] = params;
        }
        writeln!(out, "{record}").unwrap();
    };
    paged(
        share(size, 30),
        |n| instance(n, groups),
        |page, total, rows| {
            let answer =
                json!({"TotalCount": total, "PageNumber": page, "PageSize": PAGE, "Instances": {"Instance": rows}});
            call(
                "ecs",
                "DescribeInstances",
                json!({"PageNumber": page.to_string(), "PageSize": PAGE.to_string()}),
                answer,
            );
        },
    );
    paged(share(size, 30), disk, |page, total, rows| {
        let answer = json!({"TotalCount": total, "PageNumber": page, "PageSize": PAGE, "Disks": {"Disk": rows}});
        call("ecs", "DescribeDisks", json!({"PageNumber": page.to_string(), "PageSize": PAGE.to_string()}), answer);
    });
    let group = |n: usize| {
        json!({"SecurityGroupId": format!("sg-{n:06}"), "SecurityGroupName": format!("group-{n}"),
        "VpcId": "vpc-000001", "SecurityGroupType": "normal", "ServiceManaged": false, "Description": ""})
    };
    paged(groups, group, |page, total, rows| {
        let answer = json!({"TotalCount": total, "PageNumber": page, "PageSize": PAGE, "RegionId": REGION,
            "SecurityGroups": {"SecurityGroup": rows}});
        call(
            "ecs",
            "DescribeSecurityGroups",
            json!({"PageNumber": page.to_string(), "PageSize": PAGE.to_string()}),
            answer,
        );
    });
    for n in 0..groups {
        let rules: Vec<Value> = (0..5).map(|rule| permission(n, rule)).collect();
        let answer = json!({"RegionId": REGION, "SecurityGroupId": format!("sg-{n:06}"), "VpcId": "vpc-000001",
            "InnerAccessPolicy": "Accept", "NextToken": "", "Permissions": {"Permission": rules}});
        call("ecs", "DescribeSecurityGroupAttribute", json!({"SecurityGroupId": format!("sg-{n:06}")}), answer);
    }
    let buckets: Vec<Value> = (0..share(size, 10))
        .map(|n| {
            json!({"Name": format!("bucket-{n:06}"), "Location": "oss-cn-hangzhou", "Region": REGION,
            "CreationDate": "2024-03-01T00:00:00.000Z", "StorageClass": "Standard"})
        })
        .collect();
    call("oss", "ListBuckets", json!({}), json!({"IsTruncated": "false", "Buckets": {"Bucket": buckets}}));
    for n in 0..share(size, 10) {
        let named = json!({"BucketName": format!("bucket-{n:06}")});
        let acl = if n % 50 == 0 { "public-read" } else { "private" };
        call("oss", "GetBucketAcl", named.clone(), json!({"AccessControlList": {"Grant": acl}}));
        let rule =
            json!({"ServerSideEncryptionRule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}});
        call("oss", "GetBucketEncryption", named, rule);
    }
    paged(share(size, 6), database, |page, total, rows| {
        let answer = json!({"TotalRecordCount": total, "PageNumber": page, "PageRecordCount": PAGE,
            "Items": {"DBInstance": rows}});
        call(
            "rds",
            "DescribeDBInstances",
            json!({"PageNumber": page.to_string(), "PageSize": PAGE.to_string()}),
            answer,
        );
    });
    for n in 0..share(size, 6) {
        let named = json!({"DBInstanceId": format!("rm-{n:06}")});
        let list = json!({"Items": {"DBInstanceIPArray": [{"DBInstanceIPArrayName": "default",
            "SecurityIPList": if n % 40 == 0 { "0.0.0.0/0" } else { "10.0.0.0/8,192.168.1.7" }, "SecurityIPType": "IPv4"}]}});
        call("rds", "DescribeDBInstanceIPArrayList", named, list);
    }
    let users: Vec<Value> = (0..share(size, 8))
        .map(|n| {
            json!({"UserName": format!("user-{n:06}"), "UserId": format!("{}", 200_000_000_000_000_000_u64 + n as u64),
            "DisplayName": format!("User {n}"), "CreateDate": "2024-01-09T02:05:00Z"})
        })
        .collect();
    call("ram", "ListUsers", json!({}), json!({"IsTruncated": false, "Users": {"User": users}}));
    for n in 0..share(size, 8) {
        let named = json!({"UserName": format!("user-{n:06}")});
        let keys = json!({"AccessKeys": {"AccessKey": [{"AccessKeyId": "LTAI5t**************01", "Status": "Active",
            "CreateDate": "2025-01-09T02:05:00Z"}]}});
        call("ram", "ListAccessKeys", named.clone(), keys);
        call(
            "ram",
            "ListPoliciesForUser",
            named,
            json!({"Policies": {"Policy": [{"PolicyName": "ReadOnlyAccess",
            "PolicyType": "System", "DefaultVersion": "v1"}]}}),
        );
    }
    paged(share(size, 4), address, |page, total, rows| {
        let answer =
            json!({"TotalCount": total, "PageNumber": page, "PageSize": PAGE, "EipAddresses": {"EipAddress": rows}});
        call(
            "vpc",
            "DescribeEipAddresses",
            json!({"PageNumber": page.to_string(), "PageSize": PAGE.to_string()}),
            answer,
        );
    });
}

fn paged(total: usize, row: impl Fn(usize) -> Value, mut page: impl FnMut(usize, usize, Vec<Value>)) {
    for first in (0..total).step_by(PAGE) {
        page(first / PAGE + 1, total, (first..total.min(first + PAGE)).map(&row).collect());
    }
}

fn instance(n: usize, groups: usize) -> Value {
    let address = format!("10.{}.{}.{}", n / 65_536, n / 256 % 256, n % 256);
    json!({"InstanceId": format!("i-{n:06}"), "InstanceName": format!("server-{n}"), "RegionId": REGION,
        "ZoneId": "cn-hangzhou-h", "Status": "Running", "InstanceType": "ecs.g7.large",
        "ImageId": "aliyun_3_x64_20G_alibase_20250117.vhd", "OSType": "linux", "InstanceNetworkType": "vpc",
        "VpcAttributes": {"VpcId": "vpc-000001", "VSwitchId": "vsw-000001",
            "PrivateIpAddress": {"IpAddress": [address.clone()]}, "NatIpAddress": ""},
        "SecurityGroupIds": {"SecurityGroupId": [format!("sg-{:06}", n % groups)]},
        "PublicIpAddress": {"IpAddress": []},
        "EipAddress": {"AllocationId": "", "IpAddress": "", "InternetChargeType": "", "Bandwidth": 0},
        "InternetMaxBandwidthOut": 0, "DeletionProtection": true,
        "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": "optional", "HttpPutResponseHopLimit": 0},
        "CreationTime": "2024-03-01T00:00Z",
        "NetworkInterfaces": {"NetworkInterface": [{"NetworkInterfaceId": format!("eni-{n:06}"),
            "MacAddress": "00:16:3e:00:00:05", "PrimaryIpAddress": address, "Type": "Primary"}]},
        "Tags": {"Tag": [{"TagKey": "env", "TagValue": "prod"}]}})
}

fn disk(n: usize) -> Value {
    json!({"DiskId": format!("d-{n:06}"), "DiskName": format!("disk-{n}"), "RegionId": REGION, "ZoneId": "cn-hangzhou-h",
        "InstanceId": format!("i-{n:06}"), "Type": "system", "Category": "cloud_essd", "Size": 40, "Status": "In_use",
        "Encrypted": n.is_multiple_of(2), "KMSKeyId": "", "EnableAutoSnapshot": true, "AutoSnapshotPolicyId": "sp-1",
        "DeleteWithInstance": true, "DeleteAutoSnapshot": false, "Portable": false, "Tags": {"Tag": []}})
}

fn permission(group: usize, rule: usize) -> Value {
    let ports = ["443/443", "80/80", "22/22", "3306/3306", "8000/8999"];
    let source = if group.is_multiple_of(20) && rule == 2 { "0.0.0.0/0" } else { "10.0.0.0/8" };
    json!({"Direction": "ingress", "Policy": "Accept", "Priority": "1", "IpProtocol": "TCP", "PortRange": ports[rule % 5],
        "SourcePortRange": "", "SourceCidrIp": source, "Ipv6SourceCidrIp": "", "SourceGroupId": "",
        "SourcePrefixListId": "", "DestCidrIp": "", "DestGroupId": "", "NicType": "intranet", "Description": "",
        "SecurityGroupRuleId": format!("sgr-{group}-{rule}"), "CreateTime": "2024-03-01T00:00:00Z"})
}

fn database(n: usize) -> Value {
    json!({"DBInstanceId": format!("rm-{n:06}"), "DBInstanceDescription": format!("db-{n}"), "RegionId": REGION,
        "ZoneId": "cn-hangzhou-h", "Engine": "MySQL", "EngineVersion": "8.0", "DBInstanceStatus": "Running",
        "DBInstanceNetType": "Intranet", "ConnectionMode": "Standard", "VpcId": "vpc-000001", "VSwitchId": "vsw-000001",
        "InstanceNetworkType": "VPC", "DBInstanceType": "Primary", "DeletionProtection": true})
}

fn address(n: usize) -> Value {
    json!({"AllocationId": format!("eip-{n:06}"), "IpAddress": format!("198.51.{}.{}", n / 256 % 256, n % 256),
        "RegionId": REGION, "Status": "Available", "InstanceId": "", "InstanceType": "", "Bandwidth": "5"})
}

/// `terraform show -json` of a plan that creates the estate.
pub fn plan(size: usize, out: &mut dyn Write) {
    let mut resources: Vec<(&str, String, Value)> = Vec::new();
    let groups = share(size, 12).max(1);
    for n in 0..share(size, 30) {
        resources.push((
            "alicloud_instance",
            format!("server_{n}"),
            json!({"instance_name": format!("server-{n}"),
            "image_id": "aliyun_3_x64_20G_alibase_20250117.vhd", "instance_type": "ecs.g7.large",
            "security_groups": [format!("sg-{:06}", n % groups)], "vswitch_id": "vsw-000001",
            "system_disk_category": "cloud_essd", "http_tokens": "optional", "internet_max_bandwidth_out": 0,
            "deletion_protection": true, "tags": {"env": "prod"}}),
        ));
        resources.push((
            "alicloud_ecs_disk",
            format!("disk_{n}"),
            json!({"disk_name": format!("disk-{n}"),
            "zone_id": "cn-hangzhou-h", "category": "cloud_essd", "size": 40, "encrypted": n % 2 == 0}),
        ));
    }
    for n in 0..groups {
        resources.push((
            "alicloud_security_group",
            format!("group_{n}"),
            json!({"security_group_name": format!("group-{n}"), "vpc_id": "vpc-000001"}),
        ));
    }
    for n in 0..share(size, 10) {
        resources.push((
            "alicloud_oss_bucket",
            format!("bucket_{n}"),
            json!({"bucket": format!("bucket-{n:06}"), "storage_class": "Standard", "versioning": []}),
        ));
    }
    for n in 0..share(size, 6) {
        resources.push((
            "alicloud_db_instance",
            format!("db_{n}"),
            json!({"engine": "MySQL", "engine_version": "8.0",
            "instance_type": "mysql.n4.medium.2c", "instance_storage": 100, "security_ips": ["10.0.0.0/8"],
            "vswitch_id": "vsw-000001", "deletion_protection": true}),
        ));
    }
    for n in 0..share(size, 8) {
        resources.push((
            "alicloud_ram_user",
            format!("user_{n}"),
            json!({"name": format!("user-{n:06}"), "display_name": format!("User {n}")}),
        ));
    }
    for n in 0..share(size, 4) {
        resources.push((
            "alicloud_eip_address",
            format!("eip_{n}"),
            json!({"address_name": format!("eip-{n}"), "bandwidth": "5"}),
        ));
    }
    let head = |kind: &str, name: &str| {
        json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
            "provider_name": "registry.terraform.io/aliyun/alicloud"})
    };
    let list = |out: &mut dyn Write, row: &dyn Fn(&(&str, String, Value)) -> Value| {
        for (at, resource) in resources.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(out, "{comma}{}", row(resource)).unwrap();
        }
    };
    write!(
        out,
        r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{{"root_module":{{"resources":["#
    )
    .unwrap();
    list(out, &|(kind, name, values)| {
        let mut row = head(kind, name);
        row["schema_version"] = json!(0);
        row["values"] = values.clone();
        row
    });
    write!(out, r#"]}}}},"resource_changes":["#).unwrap();
    list(out, &|(kind, name, values)| {
        let mut row = head(kind, name);
        row["change"] = json!({"actions": ["create"], "before": null, "after": values, "after_unknown": {"id": true},
            "before_sensitive": false, "after_sensitive": {}});
        row
    });
    write!(out, r#"],"configuration":{{"provider_config":{{"alicloud":{{"name":"alicloud","expressions":{{"region":{{"constant_value":"{REGION}"}}}}}}}},"root_module":{{"resources":["#).unwrap();
    list(out, &|(kind, name, values)| {
        let mut row = head(kind, name);
        let expressions =
            values.as_object().unwrap().iter().map(|(name, value)| (name.clone(), json!({"constant_value": value})));
        row["expressions"] = Value::Object(expressions.collect());
        row["provider_config_key"] = json!("alicloud");
        row["schema_version"] = json!(0);
        row
    });
    writeln!(out, "]}}}}}}").unwrap();
}
