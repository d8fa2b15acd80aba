//! OSS access points: how a request through one is judged (R-2.28), and what a request that comes through none lacks.
//!
//! A request through an access point is judged twice, and each policy names it its own way: the access point's policy by
//! `acs:oss:<region>:<account>:accesspoint/<name>/object/<key>`, the bucket policy by the bucket's name, as one that carries the
//! three keys of delegation. Here both are brought to the bucket's names, so that one request can be asked of both.
//! Source: OSS, "Access points", delegate permissions to an access point.

use crate::decide::{Layers, ResourceSide};
use crate::matching::{self, Scope};
use crate::policy::{Condition, Policy, PolicyKind, ResourcePattern, Statement, Test};
use crate::switches::{Reading, Tri};
use crate::symbolic::encode::KeyRule;

const ARN: &str = "oss:dataaccesspointarn";
const ACCOUNT: &str = "oss:dataaccesspointaccount";
const ORIGIN: &str = "oss:accesspointnetworkorigin";

/// An access point, as conditions of the bucket policy see it. What is not known makes such a condition undecided.
#[derive(Debug, Clone, Copy)]
pub struct AccessPoint<'a> {
    /// Its name.
    pub name: &'a str,
    /// The bucket behind it.
    pub bucket: &'a str,
    /// The account that it belongs to.
    pub account: Option<&'a str>,
    /// Its region, `cn-hangzhou`.
    pub region: Option<&'a str>,
    /// `internet` or `vpc`.
    pub network_origin: Option<&'a str>,
}

impl AccessPoint<'_> {
    /// The values of a key of delegation; the documentation writes the region of the ARN with `oss-` before it, and without.
    fn values(&self, key: &str) -> Option<Vec<String>> {
        match key {
            ARN => {
                let (region, account) = (self.region?, self.account?);
                let arn = |prefix: &str| format!("acs:oss:{prefix}{region}:{account}:accesspoint/{}", self.name);
                Some(vec![arn("oss-"), arn("")])
            }
            ACCOUNT => self.account.map(|account| vec![account.to_owned()]),
            _ => self.network_origin.map(|origin| vec![origin.to_owned()]),
        }
    }

    /// The bucket policy as it meets requests through the access point: conditions on the keys of delegation are decided.
    ///
    /// ```
    /// use xiezhi_policy::{Policy, PolicyKind, access_point::AccessPoint};
    /// let text = r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":["*"],"Action":"oss:*","Resource":"*",
    ///   "Condition":{"StringEquals":{"oss:DataAccessPointAccount":"1001"}}}]}"#;
    /// let bucket = Policy::parse("b", PolicyKind::Bucket, text);
    /// let of = |account| AccessPoint { name: "p", bucket: "b", account: Some(account), region: None, network_origin: None };
    /// assert!(of("1001").delegated(&bucket).statements[0].conditions.is_empty());
    /// assert!(of("2002").delegated(&bucket).statements.is_empty());
    /// ```
    #[must_use]
    pub fn delegated(&self, bucket_policy: &Policy) -> Policy {
        let mut policy = bucket_policy.clone();
        policy.statements.retain_mut(|statement| self.decide(statement));
        policy
    }

    /// Takes out what is met of the keys of delegation; whether the statement can match at all.
    fn decide(&self, statement: &mut Statement) -> bool {
        let mut conditions = Vec::with_capacity(statement.conditions.len());
        for condition in &statement.conditions {
            if ![ARN, ACCOUNT, ORIGIN].contains(&condition.folded.as_str()) {
                conditions.push(condition.clone());
                continue;
            }
            let met = match self.values(&condition.folded) {
                Some(values) => values.iter().map(|value| met(condition, value)).fold(Tri::No, Tri::or),
                None => Tri::Maybe,
            };
            match met {
                Tri::Yes => {}
                Tri::No => return false,
                Tri::Maybe => conditions.push(Condition { test: Test::Unreadable, ..condition.clone() }),
            }
        }
        statement.conditions = conditions;
        true
    }

    /// The access point's own policy with the bucket's names for what it names as its own.
    ///
    /// ```
    /// use xiezhi_policy::{Policy, PolicyKind, access_point::AccessPoint};
    /// let text = r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":["2002"],"Action":"oss:GetObject",
    ///   "Resource":"acs:oss:cn-hangzhou:1001:accesspoint/p/object/a/*"}]}"#;
    /// let own = Policy::parse("p", PolicyKind::AccessPoint, text);
    /// let point = AccessPoint { name: "p", bucket: "b", account: None, region: None, network_origin: None };
    /// let seen = point.at_bucket(&own);
    /// assert_eq!(seen.statements[0].resource.patterns[0].whole.text(), "acs:oss:*:1001:b/a/*");
    /// ```
    #[must_use]
    pub fn at_bucket(&self, own: &Policy) -> Policy {
        let mut policy = own.clone();
        for pattern in policy.statements.iter_mut().flat_map(|statement| &mut statement.resource.patterns) {
            let Some([code, _, account, relative]) = &pattern.segments else { continue };
            let Some(rest) = relative.text().strip_prefix("accesspoint/") else { continue };
            let (name, below) = rest.split_once('/').map_or((rest, None), |(name, below)| (name, Some(below)));
            let here = crate::glob::wild(name, self.name);
            let inside = match below {
                _ if !here => continue,
                // A name that ends in a star also stands for what is below it.
                None if name.ends_with('*') => format!("{}*", self.bucket),
                None => self.bucket.to_owned(),
                Some(below) => match below.strip_prefix("object/") {
                    Some(key) => format!("{}/{key}", self.bucket),
                    // `accesspoint/<name>/*` and its like cover every object.
                    None if below.contains('*') => format!("{}/*", self.bucket),
                    None => continue,
                },
            };
            *pattern = ResourcePattern::new(pattern.at, &format!("acs:{}:*:{}:{inside}", code.text(), account.text()));
        }
        policy
    }
}

fn met(condition: &Condition, value: &str) -> Tri {
    let scope = Scope { kind: PolicyKind::Bucket, owner: "", effect: None, reading: Reading::either() };
    let values = [value.to_owned()];
    matching::condition_on(condition, Some((condition.key.as_str(), &values)), &scope)
}

fn absent(values: Option<&[String]>) -> bool {
    values.is_none()
}

/// Requests for a bucket itself carry no key of delegation: a statement that delegates to access points lets nobody in by itself.
pub(crate) fn direct_rules(layers: &Layers<'_>) -> Vec<KeyRule<'static>> {
    static ABSENT: fn(Option<&[String]>) -> bool = absent;
    let ResourceSide::Oss(side) = &layers.resource else { return Vec::new() };
    if side.access_point.is_some() {
        return Vec::new();
    }
    let mut statements = side.bucket_policy.policies.iter().flat_map(|policy| &policy.statements);
    if !statements.any(|one| one.conditions.iter().any(|c| [ARN, ACCOUNT, ORIGIN].contains(&c.folded.as_str()))) {
        return Vec::new();
    }
    [ARN, ACCOUNT, ORIGIN].map(|key| KeyRule { key, cuts: Vec::new(), holds: &ABSENT }).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::Truth;
    use crate::decide::{Acl, ObjectAcl, OssSide, PolicySet};
    use crate::exposure::{self, Surroundings};

    fn bucket(condition: &str) -> Policy {
        let text = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Principal":["*"],"Action":"oss:*","Resource":["acs:oss:*:*:b","acs:oss:*:*:b/*"],
                "Condition":{{{condition}}}}}]}}"#
        );
        let policy = Policy::parse("bucket/b", PolicyKind::Bucket, &text);
        assert!(policy.problems.is_empty(), "{:?}", policy.problems);
        policy
    }

    fn public(bucket: &Policy, point: Option<&Policy>) -> (Truth, Truth) {
        let mut layers = Layers::identity_only("1001", PolicySet::default());
        layers.resource = ResourceSide::Oss(Box::new(OssSide {
            bucket_policy: PolicySet::of(vec![bucket]),
            bucket_acl: Some(Acl::Private),
            object_acl: ObjectAcl::Default,
            block_public_access: [Tri::No; 4],
            access_point: point.map(|policy| PolicySet::of(vec![policy])),
        }));
        let around = Surroundings { owner: "1001", ..Surroundings::default() };
        let found = exposure::analyse(&layers, &around, &["*"], &["*"], &crate::ask::Options::default());
        (found.public, found.external.truth)
    }

    const POINT: AccessPoint<'_> = AccessPoint {
        name: "p",
        bucket: "b",
        account: Some("1001"),
        region: Some("cn-hangzhou"),
        network_origin: Some("internet"),
    };

    fn own(resource: &str) -> Policy {
        let text = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Principal":["*"],"Action":"oss:GetObject","Resource":"{resource}"}}]}}"#
        );
        POINT.at_bucket(&Policy::parse("access-point/p", PolicyKind::AccessPoint, &text))
    }

    #[test]
    fn delegation_opens_no_bucket_by_itself_and_what_is_denied_to_all_but_access_points_stays_denied() {
        let account = r#""StringEquals":{"oss:DataAccessPointAccount":["1001"]}"#;
        assert_eq!(public(&bucket(account), None), (Truth::No, Truth::No));
        // Without the key a negated operator holds (R-1.43): a grant to all but access points is one to the direct request.
        let all_but = r#""StringNotEquals":{"oss:DataAccessPointAccount":["1001"]}"#;
        assert_eq!(public(&bucket(all_but), None), (Truth::Yes, Truth::Yes));
        let point = own("acs:oss:cn-hangzhou:1001:accesspoint/p/object/*");
        assert_eq!(public(&POINT.delegated(&bucket(account)), Some(&point)), (Truth::Yes, Truth::Yes));
        assert_eq!(public(&POINT.delegated(&bucket(all_but)), Some(&point)), (Truth::No, Truth::No));
    }

    #[test]
    fn an_access_point_opens_only_what_the_bucket_delegates_to_it() {
        let point = own("acs:oss:cn-hangzhou:1001:accesspoint/p/object/*");
        let through = |condition: &str| public(&POINT.delegated(&bucket(condition)), Some(&point)).0;
        let arn = |text: &str| format!(r#""StringEquals":{{"oss:DataAccessPointArn":["{text}"]}}"#);
        assert_eq!(through(&arn("acs:oss:oss-cn-hangzhou:1001:accesspoint/p")), Truth::Yes);
        assert_eq!(through(&arn("acs:oss:cn-hangzhou:1001:accesspoint/p")), Truth::Yes);
        assert_eq!(through(&arn("acs:oss:oss-cn-hangzhou:1001:accesspoint/q")), Truth::No);
        assert_eq!(through(r#""StringEquals":{"oss:AccessPointNetworkOrigin":["vpc"]}"#), Truth::No);
        let nameless = AccessPoint { region: None, ..POINT };
        let open = bucket(&arn("acs:oss:oss-cn-hangzhou:1001:accesspoint/p"));
        assert_eq!(public(&nameless.delegated(&open), Some(&point)).0, Truth::Unknown, "the region is part of the ARN");
    }

    #[test]
    fn every_spelling_of_an_access_point_comes_to_the_bucket_and_another_access_point_does_not() {
        let seen = |resource: &str| own(resource).statements[0].resource.patterns[0].whole.text().to_owned();
        assert_eq!(seen("acs:oss:cn-hangzhou:1001:accesspoint/p"), "acs:oss:*:1001:b");
        assert_eq!(seen("acs:oss:cn-hangzhou:1001:accesspoint/p/object/a/*"), "acs:oss:*:1001:b/a/*");
        assert_eq!(seen("acs:oss:cn-hangzhou:1001:accesspoint/p/*"), "acs:oss:*:1001:b/*");
        assert_eq!(seen("acs:oss:*:*:accesspoint/*"), "acs:oss:*:*:b*");
        assert_eq!(seen("acs:oss:*:*:accesspoint/q/object/*"), "acs:oss:*:*:accesspoint/q/object/*");
        assert_eq!(seen("*"), "*");
    }
}
