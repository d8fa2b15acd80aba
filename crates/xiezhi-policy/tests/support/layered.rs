//! Random layers, and requests from their boundaries.

use super::{Dice, policy, policy_text, request};
use xiezhi_policy::{
    Acl, Caller, Gap, Layers, ObjectAcl, OssSide, Policy, PolicyKind, PolicySet, Request, ResourceSide, Tri,
};

pub fn callers() -> Vec<Caller> {
    let mut all = vec![Caller::Anonymous, Caller::Service { domain: "ecs.aliyuncs.com".into(), for_account: None }];
    for account in ["1", "2"] {
        let account = account.to_owned();
        all.push(Caller::Root { account: account.clone() });
        all.push(Caller::User { account: account.clone(), name: "a".into(), id: Some(format!("{account}00")) });
        all.push(Caller::Role { account, name: "Ab".into(), session: "s".into() });
    }
    all
}

pub fn with_principal(dice: &mut Dice, kind: PolicyKind) -> Policy {
    let principal = match kind {
        PolicyKind::Bucket | PolicyKind::AccessPoint | PolicyKind::Project | PolicyKind::Instance => dice.pick(&[
            r#"["*"]"#,
            r#"["1"]"#,
            r#"["2"]"#,
            r#"["100"]"#,
            r#"["arn:sts::1:assumed-role/ab/*"]"#,
            r#"["2","arn:sts::2:assumed-role/*/s"]"#,
        ]),
        PolicyKind::Trust => dice.pick(&[
            r#"{"RAM":["acs:ram::1:root"]}"#,
            r#"{"RAM":["acs:ram::2:role/ab"],"Service":["ecs.aliyuncs.com"]}"#,
            r#"{"RAM":["acs:ram::1:user/A"]}"#,
            r#"{"Service":["fc.aliyuncs.com"]}"#,
        ]),
        _ => dice.pick(&[r#"{"RAM":["acs:ram::1:*"]}"#, r#"{"RAM":["acs:ram::2:role/ab","acs:ram::1:user/a"]}"#]),
    };
    let mut text = policy_text(dice, true).replace(r#"{"Effect""#, &format!(r#"{{"Principal":{principal},"Effect""#));
    if kind == PolicyKind::Trust {
        // Trust policies have no resources.
        let named = text.replace("\"NotResource\"", "\"Resource\"");
        let mut out = String::new();
        let mut rest = named.as_str();
        while let Some(start) = rest.find(",\"Resource\":") {
            out.push_str(&rest[..start]);
            let end = start + rest[start..].find(']').unwrap() + 1;
            rest = &rest[end..];
        }
        out.push_str(rest);
        // They speak of `sts` actions.
        text = out.replace("\"a:", "\"sts:");
    }
    let policy = Policy::parse("resource", kind, &text);
    assert!(policy.problems.iter().all(xiezhi_policy::Problem::is_note), "{text} {:?}", policy.problems);
    policy
}

pub struct Stock {
    pub identity: Vec<Policy>,
    pub resource: Vec<(PolicyKind, Policy)>,
}

pub fn stock(dice: &mut Dice) -> Stock {
    let kinds = [PolicyKind::Bucket, PolicyKind::AccessPoint, PolicyKind::Project, PolicyKind::Key, PolicyKind::Trust];
    Stock {
        identity: (0..8).map(|i| policy(dice, &format!("p{i}"), true)).collect(),
        resource: kinds.iter().map(|kind| (*kind, with_principal(dice, *kind))).collect(),
    }
}

pub fn layers<'a>(dice: &mut Dice, stock: &'a Stock, gaps: bool) -> Layers<'a> {
    let gap = |dice: &mut Dice| if gaps && dice.chance(15) { vec![Gap::new("x", "not collected")] } else { Vec::new() };
    let set = |dice: &mut Dice, most: usize| PolicySet {
        policies: (0..dice.roll(most + 1)).map(|_| &stock.identity[dice.roll(stock.identity.len())]).collect(),
        gaps: gap(dice),
    };
    let resource = |dice: &mut Dice, kind: PolicyKind| PolicySet {
        policies: stock.resource.iter().filter(|(k, _)| *k == kind).map(|(_, p)| p).collect(),
        gaps: gap(dice),
    };
    let mut layers = Layers::identity_only("1", set(dice, 3));
    layers.group_identity = set(dice, 1);
    if dice.chance(40) {
        layers.owner_control = vec![set(dice, 2)];
        layers.caller_control = if dice.chance(50) { layers.owner_control.clone() } else { vec![set(dice, 2)] };
    }
    if dice.chance(25) {
        layers.session = Some(set(dice, 2));
    }
    layers.resource = match dice.roll(6) {
        0 => ResourceSide::Default(resource(dice, PolicyKind::Project)),
        1 => ResourceSide::Key(resource(dice, PolicyKind::Key)),
        2 => ResourceSide::Trust(resource(dice, PolicyKind::Trust)),
        3 | 4 => ResourceSide::Oss(Box::new(OssSide {
            bucket_policy: resource(dice, PolicyKind::Bucket),
            bucket_acl: dice.pick(&[Some(Acl::Private), Some(Acl::PublicRead), Some(Acl::PublicReadWrite)]),
            object_acl: dice.pick(&[
                ObjectAcl::Default,
                ObjectAcl::Default,
                ObjectAcl::Own(Acl::PublicRead),
                ObjectAcl::Own(Acl::Private),
            ]),
            block_public_access: [dice.pick(&[Tri::No, Tri::No, Tri::Yes]), Tri::No, Tri::No, Tri::No],
            access_point: dice.chance(20).then(|| resource(dice, PolicyKind::AccessPoint)),
        })),
        _ => ResourceSide::None,
    };
    layers
}

pub fn aimed(dice: &mut Dice, caller: &Caller) -> Request {
    let request = request(dice).without_key("acs:PrincipalArn");
    let action = if dice.chance(25) {
        dice.pick(&["oss:GetObject", "oss:PutObject"]).to_owned()
    } else if dice.chance(25) {
        format!("sts:{}", request.action().rsplit(':').next().unwrap())
    } else {
        request.action().to_owned()
    };
    // A request by this caller carries the caller's own ARN.
    let fresh = Request::new(caller.clone(), &action, request.resource().text());
    request.keys().iter().fold(fresh, |out, key| {
        let values: Vec<&str> = key.values().iter().map(String::as_str).collect();
        out.with_values(key.name(), &values)
    })
}
