//! Guards beside WAF's own clusters: WAF inside SAE, clusters of the customer's own, ESA's WAF; and buckets under domains.

use super::*;

fn unguarded(estate: &Estate) -> String {
    listed(&one::<slb::LoadBalancer>(&estate.read(), "lb-1").web_unguarded)
}

/// A listener that anyone reaches, and no domain of WAF's clusters.
fn open(change: impl FnOnce(&mut Estate)) -> Estate {
    with(|e| {
        e.listeners(&[(80, "off")]);
        e.put("waf-openapi-DescribeDomains", r#"{"TotalCount":0,"Domains":[]}"#.into());
        change(e);
    })
}

/// WAF inside an application of SAE, which a load balancer leads to.
fn serverless(bound: Option<(&str, u16)>) -> Estate {
    open(|e| {
        e.objects(r#"{"Resource":"a-1-sae","Product":"sae","ResourceGroup":"","Detail":{"resourceInstanceId":"a-1"}}"#);
        e.put("sae-ListApplications", r#"{"Code":"200","Data":{"TotalSize":1,"CurrentPage":1,"PageSize":20,"Applications":[{"AppId":"a-1","AppName":"shop","RegionId":"cn-hangzhou"}]}}"#.into());
        if let Some((balancer, port)) = bound {
            e.put(
                "sae-DescribeApplicationSlbs-AppId=a-1",
                format!(
                    r#"{{"Code":"200","Data":{{"InternetSlbId":"{balancer}","Internet":[{{"Port":{port},"TargetPort":8080,"Protocol":"HTTP"}}]}}}}"#
                ),
            );
        }
    })
}

#[test]
fn waf_inside_sae_stands_before_the_listeners_that_lead_to_the_application() {
    assert_eq!(unguarded(&serverless(Some(("lb-1", 80)))), "");
    // Another listener of the same load balancer leads elsewhere.
    assert_eq!(unguarded(&serverless(Some(("lb-1", 443)))), "tcp/80");
    // The internet does not reach the application by a load balancer at all.
    assert_eq!(unguarded(&serverless(Some(("", 80)))), "tcp/80");
    assert_eq!(unguarded(&serverless(None)), " + not-collected");
}

/// A domain that the customer's own clusters serve.
fn hybrid(listener: &str) -> Estate {
    with(|e| {
        e.listeners(&[(80, listener)]);
        e.put("waf-openapi-DescribeDomains", r#"{"TotalCount":0,"Domains":[]}"#.into());
        e.put("waf-openapi-DescribeHybridCloudResources", r#"{"TotalCount":1,"Domains":[{"Id":1,"Domain":"www.shop.example","Status":1,"Listen":{"HttpPorts":[80],"HttpsPorts":[]},"Redirect":{"Backends":["47.1.2.3"]}}]}"#.into());
        e.objects(r#"{"Resource":"www.shop.example-hybrid","Product":"hybrid_cloud","ResourceGroup":"","Detail":{"domain":"www.shop.example"}}"#);
    })
}

#[test]
fn a_cluster_of_the_customer_s_own_guards_its_domain_and_an_open_origin_is_a_way_around() {
    assert_eq!(unguarded(&hybrid("off")), "");
    assert!(hybrid("off").ways().starts_with("case 2: tcp "), "{}", hybrid("off").ways());
    // From where the cluster talks to origins nobody reads: whether the list admits it alone stays open.
    assert_eq!(hybrid("on").ways(), " + not-in-this-evidence");
    let domain = one::<waf::Domain>(&hybrid("on").read(), "www.shop.example").clone();
    // Its addresses are nobody else's (case 14).
    assert!(!listed(&domain.shared_with).contains("case 14"), "{}", listed(&domain.shared_with));
}

/// A name that ESA proxies, with rules of its own WAF.
fn edge(rules: Option<&str>) -> Estate {
    open(|e| {
        e.put("esa-ListSites", r#"{"TotalCount":1,"PageNumber":1,"PageSize":500,"Sites":[{"SiteId":1,"SiteName":"shop.example","Status":"active","AccessType":"NS"}]}"#.into());
        e.put("esa-ListRecords-SiteId=1", r#"{"TotalCount":1,"PageNumber":1,"PageSize":500,"Records":[{"RecordId":11,"RecordName":"www.shop.example","RecordType":"A/AAAA","Proxied":true,"SiteId":1,"Data":{"Value":"47.1.2.3"}}]}"#.into());
        if let Some(rules) = rules {
            let count = rules.matches("Phase").count();
            e.put(
                "esa-ListWafRules-SiteId=1",
                format!(r#"{{"TotalCount":{count},"PageNumber":1,"PageSize":500,"Rules":[{rules}]}}"#),
            );
        }
    })
}

#[test]
fn esa_s_own_waf_guards_when_a_managed_rule_refuses() {
    let rule = |action: &str| format!(r#"{{"Id":7,"Phase":"http_managed","Status":"on","Action":"{action}"}}"#);
    assert_eq!(unguarded(&edge(Some(&rule("deny")))), "");
    assert_eq!(unguarded(&edge(Some(&rule("monitor")))), "tcp/80");
    assert_eq!(unguarded(&edge(Some(""))), "tcp/80");
    assert_eq!(unguarded(&edge(None)), " + not-collected");
}

/// A bucket that anyone reads, under a domain of the customer's own that WAF serves.
fn bucket(status: &str, grant: &str) -> String {
    let estate = with(|e| {
        e.put("waf-openapi-DescribeDomains", r#"{"TotalCount":1,"Domains":[{"Domain":"static.shop.example","Status":1,"Cname":"xmpl.yundunwaf3.com","ListenPorts":{"Http":[80],"Https":[]},"Backeds":{"Http":["files.shop.example"],"Https":[]}}]}"#.into());
        for (name, body) in [
            ("oss-ListBuckets", r#"{"IsTruncated":false,"Buckets":{"Bucket":[{"Name":"files","Location":"oss-cn-hangzhou","Region":"cn-hangzhou"}]}}"#.to_owned()),
            ("oss-GetBucketAcl-files", format!(r#"{{"AccessControlPolicy":{{"Owner":{{"ID":"1"}},"AccessControlList":{{"Grant":"{grant}"}}}}}}"#)),
            ("oss-GetBucketPolicy-files", r#"{"Code":"NoSuchBucketPolicy","Message":"x","RequestId":"0A","HostId":"files.oss-cn-hangzhou.aliyuncs.com"}"#.to_owned()),
            ("oss-ListCname-files", format!(r#"{{"ListCnameResult":{{"Bucket":"files","Owner":"1","Cname":[{{"Domain":"static.shop.example","LastModified":"2026-01-01T00:00:00.000Z","Status":"{status}"}}]}}}}"#)),
        ] {
            e.0.push((format!("{name}.json"), body));
        }
    });
    let ways = listed(&one::<waf::Domain>(&estate.read(), "static.shop.example").bypasses);
    let default = ways.split(" case ").any(|way| way.contains("17: ") && way.contains("files"));
    if default { "default domain".into() } else { "none".into() }
}

#[test]
fn a_bucket_under_a_guarded_domain_still_answers_by_its_endpoint() {
    assert_eq!(bucket("Enabled", "public-read"), "default domain");
    assert_eq!(bucket("Disabled", "public-read"), "none");
    assert_eq!(bucket("Enabled", "private"), "none");
}
