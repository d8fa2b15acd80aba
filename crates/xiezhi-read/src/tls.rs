//! The TLS policy of a load balancer's listener, whatever the source: one of the platform's by its name, or one of the
//! tenant's own, which is a resource. Never says what a policy allows.

use xiezhi_model::{Fact, Link, Resource, State, Text};

use crate::fields::Fields;
use crate::words::target;

/// How the platform's policies are called. Source: SLB CreateLoadBalancerHTTPSListener `TLSCipherPolicy`; ALB and NLB
/// CreateListener `SecurityPolicyId`.
const PLATFORM: &str = "tls_cipher_policy_";

/// What holds without a choice: the oldest of the platform's. Source: the same pages.
const UNCHOSEN: &str = "tls_cipher_policy_1_0";

/// The tenant's own policy; absent when the policy is one of the platform's, or there is none.
pub(crate) fn own<P: Resource>(f: &Fields<'_>, policy: &Fact<Text>, path: &str) -> Fact<Link<P>> {
    match &policy.state {
        State::Known(name) if name.starts_with(PLATFORM) => f.absent(),
        State::Known(_) => f.link(path),
        State::Absent => f.absent(),
        State::Unknown(reason) => f.unknown(reason.clone()),
    }
}

/// The policy of a listener whose protocol is one of those with TLS, and the tenant's own; `page` says what holds
/// without a choice.
pub(crate) fn of_listener<P: Resource>(
    f: &Fields<'_>,
    path: &str,
    page: &str,
    protocol: &Fact<Text>,
    secure: &[&str],
) -> (Fact<Text>, Fact<Link<P>>) {
    let policy = match &protocol.state {
        State::Known(word) if secure.contains(&word.as_str()) => match f.link::<P>(path) {
            link if link.value().is_some() => target(link),
            _ => f.text_or(path, UNCHOSEN, page),
        },
        State::Known(_) | State::Absent => f.absent(),
        State::Unknown(reason) => f.unknown(reason.clone()),
    };
    let own = own(f, &policy, path);
    (policy, own)
}

#[cfg(test)]
mod tests {
    use xiezhi_model::service::{alb, nlb};

    use super::*;
    use crate::testing::{answers, blocks, only};

    fn said(policy: &Fact<Text>, own: Option<&str>) -> (Option<String>, Option<String>) {
        (policy.value().map(|name| name.to_string()), own.map(str::to_owned))
    }

    #[test]
    fn a_policy_of_the_platform_is_its_name_and_one_of_the_tenant_leads_to_its_versions() {
        let listener = |protocol: &str, policy: &str| {
            let listeners = format!(
                r#"{{"TotalCount":1,"Listeners":[{{"ListenerId":"l","ListenerProtocol":"{protocol}","SecurityPolicyId":"{policy}"}}]}}"#
            );
            let listener = only::<alb::Listener>(&answers(&[("alb:ListListeners", "", &listeners)])).clone();
            said(&listener.security_policy, listener.own_policy.value().map(|link| link.target.as_str()))
        };
        let named = |policy: &str, own: Option<&str>| (Some(policy.to_owned()), own.map(str::to_owned));
        assert_eq!(listener("HTTPS", "tls_cipher_policy_1_2"), named("tls_cipher_policy_1_2", None));
        assert_eq!(listener("HTTPS", ""), named("tls_cipher_policy_1_0", None));
        assert_eq!(listener("QUIC", "spy-1"), named("spy-1", Some("spy-1")));
        assert_eq!(listener("HTTP", "spy-1"), (None, None));
    }

    #[test]
    fn the_versions_of_a_policy_of_the_tenant_are_read_from_every_source() {
        let versions = |list: &Fact<xiezhi_model::List<Text>>| list.value().map(|list| list.items.join(" "));
        let alb =
            r#"{"TotalCount":1,"SecurityPolicies":[{"SecurityPolicyId":"spy-1","TLSVersions":["TLSv1.1","TLSv1.2"]}]}"#;
        let inventory = answers(&[("alb:ListSecurityPolicies", "", alb)]);
        assert_eq!(versions(&only::<alb::TlsPolicy>(&inventory).versions).as_deref(), Some("TLSv1.1 TLSv1.2"));
        let nlb =
            r#"{"TotalCount":1,"SecurityPolicies":[{"SecurityPolicyId":"tls-1","TlsVersion":"TLSv1.2,TLSv1.3"}]}"#;
        let inventory = answers(&[("nlb:ListSecurityPolicy", "", nlb)]);
        assert_eq!(versions(&only::<nlb::TlsPolicy>(&inventory).versions).as_deref(), Some("TLSv1.2 TLSv1.3"));
        let inventory = blocks(&[
            ("alicloud_nlb_security_policy.p", r#"{"security_policy_name":"p","tls_versions":["TLSv1.0"]}"#),
            (
                "alicloud_nlb_listener.l",
                r#"{"listener_protocol":"TCPSSL","listener_port":443,"security_policy_id":{"$ref":"alicloud_nlb_security_policy.p.id"}}"#,
            ),
        ]);
        let policy = only::<nlb::TlsPolicy>(&inventory);
        assert_eq!(versions(&policy.versions).as_deref(), Some("TLSv1.0"));
        let listener = only::<nlb::Listener>(&inventory);
        let link = listener.own_policy.value().map(|link| link.target.as_str());
        assert!(link.is_some_and(|target| target.ends_with("alicloud_nlb_security_policy.p")), "{link:?}");
    }
}
