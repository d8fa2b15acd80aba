//! Region ids, to know one in a file name.
//!
//! Source: terraform-provider-alicloud `alicloud/connectivity/regions.go`, aliyun-openapi-meta `products.json`, and the
//! regions page of OSS; as of 2026-11-23.

/// Every region id that was seen, in order.
const REGIONS: &[&str] = &[
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ap-southeast-8",
    "cn-beijing",
    "cn-beijing-finance-1",
    "cn-beijing-finance-1-pub",
    "cn-chengdu",
    "cn-fuzhou",
    "cn-guangzhou",
    "cn-haidian-cm12-c01",
    "cn-hangzhou",
    "cn-hangzhou-dg-a01",
    "cn-hangzhou-finance",
    "cn-heyuan",
    "cn-heyuan-acdr-1",
    "cn-hongkong",
    "cn-huhehaote",
    "cn-hzfinance",
    "cn-hzjbp",
    "cn-nanjing",
    "cn-north-2-gov-1",
    "cn-qingdao",
    "cn-shanghai",
    "cn-shanghai-cloudspe",
    "cn-shanghai-finance-1",
    "cn-shanghai-finance-1-pub",
    "cn-shenzhen",
    "cn-shenzhen-finance",
    "cn-shenzhen-finance-1",
    "cn-szfinance",
    "cn-wuhan-lr",
    "cn-wulanchabu",
    "cn-wulanchabu-acdr-1",
    "cn-wulanchabu-gic-1",
    "cn-zhangjiakou",
    "cn-zhangjiakou-spe",
    "cn-zhengzhou-jva",
    "cn-zhongwei",
    "eu-central-1",
    "eu-west-1",
    "me-central-1",
    "me-east-1",
    "na-south-1",
    "rg-china-mainland",
    "rus-west-1",
    "us-east-1",
    "us-southeast-1",
    "us-west-1",
];

/// Whether that is a region id.
pub fn is_region(id: &str) -> bool {
    REGIONS.binary_search(&id).is_ok()
}

/// A region id at the start of a name, and what follows it after a separator. The longest id wins.
pub fn split_region(name: &str) -> Option<(&str, &str)> {
    REGIONS
        .iter()
        .filter_map(|region| {
            let rest = name.strip_prefix(region)?;
            let after = rest.strip_prefix(['-', '_', '.']).unwrap_or(rest);
            (rest.is_empty() || after.len() < rest.len()).then_some((*region, after))
        })
        .max_by_key(|(region, _)| region.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_region_id_is_taken() {
        assert_eq!(split_region("cn-hangzhou"), Some(("cn-hangzhou", "")));
        assert_eq!(split_region("cn-hangzhou-i-1"), Some(("cn-hangzhou", "i-1")));
        assert_eq!(split_region("cn-shanghai-finance-1-x"), Some(("cn-shanghai-finance-1", "x")));
        assert_eq!(split_region("cn-hangzhouer"), None);
        assert!(REGIONS.is_sorted());
    }
}
