//! Generators of real-shaped policies and estates for the benchmarks, with planted escalation paths.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::fmt::Write as _;
use xiezhi_policy::catalogue;
use xiezhi_policy::estate::{Attachment, Carried, Estate, Host, HostKind, Listing, Role, StoredPolicy, User};
use xiezhi_policy::{Policy, PolicyKind, Tri};

pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).unwrap()
    }
    pub fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
}

const SERVICES: &[&str] =
    &["ecs", "oss", "rds", "vpc", "slb", "log", "kms", "ram", "cs", "fc", "actiontrail", "cms", "alb", "nas", "dds"];

fn names() -> Vec<Vec<&'static str>> {
    SERVICES
        .iter()
        .map(|code| {
            let head = format!("{code}:");
            catalogue::actions().iter().map(|a| a.name).filter(|n| n.starts_with(&head)).collect()
        })
        .collect()
}

/// A policy text as people write them, at most 6,144 characters.
pub fn text(dice: &mut Dice, pool: &[Vec<&'static str>]) -> String {
    let statements = [1, 1, 1, 2, 2, 3, 4, 6, 9, 12][dice.roll(10)];
    let mut out = Vec::new();
    for _ in 0..statements {
        let service = dice.roll(pool.len());
        let count = [1, 1, 2, 3, 5, 8, 14, 25][dice.roll(8)];
        let actions: Vec<String> = (0..count)
            .map(|_| {
                let name = pool[service][dice.roll(pool[service].len())];
                let code = SERVICES[service];
                let pattern = match dice.roll(20) {
                    0 => format!("{code}:*"),
                    1..=5 => format!("{code}:{}*", ["Describe", "List", "Get", "Create", "Delete"][dice.roll(5)]),
                    6 => format!("{code}:*{}", ["Instance", "Tags", "Bucket", "Policy"][dice.roll(4)]),
                    _ => name.to_owned(),
                };
                format!("\"{pattern}\"")
            })
            .collect();
        let resource = match dice.roll(10) {
            0..=5 => "\"*\"".to_owned(),
            _ => {
                let many = 1 + dice.roll(4);
                let list: Vec<String> = (0..many)
                    .map(|_| {
                        let code = SERVICES[service];
                        let item = dice.roll(40);
                        match dice.roll(4) {
                            0 => format!("\"acs:{code}:*:*:res-{item}\""),
                            1 => format!("\"acs:{code}:*:*:res-{item}/*\""),
                            2 => format!("\"acs:{code}:*:1000000000000001:type/{item}*\""),
                            _ => format!("\"acs:{code}:cn-hangzhou:*:type/{item}\""),
                        }
                    })
                    .collect();
                format!("[{}]", list.join(","))
            }
        };
        let effect = if dice.chance(20) { "Deny" } else { "Allow" };
        let mut statement = format!(r#"{{"Effect":"{effect}","Action":[{}],"Resource":{resource}"#, actions.join(","));
        if dice.chance(25) {
            let condition = match dice.roll(5) {
                0 => r#"{"IpAddress":{"acs:SourceIp":["203.0.113.0/24","198.51.100.0/24"]}}"#.to_owned(),
                1 => r#"{"Bool":{"acs:SecureTransport":"true"}}"#.to_owned(),
                2 => r#"{"Bool":{"acs:MFAPresent":"true"}}"#.to_owned(),
                3 => format!(
                    r#"{{"StringEquals":{{"acs:ResourceTag/team":["t{}","t{}"]}}}}"#,
                    dice.roll(6),
                    dice.roll(6)
                ),
                _ => format!(r#"{{"StringLike":{{"oss:Prefix":["home/u{}/*"]}}}}"#, dice.roll(6)),
            };
            let _ = write!(statement, r#","Condition":{condition}"#);
        }
        statement.push('}');
        out.push(statement);
        let length: usize = out.iter().map(String::len).sum();
        if length > 5_900 {
            out.pop();
            break;
        }
    }
    if out.is_empty() {
        out.push(r#"{"Effect":"Allow","Action":"ecs:Describe*","Resource":"*"}"#.to_owned());
    }
    format!(r#"{{"Version":"1","Statement":[{}]}}"#, out.join(","))
}

pub fn corpus(seed: u64, count: usize) -> Vec<Policy> {
    let mut dice = Dice(seed);
    let pool = names();
    (0..count).map(|i| Policy::parse(&format!("p{i}"), PolicyKind::Identity, &text(&mut dice, &pool))).collect()
}

/// The worst that fits into 6,144 characters.
pub fn hostile() -> Vec<Policy> {
    let wild = |f: &dyn Fn(usize) -> String| {
        let mut list = Vec::new();
        let mut length = 100;
        for i in 0.. {
            let item = format!("\"{}\"", f(i));
            length += item.len() + 1;
            if length > 6_100 {
                break;
            }
            list.push(item);
        }
        list.join(",")
    };
    let letter = |i: usize| char::from(b'a' + u8::try_from(i % 26).unwrap());
    let spread = wild(&|i| format!("*:*{}*{}*{}*", letter(i), letter(i / 26), letter(i * 7)));
    let marks = wild(&|i| format!("*{}{}", letter(i), "?".repeat(5 + i % 9)));
    let arns = wild(&|i| format!("acs:*{}*:*{}*:*{}*:*{}*", letter(i), letter(i + 1), letter(i + 2), letter(i + 3)));
    let prefixes = wild(&|i| format!("{}:{}*", letter(i), letter(i / 26)));
    let many = |effect: &str, what: &str, values: &str| match what {
        "a" => format!(r#"{{"Effect":"{effect}","Action":[{values}],"Resource":"*"}}"#),
        _ => format!(r#"{{"Effect":"{effect}","Action":"*","Resource":[{values}]}}"#),
    };
    let single: Vec<String> = (0..60)
        .map(|i| {
            format!(
                r#"{{"Effect":"{}","Action":"*:*{}*","Resource":"acs:*:*{}*:*:*"}}"#,
                if i % 3 == 0 { "Allow" } else { "Deny" },
                letter(i),
                letter(i * 3)
            )
        })
        .collect();
    let texts = [
        many("Allow", "a", &spread),
        many("Allow", "a", &marks),
        many("Allow", "r", &arns),
        many("Deny", "a", &prefixes),
        single.join(","),
    ];
    texts
        .iter()
        .map(|t| Policy::parse("hostile", PolicyKind::Identity, &format!(r#"{{"Version":"1","Statement":[{t}]}}"#)))
        .collect()
}

pub struct Planted {
    pub estate: Estate,
    /// Users that can become administrator, by the number of steps of the planted path.
    pub users: Vec<(usize, usize)>,
}

/// An estate with ordinary policies, and every `every`-th user on a planted path of one to four steps.
pub fn estate(users: usize, roles: usize, hosts: usize, policies: usize, every: usize) -> Planted {
    let mut dice = Dice(0xE57A7E);
    let pool: Vec<Vec<&'static str>> = names();
    let stored = |name: &str, text: &str| StoredPolicy {
        name: name.to_owned(),
        system: false,
        default: Some(Policy::parse(name, PolicyKind::Identity, text)),
        others: Listing::default(),
    };
    let wrap = |statements: &str| format!(r#"{{"Version":"1","Statement":[{statements}]}}"#);
    let mut list = Vec::new();
    while list.len() < policies {
        // Ordinary policies: nothing of ram, nothing that hands over roles or runs code.
        let text = text(&mut dice, &pool);
        let policy = Policy::parse("x", PolicyKind::Identity, &text);
        let risky = ["ram", "ims", "sts", "ecs", "cs", "fc", "fc-open", "eci", "oos", "ros", "ess", "resourcemanager"];
        let actions = || policy.statements.iter().flat_map(|s| &s.action.patterns).map(|p| p.glob.folded());
        let code = |action: &str| action.split(':').next().unwrap().to_owned();
        let harmless = policy.problems.iter().all(xiezhi_policy::Problem::is_note)
            && policy.statements.iter().all(|s| !s.action.negated)
            && actions().all(|a| !code(a).contains(['*', '?']) && !risky.contains(&code(a).as_str()));
        if harmless {
            list.push(stored(&format!("p{}", list.len()), &text));
        }
    }
    let mut made_roles: Vec<Role> = (0..roles)
        .map(|i| Role {
            name: format!("role-{i}"),
            trust: Some(Policy::parse(
                &format!("trust-{i}"),
                PolicyKind::Trust,
                &wrap(r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}"#),
            )),
            policies: Listing::complete(vec![Attachment::custom(&format!("p{}", dice.roll(policies)))]),
            service_linked: false,
        })
        .collect();
    let mut made_users: Vec<User> = (0..users)
        .map(|i| {
            let mut user = User::new(&format!("user-{i}"));
            user.policies.items =
                (0..1 + dice.roll(3)).map(|_| Attachment::custom(&format!("p{}", dice.roll(policies)))).collect();
            user
        })
        .collect();
    let made_hosts: Vec<Host> = (0..hosts)
        .map(|i| Host {
            kind: HostKind::Instance,
            id: format!("i-{i}"),
            has_id: true,
            region: "cn-hangzhou".into(),
            role: if i % 2 == 0 { Carried::Role(format!("role-{}", i % roles)) } else { Carried::None },
            internet: Tri::No,
            metadata_token: Tri::Yes,
        })
        .collect();
    let mut planted = Vec::new();
    for (number, user) in (0..users).step_by(every).enumerate() {
        let steps = 1 + number % 4;
        let role = |k: usize| (number * 8 + k * 2) % roles;
        let mut grant = |name: String, statements: String| {
            list.push(stored(&name, &wrap(&statements)));
            Attachment::custom(&name)
        };
        let attach = r#"{"Effect":"Allow","Action":"ram:AttachPolicyToUser","Resource":"*"}"#.to_owned();
        let to_role = |k: usize| {
            format!(
                r#"{{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"acs:ram::1001:role/role-{}"}}"#,
                role(k)
            )
        };
        let last = r#"{"Effect":"Allow","Action":"resourcemanager:AttachPolicy","Resource":"*"}"#.to_owned();
        if steps == 1 {
            made_users[user].policies.items.push(grant(format!("plant-{number}"), attach));
        } else {
            // user → role → … → the last role grants through Resource Management.
            made_users[user].policies.items.push(grant(format!("plant-{number}"), to_role(1)));
            for k in 1..steps {
                let trusted = if k == 1 { format!("user/user-{user}") } else { format!("role/role-{}", role(k - 1)) };
                made_roles[role(k)].trust = Some(Policy::parse(
                    "trust",
                    PolicyKind::Trust,
                    &wrap(&format!(
                        r#"{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"RAM":["acs:ram::1001:{trusted}"]}}}}"#
                    )),
                ));
                let next = if k + 1 == steps { last.clone() } else { to_role(k + 1) };
                let attachment = grant(format!("plant-{number}-{k}"), next);
                made_roles[role(k)].policies.items.push(attachment);
            }
        }
        planted.push((user, steps));
    }
    let estate = Estate {
        account: "1001".into(),
        users: Listing::complete(made_users),
        roles: Listing::complete(made_roles),
        policies: Listing::complete(list),
        hosts: Listing::complete(made_hosts),
        ..Default::default()
    };
    Planted { estate, users: planted }
}
