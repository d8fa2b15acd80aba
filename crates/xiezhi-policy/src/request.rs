//! One request: who asks for which action on which resource, with which condition keys.

use crate::policy::PrincipalFamily;
use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::fmt;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Caller {
    /// Nobody: an unsigned request.
    Anonymous,
    /// The account itself.
    Root {
        /// Account id.
        account: String,
    },
    /// A RAM user.
    User {
        /// Account id.
        account: String,
        /// User name.
        name: String,
        /// Numeric user id, by which OSS bucket policies name users; `None` when it was not collected.
        id: Option<String>,
    },
    /// A session of a RAM role.
    Role {
        /// Account id.
        account: String,
        /// Role name.
        name: String,
        /// Session name.
        session: String,
    },
    /// A cloud service, in its own right or for another account (`<uid>@log.aliyuncs.com`).
    Service {
        /// Service domain such as `ecs.aliyuncs.com`.
        domain: String,
        /// The account for which it acts, when that is another one.
        for_account: Option<String>,
    },
    /// A subject that an identity provider vouches for.
    Federated {
        /// ARN of the SAML or OIDC provider.
        provider: String,
    },
}

impl Caller {
    /// The account that the caller belongs to.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Caller::Root { account } | Caller::User { account, .. } | Caller::Role { account, .. } => Some(account),
            _ => None,
        }
    }

    /// The value of `acs:PrincipalArn`; role names in lower case, as the console writes them (R-1.20).
    #[must_use]
    pub fn arn(&self) -> Option<String> {
        match self {
            Caller::Root { account } => Some(format!("acs:ram::{account}:root")),
            Caller::User { account, name, .. } => Some(format!("acs:ram::{account}:user/{name}")),
            Caller::Role { account, name, .. } => {
                Some(format!("acs:ram::{account}:role/{}", name.to_ascii_lowercase()))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Caller::Anonymous => f.write_str("anonymous"),
            Caller::Root { account } => write!(f, "acs:ram::{account}:root"),
            Caller::User { account, name, .. } => write!(f, "acs:ram::{account}:user/{name}"),
            Caller::Role { account, name, .. } => write!(f, "acs:ram::{account}:role/{name}"),
            Caller::Service { domain, for_account: None } => f.write_str(domain),
            Caller::Service { domain, for_account: Some(account) } => write!(f, "{account}@{domain}"),
            Caller::Federated { provider } => f.write_str(provider),
        }
    }
}

/// A resource that a request asks for: an ARN cut into its segments, or `*` for actions without resource-level support (R-1.21).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn {
    text: String,
    segments: Option<[String; 4]>,
    /// Relative id in lower case when it names a RAM role, whose name compares without case (R-1.20).
    role: Option<String>,
}

impl Arn {
    /// Cuts a resource at the first four colons (R-1.16).
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut parts = text.splitn(5, ':');
        let segments = match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("acs"), Some(code), Some(region), Some(account), Some(relative)) => {
                Some([code.to_owned(), region.to_owned(), account.to_owned(), relative.to_owned()])
            }
            _ => None,
        };
        let role = segments.as_ref().and_then(|[code, _, _, relative]| {
            let is_role = code == "ram" && relative.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("role/"));
            is_role.then(|| relative.to_ascii_lowercase())
        });
        Arn { text: text.to_owned(), segments, role }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `code, region, account, relative id`, when the text has the ARN form.
    #[must_use]
    pub fn segments(&self) -> Option<&[String; 4]> {
        self.segments.as_ref()
    }

    /// The account segment.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.segments.as_ref().map(|[_, _, account, _]| account.as_str())
    }

    /// The relative id in lower case, when the resource is a RAM role.
    #[must_use]
    pub fn role(&self) -> Option<&str> {
        self.role.as_deref()
    }
}

/// One condition key of a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    name: String,
    folded: String,
    values: Vec<String>,
}

impl Key {
    /// The name as given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name in lower case.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The values; usually one.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.values
    }
}

/// One request. A key that is not given is **absent** from the request (R-1.42, R-1.43); ask the symbolic engine when it is unknown.
///
/// ```
/// use xiezhi_policy::{Caller, Request};
/// let caller = Caller::User { account: "1001".into(), name: "ann".into(), id: None };
/// let request = Request::new(caller, "oss:GetObject", "acs:oss:oss-cn-hangzhou:1001:logs/a.txt")
///     .with_key("acs:SourceIp", "203.0.113.7")
///     .with_key("acs:SecureTransport", "true");
/// assert_eq!(request.key("acs:sourceip").unwrap(), ["203.0.113.7"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Request {
    /// Who asks.
    pub caller: Caller,
    action: String,
    folded_action: String,
    resource: Arn,
    keys: Vec<Key>,
}

impl Request {
    /// A request without condition keys, but for `acs:PrincipalArn`, which follows from the caller.
    #[must_use]
    pub fn new(caller: Caller, action: &str, resource: &str) -> Self {
        let arn = caller.arn();
        let request = Request {
            caller,
            action: action.to_owned(),
            folded_action: action.to_ascii_lowercase(),
            resource: Arn::new(resource),
            keys: Vec::new(),
        };
        match arn {
            Some(arn) => request.with_key("acs:PrincipalArn", &arn),
            None => request,
        }
    }

    /// Sets a key to one value.
    #[must_use]
    pub fn with_key(self, name: &str, value: &str) -> Self {
        self.with_values(name, &[value])
    }

    /// Sets a key to several values.
    #[must_use]
    pub fn with_values(mut self, name: &str, values: &[&str]) -> Self {
        let folded = name.to_ascii_lowercase();
        self.keys.retain(|key| key.folded != folded);
        let key = Key { name: name.to_owned(), folded, values: values.iter().map(|v| (*v).to_owned()).collect() };
        let place = self.keys.partition_point(|k| k.folded < key.folded);
        self.keys.insert(place, key);
        self
    }

    /// Takes a key away.
    #[must_use]
    pub fn without_key(mut self, name: &str) -> Self {
        self.keys.retain(|key| !key.folded.eq_ignore_ascii_case(name));
        self
    }

    /// The same request for another spelling of the action.
    #[must_use]
    pub fn with_action(mut self, action: &str) -> Self {
        self.action = action.to_owned();
        self.folded_action = action.to_ascii_lowercase();
        self
    }

    /// The same request by another caller, with its `acs:PrincipalArn`.
    #[must_use]
    pub fn with_caller(mut self, caller: Caller) -> Self {
        let arn = caller.arn();
        self.caller = caller;
        match arn {
            Some(arn) if self.find_key("acs:principalarn").is_some() => self.with_key("acs:PrincipalArn", &arn),
            _ => self,
        }
    }

    /// The same request on another resource.
    #[must_use]
    pub fn with_resource(mut self, resource: &str) -> Self {
        self.resource = Arn::new(resource);
        self
    }

    /// The action, `code:Name`.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The action in lower case.
    #[must_use]
    pub fn folded_action(&self) -> &str {
        &self.folded_action
    }

    /// The resource.
    #[must_use]
    pub fn resource(&self) -> &Arn {
        &self.resource
    }

    /// All keys, by folded name.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The key of this name without case, with its values.
    #[must_use]
    pub fn find_key(&self, folded: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.folded == folded)
    }

    /// Values of a key, by its name in lower case.
    #[must_use]
    pub fn key(&self, folded: &str) -> Option<&[String]> {
        self.find_key(folded).map(Key::values)
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} calls {} on {}", self.caller, self.action, self.resource.text())?;
        for key in self.keys.iter().filter(|key| key.folded != "acs:principalarn") {
            write!(f, ", {}={}", key.name, key.values.join("|"))?;
        }
        Ok(())
    }
}

impl Serialize for Request {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Request", 4)?;
        out.serialize_field("caller", &self.caller)?;
        out.serialize_field("action", &self.action)?;
        out.serialize_field("resource", self.resource.text())?;
        let keys: std::collections::BTreeMap<&str, &[String]> =
            self.keys.iter().map(|k| (k.name.as_str(), k.values.as_slice())).collect();
        out.serialize_field("keys", &keys)?;
        out.end()
    }
}

/// The parts of a RAM principal: `acs:ram::<account>:<relative>`.
#[must_use]
pub fn ram_principal(text: &str) -> Option<(&str, &str)> {
    if text == "*" {
        return Some(("*", "*"));
    }
    let rest = text.strip_prefix("acs:ram:")?;
    let mut parts = rest.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(_region), Some(account), Some(relative)) => Some((account, relative)),
        _ => None,
    }
}

/// The account that a principal entry names, when it names one exactly.
#[must_use]
pub fn principal_account(family: PrincipalFamily, text: &str) -> Option<&str> {
    let exact = |account: &str| !account.is_empty() && account.bytes().all(|b| b.is_ascii_digit());
    let account = match family {
        PrincipalFamily::Service => text.split_once('@')?.0,
        PrincipalFamily::Bare if exact(text) => text,
        PrincipalFamily::Bare => match ram_principal(text) {
            Some((account, _)) => account,
            None => text.strip_prefix("arn:sts:")?.split(':').nth(1)?,
        },
        _ => ram_principal(text)?.0,
    };
    exact(account).then_some(account)
}
