//! The calls that this program may make, from `apis/<product>.toml`: the live collector can express no other.
//!
//! Readers take from here how an answer is paged and which RAM action a refused call wants; `xiezhi list calls` and
//! "which call would settle this" print it.

use std::sync::LazyLock;

use serde::Deserialize;
use xiezhi_model::Text;

/// The files of `apis/`, in order of name; a test holds this list against the folder.
const FILES: &[(&str, &str)] = &[
    ("actiontrail", include_str!("../../../apis/actiontrail.toml")),
    ("adb", include_str!("../../../apis/adb.toml")),
    ("alb", include_str!("../../../apis/alb.toml")),
    ("alidns", include_str!("../../../apis/alidns.toml")),
    ("alikafka", include_str!("../../../apis/alikafka.toml")),
    ("antiddos-public", include_str!("../../../apis/antiddos-public.toml")),
    ("apig", include_str!("../../../apis/apig.toml")),
    ("cas", include_str!("../../../apis/cas.toml")),
    ("cbn", include_str!("../../../apis/cbn.toml")),
    ("cdn", include_str!("../../../apis/cdn.toml")),
    ("clickhouse", include_str!("../../../apis/clickhouse.toml")),
    ("cloudapi", include_str!("../../../apis/cloudapi.toml")),
    ("cloudfw", include_str!("../../../apis/cloudfw.toml")),
    ("cloudsso", include_str!("../../../apis/cloudsso.toml")),
    ("cms", include_str!("../../../apis/cms.toml")),
    ("config", include_str!("../../../apis/config.toml")),
    ("cr", include_str!("../../../apis/cr.toml")),
    ("cs", include_str!("../../../apis/cs.toml")),
    ("das", include_str!("../../../apis/das.toml")),
    ("dcdn", include_str!("../../../apis/dcdn.toml")),
    ("ddosbgp", include_str!("../../../apis/ddosbgp.toml")),
    ("ddoscoo", include_str!("../../../apis/ddoscoo.toml")),
    ("dds", include_str!("../../../apis/dds.toml")),
    ("dms-enterprise", include_str!("../../../apis/dms-enterprise.toml")),
    ("dts", include_str!("../../../apis/dts.toml")),
    ("eas", include_str!("../../../apis/eas.toml")),
    ("eci", include_str!("../../../apis/eci.toml")),
    ("ecs", include_str!("../../../apis/ecs.toml")),
    ("elasticsearch", include_str!("../../../apis/elasticsearch.toml")),
    ("emr", include_str!("../../../apis/emr.toml")),
    ("ens", include_str!("../../../apis/ens.toml")),
    ("esa", include_str!("../../../apis/esa.toml")),
    ("ess", include_str!("../../../apis/ess.toml")),
    ("fc", include_str!("../../../apis/fc.toml")),
    ("fc-open", include_str!("../../../apis/fc-open.toml")),
    ("foasconsole", include_str!("../../../apis/foasconsole.toml")),
    ("ga", include_str!("../../../apis/ga.toml")),
    ("governance", include_str!("../../../apis/governance.toml")),
    ("gpdb", include_str!("../../../apis/gpdb.toml")),
    ("gwlb", include_str!("../../../apis/gwlb.toml")),
    ("hbase", include_str!("../../../apis/hbase.toml")),
    ("hbr", include_str!("../../../apis/hbr.toml")),
    ("hitsdb", include_str!("../../../apis/hitsdb.toml")),
    ("hologram", include_str!("../../../apis/hologram.toml")),
    ("ims", include_str!("../../../apis/ims.toml")),
    ("kms", include_str!("../../../apis/kms.toml")),
    ("maxcompute", include_str!("../../../apis/maxcompute.toml")),
    ("mns-open", include_str!("../../../apis/mns-open.toml")),
    ("mse", include_str!("../../../apis/mse.toml")),
    ("nas", include_str!("../../../apis/nas.toml")),
    ("nlb", include_str!("../../../apis/nlb.toml")),
    ("oceanbasepro", include_str!("../../../apis/oceanbasepro.toml")),
    ("oss", include_str!("../../../apis/oss.toml")),
    ("ots", include_str!("../../../apis/ots.toml")),
    ("polardb", include_str!("../../../apis/polardb.toml")),
    ("polardbx", include_str!("../../../apis/polardbx.toml")),
    ("privatelink", include_str!("../../../apis/privatelink.toml")),
    ("quotas", include_str!("../../../apis/quotas.toml")),
    ("r-kvstore", include_str!("../../../apis/r-kvstore.toml")),
    ("ram", include_str!("../../../apis/ram.toml")),
    ("rds", include_str!("../../../apis/rds.toml")),
    ("resourcecenter", include_str!("../../../apis/resourcecenter.toml")),
    ("resourcedirectorymaster", include_str!("../../../apis/resourcedirectorymaster.toml")),
    ("resourcemanager", include_str!("../../../apis/resourcemanager.toml")),
    ("resourcesharing", include_str!("../../../apis/resourcesharing.toml")),
    ("rocketmq", include_str!("../../../apis/rocketmq.toml")),
    ("ros", include_str!("../../../apis/ros.toml")),
    ("sae", include_str!("../../../apis/sae.toml")),
    ("sas", include_str!("../../../apis/sas.toml")),
    ("sddp", include_str!("../../../apis/sddp.toml")),
    ("sgw", include_str!("../../../apis/sgw.toml")),
    ("slb", include_str!("../../../apis/slb.toml")),
    ("sls", include_str!("../../../apis/sls.toml")),
    ("sts", include_str!("../../../apis/sts.toml")),
    ("tablestore", include_str!("../../../apis/tablestore.toml")),
    ("vpc", include_str!("../../../apis/vpc.toml")),
    ("vpcpeer", include_str!("../../../apis/vpcpeer.toml")),
    ("waf-openapi", include_str!("../../../apis/waf-openapi.toml")),
    ("yundun-bastionhost", include_str!("../../../apis/yundun-bastionhost.toml")),
];

/// One product's file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductFile {
    product: Text,
    version: Text,
    endpoint: Text,
    call: Vec<ApiCall>,
}

/// One read call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiCall {
    /// The product code: `ecs`.
    #[serde(default)]
    pub product: Text,
    /// The API version of the product: `2014-05-26`.
    #[serde(default)]
    pub version: Text,
    /// The host, with the places where a region goes; alternatives are separated by `|`.
    #[serde(default)]
    pub endpoint: Text,
    /// The operation: `DescribeInstances`.
    pub action: Text,
    /// When it is called: `core`, `fallback` (when the bulk call that replaces it is refused), `extended`, or
    /// `sensitive` (its answer may carry user data; only when asked for).
    pub tier: Tier,
    /// The signature and shape of the request: `RPC`, `ROA`, `OSS REST (XML)`, `SLS REST (JSON)`.
    pub style: Text,
    /// The HTTP method.
    #[serde(default = "post")]
    pub method: Text,
    /// The path.
    #[serde(default = "root")]
    pub path: Text,
    /// Where it is asked: `regional`, `global`, `two-centres`, `bucket region`, `one-region`, `account`.
    pub scope: Text,
    /// How often it is asked: once per region, per bucket, per user …
    pub asked: Text,
    /// How its answer is paged.
    pub paging: Paging,
    /// The request fields of paging and what ends it.
    #[serde(default)]
    pub page_params: Text,
    /// The largest page, where documented.
    #[serde(default)]
    pub page_size_max: Option<u32>,
    /// The path of the list in the answer, in words where it is not one path.
    pub list: Text,
    /// The RAM action that the caller needs.
    #[serde(default)]
    pub ram_action: Text,
    /// Whether the vendor's documentation spells that RAM action so; else it follows the usual pattern.
    #[serde(default)]
    pub confirmed: bool,
    /// The documented limit, calls per seconds; empty when it is only shown in Quota Center.
    #[serde(default)]
    pub rate_limit: Text,
    /// The items of the twelve-item checklist that it gives evidence to.
    #[serde(default)]
    pub items: Vec<u8>,
    /// What to know about it.
    #[serde(default)]
    pub note: Text,
}

/// When a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// The default collection.
    Core,
    /// Only when the bulk call that replaces it is refused.
    Fallback,
    /// Deeper detail and neighbouring products.
    Extended,
    /// May carry user data; only when asked for, and only conclusions are kept.
    Sensitive,
}

/// How the answer of a call is paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paging {
    /// Everything at once.
    None,
    /// Page numbers and a total.
    Page,
    /// A token that is empty at the end.
    Token,
    /// A marker and `IsTruncated`.
    Marker,
    /// An offset and a total.
    Offset,
}

impl ApiCall {
    /// Whether one answer speaks of one region only.
    pub fn is_regional(&self) -> bool {
        self.scope == "regional" && !self.asked.starts_with("account")
    }

    /// Whether it is asked for one thing at a time, which the request names: per bucket, per user.
    pub fn is_detail(&self) -> bool {
        self.asked.starts_with("per ")
    }

    /// The call as reasons name it: `ecs:DescribeInstances`.
    pub fn name(&self) -> String {
        format!("{}:{}", self.product, self.action)
    }
}

fn post() -> Text {
    "POST".into()
}

fn root() -> Text {
    "/".into()
}

/// Every call, by product and action.
pub fn all() -> &'static [ApiCall] {
    static ALL: LazyLock<Vec<ApiCall>> = LazyLock::new(|| {
        // A file that does not parse is caught by the test below, not in front of the user.
        let mut calls: Vec<ApiCall> =
            FILES.iter().filter_map(|(_, text)| toml::from_str(text).ok()).flat_map(calls_of).collect();
        calls.sort_by(|a, b| (&a.product, &a.action, &a.version).cmp(&(&b.product, &b.action, &b.version)));
        calls
    });
    &ALL
}

fn calls_of(file: ProductFile) -> Vec<ApiCall> {
    let fill = |mut call: ApiCall| {
        call.product = file.product.clone();
        if call.version.is_empty() {
            call.version = file.version.clone();
        }
        if call.endpoint.is_empty() {
            call.endpoint = file.endpoint.clone();
        }
        call
    };
    file.call.into_iter().map(fill).collect()
}

/// The call with that product and action, by the product's newest version; letter case is ignored.
pub fn find(product: &str, action: &str) -> Option<&'static ApiCall> {
    all().iter().rfind(|call| call.product.eq_ignore_ascii_case(product) && call.action.eq_ignore_ascii_case(action))
}

/// The names under which people and the `aliyun` program also know a product.
/// Source: reference live-collection, section 3.1 (RAM codes), and the product list of aliyun-openapi-meta.
const ALIASES: &[(&str, &str)] = &[
    ("aegis", "sas"),
    ("yundun-sas", "sas"),
    ("apigateway", "cloudapi"),
    ("cen", "cbn"),
    ("cloudfirewall", "cloudfw"),
    ("yundun-cloudfirewall", "cloudfw"),
    ("kvstore", "r-kvstore"),
    ("redis", "r-kvstore"),
    ("log", "sls"),
    ("mongodb", "dds"),
    ("resourcedirectory", "resourcedirectorymaster"),
    ("resource-directory", "resourcedirectorymaster"),
    ("waf", "waf-openapi"),
    ("bastionhost", "yundun-bastionhost"),
    ("clb", "slb"),
    ("ack", "cs"),
    ("acr", "cr"),
];

/// The product code of a name, in lower case.
pub fn product(name: &str) -> String {
    let lower = name.to_ascii_lowercase().replace('_', "-");
    match ALIASES.iter().find(|(alias, _)| *alias == lower) {
        Some((_, product)) => (*product).to_owned(),
        None => lower,
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_registered_and_parses() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../apis");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".toml").map(str::to_owned))
            .collect();
        names.sort();
        assert_eq!(names, FILES.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
        for (name, text) in FILES {
            let file: ProductFile = toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(file.product, *name);
        }
        assert!(all().len() > 400);
    }

    #[test]
    fn every_action_is_a_read() {
        // The report that `GenerateCredentialReport` starts changes nothing: the vendor's own read-only policies allow it.
        let named = ["GenerateCredentialReport"];
        for call in all() {
            let read = ["Get", "List", "Describe", "Query", "Check", "Lookup", "Search"]
                .iter()
                .any(|verb| call.action.starts_with(verb));
            assert!(read || named.contains(&call.action.as_str()), "{} is not a read", call.name());
        }
    }

    #[test]
    fn every_call_that_an_adapter_reads_is_listed() {
        let missing: Vec<String> = crate::api::CALLS
            .iter()
            .flat_map(|calls| calls.iter())
            .filter(|call| find(call.product, call.action).is_none())
            .map(|call| format!("{}:{}", call.product, call.action))
            .collect();
        assert!(missing.is_empty(), "add to apis/<product>.toml: {missing:?}");
    }

    #[test]
    fn a_call_is_found_whatever_its_spelling() {
        let call = find("ECS", "describeinstances").unwrap();
        assert_eq!(call.name(), "ecs:DescribeInstances");
        assert_eq!((call.paging, call.list.as_str()), (Paging::Token, "Instances.Instance"));
        assert_eq!(product("Redis"), "r-kvstore");
    }

    #[test]
    fn every_call_names_its_ram_action() {
        for call in all() {
            assert!(call.ram_action.contains(':'), "{}", call.name());
        }
    }
}
