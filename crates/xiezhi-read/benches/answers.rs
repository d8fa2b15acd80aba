//! How fast a dump of API answers is read, beside `serde_json` passing over the same bytes.
#![allow(missing_docs, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use serde::de::IgnoredAny;
use xiezhi_read::{Input, Options, read};

fn main() {
    divan::main();
}

/// A dump of that many ECS instances in the shape of the provider's answers, as one bundle.
fn dump(count: usize) -> Vec<u8> {
    let mut text = String::from("{\"format\":\"xiezhi-evidence/1\",\"manifest\":{\"account\":\"1234567890123456\"}}\n");
    for page in 0..count.div_ceil(100) {
        let members: Vec<String> = (page * 100..count.min((page + 1) * 100)).map(instance).collect();
        let page = page + 1;
        text.push_str(&format!(
            "{{\"product\":\"ecs\",\"action\":\"DescribeInstances\",\"region\":\"cn-hangzhou\",\"params\":{{\"PageNumber\":\"{page}\"}},\
             \"answer\":{{\"TotalCount\":{count},\"PageNumber\":{page},\"PageSize\":100,\"RequestId\":\"r-{page}\",\
             \"Instances\":{{\"Instance\":[{}]}}}}}}\n",
            members.join(",")
        ));
    }
    text.into_bytes()
}

fn instance(at: usize) -> String {
    format!(
        r#"{{"InstanceId":"i-bp{at:018}","InstanceName":"web-{at}","HostName":"web-{at}","RegionId":"cn-hangzhou","ZoneId":"cn-hangzhou-h",
"Status":"Running","InstanceType":"ecs.g7.large","ImageId":"aliyun_3_x64_20G_alibase_20250117.vhd","OSType":"linux","OSName":"Alibaba Cloud Linux 3.2104 LTS 64 位",
"CreationTime":"2026-01-02T03:04Z","ExpiredTime":"2099-12-31T15:59Z","InstanceNetworkType":"vpc","KeyPairName":"ops","DeletionProtection":false,
"VpcAttributes":{{"VpcId":"vpc-bp1","VSwitchId":"vsw-bp1","NatIpAddress":"","PrivateIpAddress":{{"IpAddress":["10.0.0.{}"]}}}},
"PublicIpAddress":{{"IpAddress":[]}},"EipAddress":{{"AllocationId":"","IpAddress":"","InternetChargeType":""}},
"SecurityGroupIds":{{"SecurityGroupId":["sg-bp{:018}"]}},"MetadataOptions":{{"HttpEndpoint":"enabled","HttpTokens":"optional","HttpPutResponseHopLimit":1}},
"NetworkInterfaces":{{"NetworkInterface":[{{"NetworkInterfaceId":"eni-bp{at:018}","PrimaryIpAddress":"10.0.0.9","MacAddress":"00:16:3e:00:00:01","Type":"Primary","PrivateIpSets":{{"PrivateIpSet":[{{"PrivateIpAddress":"10.0.0.9","Primary":true}}]}}}}]}},
"Tags":{{"Tag":[{{"TagKey":"env","TagValue":"prod"}},{{"TagKey":"team","TagValue":"web"}}]}},"Cpu":2,"Memory":8192,"Recyclable":false,"Description":"","SerialNumber":"7c5f0b1e-{at}",
"ResourceGroupId":"rg-acfmx","DedicatedHostAttribute":{{"DedicatedHostId":"","DedicatedHostName":""}},"CreditSpecification":"","StoppedMode":"Not-applicable"}}"#,
        at % 250,
        at / 50
    )
    .replace('\n', "")
}

const SIZES: [usize; 2] = [10_000, 100_000];

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn resources_and_listings(bencher: Bencher<'_, '_>, count: usize) {
    let bytes = dump(count);
    let inputs = [Input::Bytes { name: "-".into(), bytes, live: false }];
    let size = match &inputs[0] {
        Input::Bytes { bytes, .. } => bytes.len(),
        Input::Path(_) => 0,
    };
    bencher.counter(BytesCount::new(size)).bench_local(|| read(black_box(&inputs), &Options::default()).batches.len());
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn serde_json_passing_over(bencher: Bencher<'_, '_>, count: usize) {
    let bytes = dump(count);
    bencher.counter(BytesCount::new(bytes.len())).bench_local(|| {
        let documents = serde_json::Deserializer::from_slice(black_box(&bytes)).into_iter::<IgnoredAny>();
        documents.filter(Result::is_ok).count()
    });
}
